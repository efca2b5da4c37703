-- delete_user_rollup: remove the touched days from the user rollup.

DELETE FROM user_rollup
WHERE day IN (SELECT day FROM touched_days)
