-- roll_up_users: add the touched days of events that name a user, including folded ones, to the user rollup.
--
-- in    $first_day     DATE     first touched day
-- in    $last_day      DATE     last touched day
-- in    $default_card  VARCHAR  card of rows that name none

INSERT INTO user_rollup
WITH summed AS (
    SELECT
        day, coalesce(card_definition, card_name, $default_card) AS card, environment, reporting_org, root_resource, user_id,
        root_resource_tags, resource_tags,
        count(*) AS row_count,
        sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN coalesce(usage_value, 1) ELSE 0 END) AS actions,
        sum(credits) AS credits
    FROM usage_events
    WHERE
        user_id IS NOT NULL AND day BETWEEN $first_day AND $last_day AND day IN (SELECT day FROM touched_days)
        AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'event')
    GROUP BY ALL
    UNION ALL
    SELECT
        day, coalesce(card_definition, card_name, $default_card) AS card, environment, reporting_org, root_resource, user_id,
        root_resource_tags, resource_tags, row_count,
        CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN actions ELSE 0 END AS actions,
        credits
    FROM folded_events
    WHERE user_id IS NOT NULL AND day BETWEEN $first_day AND $last_day AND day IN (SELECT day FROM touched_days)
)
SELECT
    s.day, coalesce(c.card, replace(s.card, ' ', '')) AS card,
    CASE
        WHEN lower(trim(s.environment)) IN ('production', 'prod') THEN 'production'
        WHEN lower(trim(s.environment)) = 'sandbox' THEN 'sandbox'
        ELSE 'unknown'
    END AS environment,
    coalesce(s.reporting_org, '') AS org, coalesce(s.root_resource, '') AS agent,
    coalesce(nullif(agent_tags.department, ''), action_tags.department, '') AS department,
    s.user_id, sum(s.row_count), sum(s.actions), sum(s.credits)
FROM summed AS s
LEFT JOIN cards AS c ON c.spelling = s.card
LEFT JOIN tag_sets AS agent_tags ON agent_tags.tags = s.root_resource_tags
LEFT JOIN tag_sets AS action_tags ON action_tags.tags = s.resource_tags
GROUP BY ALL
ORDER BY s.day, card, environment, org, agent, department, s.user_id
