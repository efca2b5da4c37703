-- count_grain_days: what each grain's rows of the touched days come to, by the wallet's own (UTC) day.
--
-- in    $first_day     DATE     first touched day
-- in    $last_day      DATE     last touched day
-- in    $default_card  VARCHAR  card of rows that name none

INSERT INTO grain_days
WITH each_row AS (
    SELECT
        'event' AS grain, day, CAST(event_time AS DATE) AS utc_day, coalesce(card_definition, card_name, $default_card) AS card,
        environment, usage_type, credits, coalesce(usage_value, 1) AS actions
    FROM usage_events
    WHERE day BETWEEN $first_day AND $last_day AND day IN (SELECT day FROM touched_days)
    UNION ALL
    SELECT
        'hour' AS grain, day, CAST(hour_start AS DATE) AS utc_day, coalesce(card_definition, $default_card) AS card,
        environment, usage_type, credits, coalesce(usage_value, 0) AS actions
    FROM usage_hours
    WHERE day IN (SELECT day FROM touched_days) AND (row_detail IS NULL OR row_detail = 'PROCESSED')
    UNION ALL
    SELECT
        'day' AS grain, day, day AS utc_day, coalesce(card_definition, $default_card) AS card,
        environment, usage_type, credits, coalesce(usage_value, 0) AS actions
    FROM usage_days
    WHERE day IN (SELECT day FROM touched_days) AND upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'
),
summed AS (
    SELECT grain, day, utc_day, card, environment, usage_type, sum(credits) AS credits, sum(actions) AS actions
    FROM each_row
    GROUP BY grain, day, utc_day, card, environment, usage_type
)
SELECT
    grain, day, utc_day, replace(card, ' ', '') AS card,
    CASE
        WHEN lower(trim(environment)) IN ('production', 'prod') THEN 'production'
        WHEN lower(trim(environment)) = 'sandbox' THEN 'sandbox'
        ELSE 'unknown'
    END AS environment,
    sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN actions ELSE 0 END),
    sum(credits)
FROM summed
GROUP BY ALL
ORDER BY grain, day, utc_day, card, environment
