-- roll_up_hours: add the recounted days of the final hours to the usage rollup; they count if no event covers their day.
--
-- in    $default_card  VARCHAR  card of rows that name none

INSERT INTO usage_rollup
WITH summed AS (
    SELECT
        day, CAST(hour_start AS DATE) AS utc_day, coalesce(c.card, replace(coalesce(u.card_definition, $default_card), ' ', '')) AS card,
        CASE
            WHEN lower(trim(environment)) IN ('production', 'prod') THEN 'production'
            WHEN lower(trim(environment)) = 'sandbox' THEN 'sandbox'
            ELSE 'unknown'
        END AS environment,
        coalesce(usage_type, '') AS usage_type, coalesce(resource, '') AS action, count(*) AS row_count,
        sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN coalesce(usage_value, 0) ELSE 0 END) AS actions,
        sum(credits) AS credits
    FROM usage_hours AS u
    LEFT JOIN cards AS c ON c.spelling = coalesce(u.card_definition, $default_card)
    WHERE day IN (SELECT day FROM recounted_days) AND (row_detail IS NULL OR row_detail = 'PROCESSED')
        AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'hour')
    GROUP BY ALL
)
SELECT
    'hour' AS grain, coalesce(g.is_whole, false) AS is_finest, s.day, s.card, s.environment, '' AS org, '' AS paying_org,
    s.usage_type, '' AS agent, s.action, '' AS department, '' AS use_case,
    sum(s.row_count), sum(s.actions), sum(s.credits), 0, 0, 0
FROM summed AS s
LEFT JOIN grain_gaps AS g
    ON g.grain = 'hour' AND g.card = s.card AND g.environment = s.environment AND g.utc_day = s.utc_day
GROUP BY ALL
ORDER BY s.day, s.card, s.environment, s.usage_type, s.action, is_finest
