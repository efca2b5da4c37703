-- imports_of_replaced_days: other imports whose usage rows count around the days for which an import is to be authoritative.
--
-- in    $import_id  INTEGER  which
-- out   import_id   INTEGER  the other
-- out   file_name   VARCHAR  its name as delivered

WITH held AS (
    SELECT DISTINCT import_id, day FROM usage_events
    UNION
    SELECT DISTINCT import_id, day FROM usage_hours
    UNION
    SELECT DISTINCT import_id, day FROM usage_days
)
SELECT DISTINCT i.import_id, i.file_name
FROM held AS h
JOIN replaced_days AS r ON r.import_id = $import_id AND h.day >= r.first_day - 1 AND h.day <= r.day_after_last
JOIN imports AS i ON i.import_id = h.import_id
WHERE h.import_id <> $import_id
ORDER BY i.import_id
