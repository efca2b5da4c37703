-- no_event_twice: ids among the events of the newest import that the wallet holds more than once.
--
-- out   id         VARCHAR  the wallet's id, or the hash that stands for it
-- out   row_count  BIGINT   how often it is there

SELECT id, count(*) AS row_count
FROM usage_events
WHERE id IN (SELECT id FROM usage_events WHERE import_id = (SELECT max(import_id) FROM imports))
GROUP BY id
HAVING count(*) > 1
ORDER BY id
