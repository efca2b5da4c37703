-- no_row_twice: ids that occur more than once in a table other than that of the events.
--
-- out   table_name  VARCHAR  its id
-- out   id          VARCHAR  which
-- out   row_count   BIGINT   how often

SELECT table_name, id, count(*) AS row_count
FROM (
    SELECT 'usage_hours' AS table_name, id FROM usage_hours
    UNION ALL SELECT 'usage_days' AS table_name, id FROM usage_days
    UNION ALL SELECT 'entitlements' AS table_name, id FROM entitlements
    UNION ALL SELECT 'ai_usage' AS table_name, id FROM ai_usage
    UNION ALL SELECT 'balance_snapshots' AS table_name, id FROM balance_snapshots
)
GROUP BY table_name, id
HAVING count(*) > 1
ORDER BY table_name, id
