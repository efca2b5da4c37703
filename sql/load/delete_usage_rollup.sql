-- delete_usage_rollup: take the touched days out of the usage rollup, of every grain.

DELETE FROM usage_rollup
WHERE day IN (SELECT day FROM touched_days)
