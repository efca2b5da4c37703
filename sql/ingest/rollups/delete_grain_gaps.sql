-- delete_grain_gaps: take the compared days out of what finer rows lack.

DELETE FROM grain_gaps
WHERE utc_day IN (SELECT utc_day FROM compared_days)
