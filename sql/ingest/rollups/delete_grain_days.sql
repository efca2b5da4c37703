-- delete_grain_days: take the touched days out of what each grain's rows come to.

DELETE FROM grain_days
WHERE day IN (SELECT day FROM touched_days)
