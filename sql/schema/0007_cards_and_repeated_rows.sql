-- Cards by all their names, and rows without a key that another delivery describes too.

-- Every pair of names that a row called its card by; empty where it had none of that kind.
CREATE TABLE card_names (
    label          VARCHAR NOT NULL,  -- as people see it, such as Flex Credits
    developer_name VARCHAR NOT NULL,
    has_agents     BOOLEAN NOT NULL   -- rows of agents' use were under it
);

-- What each spelling stands for; follows from card_names.
CREATE TABLE cards (
    spelling VARCHAR NOT NULL,
    card     VARCHAR NOT NULL
);

-- Rows that describe what other rows describe already: stored, but not counted.
CREATE TABLE repeated_rows (
    grain VARCHAR NOT NULL,  -- event, hour or day
    day   DATE    NOT NULL,
    id    VARCHAR NOT NULL
);

-- Rows named by their content state what form of delivery they came in; of older ones nobody knows.
UPDATE usage_events SET id = '#00000000-' || substr(id, 2) WHERE starts_with(id, '#');
UPDATE usage_hours SET id = '#00000000-' || substr(id, 2) WHERE starts_with(id, '#');
UPDATE usage_days SET id = '#00000000-' || substr(id, 2) WHERE starts_with(id, '#');

INSERT INTO card_names
SELECT label, developer_name, bool_or(has_agents)
FROM (
    SELECT coalesce(card_name, '') AS label, coalesce(card_definition, '') AS developer_name, root_resource IS NOT NULL OR coalesce(usage_type, '') ILIKE '%action%' AS has_agents
    FROM usage_events
    UNION ALL
    SELECT '' AS label, coalesce(card_definition, '') AS developer_name, coalesce(usage_type, '') ILIKE '%action%' AS has_agents
    FROM usage_hours
    UNION ALL
    SELECT '' AS label, coalesce(card_definition, '') AS developer_name, coalesce(usage_type, '') ILIKE '%action%' AS has_agents
    FROM usage_days
    UNION ALL
    SELECT '' AS label, card AS developer_name, false AS has_agents
    FROM entitlements
    UNION ALL
    SELECT '' AS label, card AS developer_name, false AS has_agents
    FROM balance_snapshots
)
GROUP BY label, developer_name
ORDER BY label, developer_name;
