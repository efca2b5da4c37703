-- replaced_days_of: the days for which an import is authoritative.
--
-- in    $import_id       INTEGER  which
-- out   first_day        DATE     the first day
-- out   day_after_last   DATE     the day after the last
-- out   agent            VARCHAR  in plain letters; empty for all

SELECT DISTINCT first_day, day_after_last, agent
FROM replaced_days
WHERE import_id = $import_id
ORDER BY first_day, day_after_last, agent
