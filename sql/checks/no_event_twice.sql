-- no_event_twice: ids among the latest events that the wallet has more than once.
-- Numbers are grouped in half the time of texts. Before a first import is committed DuckDB takes the table to be empty, and without
-- coalesce would hash all of its ids to look for those few.
--
-- in    $newest_import  INTEGER  the import that delivered last
-- in    $has_others     BOOLEAN  whether other imports delivered events before
-- out   id              VARCHAR  the wallet's id, or the hash that stands for it
-- out   row_count       BIGINT   how often it occurs

SELECT id, count(*) AS row_count
FROM usage_events
WHERE
    import_id = $newest_import
    AND coalesce(hash(id) IN (
        SELECT hash(id)
        FROM usage_events
        WHERE import_id = $newest_import
        GROUP BY hash(id)
        HAVING count(*) > 1
    ), false)
GROUP BY id
HAVING count(*) > 1
UNION ALL
SELECT id, 1 + count(*) AS row_count
FROM usage_events
WHERE
    $has_others
    AND import_id <> $newest_import
    AND id IN (SELECT id FROM usage_events WHERE import_id = $newest_import)
GROUP BY id
ORDER BY id
