-- delete_grain_gaps: remove the compared days from what the finer rows lack.

DELETE FROM grain_gaps
WHERE utc_day IN (SELECT utc_day FROM compared_days)
