-- roll_up_events: add the sums of the touched days' events (sum_events) to the usage rollup.

INSERT INTO usage_rollup
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
FROM event_sums AS s
LEFT JOIN cards AS c ON c.spelling = s.card
LEFT JOIN tag_sets AS agent_tags ON agent_tags.tags = s.root_resource_tags
LEFT JOIN tag_sets AS action_tags ON action_tags.tags = s.resource_tags
GROUP BY ALL
ORDER BY s.day, card, environment, org, paying_org, usage_type, agent, action, department, use_case
