-- roll_up_days: add the recounted days of the daily rows to the usage rollup; they count if nothing finer covers their day.
-- Levels (MAX) are left out.
--
-- in    $default_card  VARCHAR  card of rows that name none

INSERT INTO usage_rollup
WITH summed AS (
    SELECT
        day, coalesce(c.card, replace(coalesce(u.card_definition, $default_card), ' ', '')) AS card,
        CASE
            WHEN lower(trim(environment)) IN ('production', 'prod') THEN 'production'
            WHEN lower(trim(environment)) = 'sandbox' THEN 'sandbox'
            ELSE 'unknown'
        END AS environment,
        coalesce(usage_type, '') AS usage_type, count(*) AS row_count,
        sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN coalesce(usage_value, 0) ELSE 0 END) AS actions,
        sum(credits) AS credits
    FROM usage_days AS u
    LEFT JOIN cards AS c ON c.spelling = coalesce(u.card_definition, $default_card)
    WHERE day IN (SELECT day FROM recounted_days) AND upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'
        AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'day')
    GROUP BY ALL
)
SELECT
    'day' AS grain, coalesce(g.is_whole, false) AS is_finest, s.day, s.card, s.environment, '' AS org, '' AS paying_org,
    s.usage_type, '' AS agent, '' AS action, '' AS department, '' AS use_case,
    s.row_count, s.actions, s.credits, 0, 0, 0
FROM summed AS s
LEFT JOIN grain_gaps AS g
    ON g.grain = 'day' AND g.card = s.card AND g.environment = s.environment AND g.utc_day = s.day
ORDER BY s.day, s.card, s.environment, s.usage_type
