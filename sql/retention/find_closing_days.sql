-- find_closing_days: the days before another whose events or sessions are to be folded, and the sums of their rows.
--
-- in    $before  DATE  the first day that stays open

INSERT INTO closing_days
SELECT table_name, day, sum(amount) AS amount
FROM (
    SELECT 'usage_events' AS table_name, day, credits AS amount FROM usage_events
    UNION ALL SELECT 'usage_events' AS table_name, day, 0 AS amount FROM superseded_usage_events
    UNION ALL SELECT 'ai_usage' AS table_name, day, quantity AS amount FROM ai_usage
    UNION ALL SELECT 'ai_usage' AS table_name, day, 0 AS amount FROM superseded_ai_usage
)
WHERE day < $before
GROUP BY table_name, day
