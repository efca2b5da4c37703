-- delete_usage_rollup: take the touched days out of the usage rollup, and of the other recounted days all but the events.

DELETE FROM usage_rollup
WHERE day IN (SELECT day FROM touched_days) OR (grain <> 'event' AND day IN (SELECT day FROM recounted_days))
