-- roll_up_events: put the touched days of the events, folded ones too, into the usage rollup.
--
-- in    $first_day     DATE     first touched day
-- in    $last_day      DATE     last touched day
-- in    $default_card  VARCHAR  card of rows that name none

INSERT INTO usage_rollup
WITH summed AS (
    SELECT
        day, coalesce(card_definition, card_name, $default_card) AS card, environment, reporting_org, entitlement_org,
        usage_type, root_resource, resource, root_resource_tags, resource_tags,
        coalesce(usage_type, 'action') ILIKE '%action%' AS is_action,
        count(*) AS row_count,
        sum(coalesce(usage_value, 1)) AS actions,
        sum(credits) AS credits,
        count(*) FILTER (usage_value > 1) AS dear_rows,
        sum(CASE WHEN usage_value > 1 THEN usage_value - 1 ELSE 0 END) AS excess_actions,
        sum(CASE WHEN usage_value > 1 THEN greatest(credits - coalesce(multiplier, credits), 0) ELSE 0 END) AS excess_credits
    FROM usage_events
    WHERE
        day BETWEEN $first_day AND $last_day AND day IN (SELECT day FROM touched_days)
        AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'event')
    GROUP BY
        day, coalesce(card_definition, card_name, $default_card), environment, reporting_org, entitlement_org,
        usage_type, root_resource, resource, root_resource_tags, resource_tags
    UNION ALL
    SELECT
        day, coalesce(card_definition, card_name, $default_card) AS card, environment, reporting_org, entitlement_org,
        usage_type, root_resource, resource, root_resource_tags, resource_tags,
        coalesce(usage_type, 'action') ILIKE '%action%' AS is_action,
        row_count, actions, credits, dear_rows, excess_actions, excess_credits
    FROM folded_events
    WHERE day BETWEEN $first_day AND $last_day AND day IN (SELECT day FROM touched_days)
)
SELECT
    'event' AS grain, true AS is_finest, s.day, coalesce(c.card, replace(s.card, ' ', '')) AS card,
    CASE
        WHEN lower(trim(s.environment)) IN ('production', 'prod') THEN 'production'
        WHEN lower(trim(s.environment)) = 'sandbox' THEN 'sandbox'
        ELSE 'unknown'
    END AS environment,
    coalesce(s.reporting_org, '') AS org, coalesce(s.entitlement_org, '') AS paying_org, coalesce(s.usage_type, '') AS usage_type,
    coalesce(s.root_resource, '') AS agent, coalesce(s.resource, '') AS action,
    coalesce(nullif(agent_tags.department, ''), action_tags.department, '') AS department,
    coalesce(nullif(agent_tags.use_case, ''), action_tags.use_case, '') AS use_case,
    sum(s.row_count),
    sum(CASE WHEN s.is_action THEN s.actions ELSE 0 END),
    sum(s.credits),
    sum(CASE WHEN s.is_action THEN s.dear_rows ELSE 0 END),
    sum(CASE WHEN s.is_action THEN s.excess_actions ELSE 0 END),
    sum(CASE WHEN s.is_action THEN s.excess_credits ELSE 0 END)
FROM summed AS s
LEFT JOIN cards AS c ON c.spelling = s.card
LEFT JOIN tag_sets AS agent_tags ON agent_tags.tags = s.root_resource_tags
LEFT JOIN tag_sets AS action_tags ON action_tags.tags = s.resource_tags
GROUP BY ALL
ORDER BY s.day, card, environment, org, paying_org, usage_type, agent, action, department, use_case
