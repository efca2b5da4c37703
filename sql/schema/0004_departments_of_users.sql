-- The users' rollup by department too, made anew from the events. The card of rows that name none is the one that the
-- rollups were shaped by.
DROP TABLE user_rollup;

-- Rollup of the events that name a user.
CREATE TABLE user_rollup (
    day         DATE          NOT NULL,
    card        VARCHAR       NOT NULL,
    environment VARCHAR       NOT NULL,
    org         VARCHAR       NOT NULL,
    agent       VARCHAR       NOT NULL,
    department  VARCHAR       NOT NULL,  -- empty where the tags name none
    user_id     VARCHAR       NOT NULL,
    row_count   BIGINT        NOT NULL,
    actions     DECIMAL(38,6) NOT NULL,
    credits     DECIMAL(38,6) NOT NULL
);

INSERT INTO user_rollup
WITH summed AS (
    SELECT
        day, coalesce(card_definition, card_name, (SELECT json_extract_string(value, '$[1]') FROM warehouse_settings WHERE name = 'rollup_shaped_by')) AS card, environment, reporting_org, root_resource, user_id,
        root_resource_tags, resource_tags,
        count(*) AS row_count,
        sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN coalesce(usage_value, 1) ELSE 0 END) AS actions,
        sum(credits) AS credits
    FROM usage_events
    WHERE user_id IS NOT NULL
    GROUP BY ALL
)
SELECT
    s.day, replace(s.card, ' ', '') AS card,
    CASE
        WHEN lower(trim(s.environment)) IN ('production', 'prod') THEN 'production'
        WHEN lower(trim(s.environment)) = 'sandbox' THEN 'sandbox'
        ELSE 'unknown'
    END AS environment,
    coalesce(s.reporting_org, '') AS org, coalesce(s.root_resource, '') AS agent,
    coalesce(nullif(agent_tags.department, ''), action_tags.department, '') AS department,
    s.user_id, sum(s.row_count), sum(s.actions), sum(s.credits)
FROM summed AS s
LEFT JOIN tag_sets AS agent_tags ON agent_tags.tags = s.root_resource_tags
LEFT JOIN tag_sets AS action_tags ON action_tags.tags = s.resource_tags
GROUP BY ALL
ORDER BY s.day, card, environment, org, agent, department, s.user_id;
