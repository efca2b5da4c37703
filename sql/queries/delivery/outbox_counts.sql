-- outbox_counts: how many messages are pending, delivered, given up or withdrawn.
--
-- out   state     VARCHAR  waiting, delivered, failed or withdrawn
-- out   messages  BIGINT   messages in that state

SELECT
    CASE
        WHEN delivered_at IS NOT NULL THEN 'delivered'
        WHEN failed_at IS NOT NULL THEN 'failed'
        WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
        ELSE 'waiting'
    END AS state,
    count(*) AS messages
FROM outbox
GROUP BY ALL
ORDER BY state
