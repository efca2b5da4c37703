-- delete_grain_days: remove the touched days from the sums of each grain's rows.

DELETE FROM grain_days
WHERE day IN (SELECT day FROM touched_days)
