-- count_grain_days: the sums of each grain's rows of the touched days, by the wallet's own (UTC) day; for events by sum_events.
--
-- in    $default_card  VARCHAR  card of rows that name none

INSERT INTO grain_days
WITH each_row AS (
    SELECT 'event' AS grain, day, utc_day, card, environment, usage_type, credits, actions
    FROM event_sums
    UNION ALL
    SELECT
        'hour' AS grain, day, CAST(hour_start AS DATE) AS utc_day, coalesce(card_definition, $default_card) AS card,
        environment, usage_type, credits, coalesce(usage_value, 0) AS actions
    FROM usage_hours
    WHERE day IN (SELECT day FROM touched_days) AND (row_detail IS NULL OR row_detail = 'PROCESSED')
        AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'hour')
    UNION ALL
    SELECT
        'day' AS grain, day, day AS utc_day, coalesce(card_definition, $default_card) AS card,
        environment, usage_type, credits, coalesce(usage_value, 0) AS actions
    FROM usage_days
    WHERE day IN (SELECT day FROM touched_days) AND upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'
        AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'day')
),
summed AS (
    SELECT grain, day, utc_day, card, environment, usage_type, sum(credits) AS credits, sum(actions) AS actions
    FROM each_row
    GROUP BY grain, day, utc_day, card, environment, usage_type
)
SELECT
    s.grain, s.day, s.utc_day, coalesce(c.card, replace(s.card, ' ', '')) AS card,
    CASE
        WHEN lower(trim(s.environment)) IN ('production', 'prod') THEN 'production'
        WHEN lower(trim(s.environment)) = 'sandbox' THEN 'sandbox'
        ELSE 'unknown'
    END AS environment,
    sum(CASE WHEN coalesce(s.usage_type, 'action') ILIKE '%action%' THEN s.actions ELSE 0 END),
    sum(s.credits)
FROM summed AS s
LEFT JOIN cards AS c ON c.spelling = s.card
GROUP BY ALL
ORDER BY s.grain, s.day, s.utc_day, card, environment
