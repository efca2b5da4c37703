-- rejects_before: rejected rows of imports before an instant that still have their text.
--
-- in    $before    TIMESTAMP  when, UTC
-- out   import_id  INTEGER    which import
-- out   line       BIGINT     its line

SELECT DISTINCT r.import_id, r.line
FROM rejects AS r
JOIN imports AS i ON i.import_id = r.import_id
WHERE i.imported_at < $before AND (r.original_text <> '' OR r.cells IS NOT NULL)
ORDER BY r.import_id, r.line
