-- roll_up_gaps: add what finer rows lack of the recounted days to the usage rollup, without names.
-- Credits that only hours have go to the team's days whose hours have more, the earlier first; those of days go to their day.

INSERT INTO usage_rollup
WITH gaps AS (
    SELECT grain, card, environment, utc_day, actions, credits
    FROM grain_gaps
    WHERE NOT is_whole
),
pieces AS (
    SELECT
        g.card, g.environment, g.utc_day, d.day, g.actions, g.credits,
        greatest(sum(CASE WHEN d.grain = 'hour' THEN d.credits ELSE -d.credits END), 0) AS more
    FROM gaps AS g
    JOIN grain_days AS d
        ON d.card = g.card AND d.utc_day = g.utc_day AND d.grain IN ('event', 'hour')
        AND (g.environment = 'unknown' OR d.environment = g.environment OR (d.environment = 'unknown' AND d.grain = 'event'))
    WHERE g.grain = 'hour'
    GROUP BY g.card, g.environment, g.utc_day, d.day, g.actions, g.credits
    HAVING count(*) FILTER (d.grain = 'hour') > 0
),
running AS (
    SELECT
        *,
        least(coalesce(sum(more) OVER (earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), credits) AS credits_from,
        CASE
            WHEN row_number() OVER (PARTITION BY card, environment, utc_day ORDER BY day DESC) = 1 THEN credits
            ELSE least(sum(more) OVER (earlier ROWS UNBOUNDED PRECEDING), credits)
        END AS credits_to
    FROM pieces
    WINDOW earlier AS (PARTITION BY card, environment, utc_day ORDER BY day)
),
each_gap AS (
    SELECT
        'hour gap' AS grain, day, card, environment,
        CASE
            WHEN row_number() OVER (PARTITION BY card, environment, utc_day ORDER BY credits_to - credits_from DESC, day) = 1
                THEN actions
            ELSE 0
        END AS actions,
        credits_to - credits_from AS credits
    FROM running
    UNION ALL
    SELECT 'day gap' AS grain, utc_day AS day, card, environment, actions, credits
    FROM gaps
    WHERE grain = 'day'
)
SELECT
    grain, true AS is_finest, day, card, environment, '' AS org, '' AS paying_org, '' AS usage_type, '' AS agent, '' AS action,
    '' AS department, '' AS use_case, count(*) AS row_count, sum(actions) AS actions, sum(credits) AS credits, 0, 0, 0
FROM each_gap
WHERE credits > 0 AND day IN (SELECT day FROM recounted_days)
GROUP BY grain, day, card, environment
ORDER BY grain, day, card, environment
