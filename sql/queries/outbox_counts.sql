-- outbox_counts: how many messages are on their way, delivered or given up.
--
-- out   state     VARCHAR  waiting, delivered or failed
-- out   messages  BIGINT   messages in that state

SELECT
    CASE WHEN delivered_at IS NOT NULL THEN 'delivered' WHEN failed_at IS NOT NULL THEN 'failed' ELSE 'waiting' END AS state,
    count(*) AS messages
FROM outbox
GROUP BY ALL
ORDER BY state
