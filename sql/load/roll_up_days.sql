-- roll_up_days: put the touched days of the daily rows into the usage rollup; events and hours are finer, levels (MAX) are left out.
--
-- in    $default_card  VARCHAR  card of rows that name none

INSERT INTO usage_rollup
WITH summed AS (
    SELECT
        day, replace(coalesce(card_definition, $default_card), ' ', '') AS card,
        CASE
            WHEN lower(trim(environment)) IN ('production', 'prod') THEN 'production'
            WHEN lower(trim(environment)) = 'sandbox' THEN 'sandbox'
            ELSE 'unknown'
        END AS environment,
        coalesce(usage_type, '') AS usage_type, count(*) AS row_count,
        sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN coalesce(usage_value, 0) ELSE 0 END) AS actions,
        sum(credits) AS credits
    FROM usage_days
    WHERE day IN (SELECT day FROM touched_days) AND upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'
    GROUP BY ALL
),
finer AS (
    SELECT day, card, list(DISTINCT environment) AS environments
    FROM usage_rollup
    WHERE grain IN ('event', 'hour') AND is_finest AND day IN (SELECT day FROM touched_days)
    GROUP BY ALL
)
SELECT
    'day' AS grain,
    f.day IS NULL OR NOT (
        s.environment = 'unknown' OR list_contains(f.environments, s.environment) OR f.environments = ['unknown']
    ) AS is_finest,
    s.day, s.card, s.environment, '' AS org, '' AS paying_org, s.usage_type, '' AS agent, '' AS action, '' AS department, '' AS use_case,
    s.row_count, s.actions, s.credits, 0, 0, 0
FROM summed AS s
LEFT JOIN finer AS f ON f.day = s.day AND f.card = s.card
ORDER BY s.day, s.card, s.environment, s.usage_type
