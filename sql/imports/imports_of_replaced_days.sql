-- imports_of_replaced_days: other imports whose rows of use count around the days that an import is to be the truth for.
--
-- in    $import_id  INTEGER  which
-- out   import_id   INTEGER  the other
-- out   file_name   VARCHAR  as it was delivered

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
