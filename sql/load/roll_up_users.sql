-- roll_up_users: put the touched days of the events that name a user into the user rollup.
--
-- in    $first_day     DATE     first touched day
-- in    $last_day      DATE     last touched day
-- in    $default_card  VARCHAR  card of rows that name none

INSERT INTO user_rollup
WITH summed AS (
    SELECT
        day, coalesce(card_definition, card_name, $default_card) AS card, environment, reporting_org, root_resource, user_id,
        count(*) AS row_count,
        sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN coalesce(usage_value, 1) ELSE 0 END) AS actions,
        sum(credits) AS credits
    FROM usage_events
    WHERE user_id IS NOT NULL AND day BETWEEN $first_day AND $last_day AND day IN (SELECT day FROM touched_days)
    GROUP BY ALL
)
SELECT
    day, replace(card, ' ', '') AS card,
    CASE
        WHEN lower(trim(environment)) IN ('production', 'prod') THEN 'production'
        WHEN lower(trim(environment)) = 'sandbox' THEN 'sandbox'
        ELSE 'unknown'
    END AS environment,
    coalesce(reporting_org, '') AS org, coalesce(root_resource, '') AS agent, user_id, sum(row_count), sum(actions), sum(credits)
FROM summed
GROUP BY ALL
ORDER BY day, card, environment, org, agent, user_id
