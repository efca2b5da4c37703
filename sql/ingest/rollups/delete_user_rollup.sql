-- delete_user_rollup: take the touched days out of the user rollup.

DELETE FROM user_rollup
WHERE day IN (SELECT day FROM touched_days)
