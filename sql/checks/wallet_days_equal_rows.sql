-- wallet_days_equal_rows: days on which the value for comparing grains differs from the sum of the rows.
--
-- out   grain        VARCHAR        event, hour or day
-- out   day          DATE           the team's day with a difference
-- out   row_credits  DECIMAL(38,6)  the value in the rollup of the rows
-- out   credits      DECIMAL(38,6)  the value used in comparisons

WITH rolled AS (
    SELECT grain, day, sum(credits) AS credits FROM usage_rollup WHERE grain IN ('event', 'hour', 'day') GROUP BY grain, day
),
compared AS (
    SELECT grain, day, sum(credits) AS credits FROM grain_days GROUP BY grain, day
)
SELECT
    coalesce(r.grain, c.grain) AS grain, coalesce(r.day, c.day) AS day,
    CAST(coalesce(r.credits, 0) AS DECIMAL(38,6)) AS row_credits, CAST(coalesce(c.credits, 0) AS DECIMAL(38,6)) AS credits
FROM rolled AS r
FULL JOIN compared AS c ON c.grain = r.grain AND c.day = r.day
WHERE r.credits IS DISTINCT FROM c.credits
ORDER BY grain, day
