-- delete_usage_rollup: remove the touched days from the usage rollup, and all but the events from the other recounted days.

DELETE FROM usage_rollup
WHERE day IN (SELECT day FROM touched_days) OR (grain <> 'event' AND day IN (SELECT day FROM recounted_days))
