-- rejects_before: imports before an instant whose rejected rows still have their text.
--
-- in    $before    TIMESTAMP  when, UTC
-- out   import_id  INTEGER    which import
-- out   row_count  BIGINT     how many rows

SELECT r.import_id, count(*) AS row_count
FROM rejects AS r
JOIN imports AS i ON i.import_id = r.import_id
WHERE i.imported_at < $before AND (r.original_text <> '' OR r.cells IS NOT NULL)
GROUP BY r.import_id
ORDER BY r.import_id
