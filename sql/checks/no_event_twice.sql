-- no_event_twice: ids among the latest events that the wallet has more than once.
--
-- out   id         VARCHAR  the wallet's id, or the hash that stands for it
-- out   row_count  BIGINT   how often it occurs

WITH newest AS (
    SELECT max_by(import_id, version_after_last) AS import_id, min(import_id) < max(import_id) AS is_after_others
    FROM deliveries
    WHERE table_name = 'usage_events'
)
SELECT id, count(*) AS row_count
FROM usage_events
WHERE import_id IN (SELECT import_id FROM newest)
GROUP BY id
HAVING count(*) > 1
UNION ALL
SELECT id, 1 + count(*) AS row_count
FROM usage_events
WHERE
    import_id IN (SELECT import_id FROM imports WHERE import_id NOT IN (SELECT import_id FROM newest))
    AND id IN (SELECT id FROM usage_events WHERE import_id IN (SELECT import_id FROM newest WHERE is_after_others))
GROUP BY id
ORDER BY id
