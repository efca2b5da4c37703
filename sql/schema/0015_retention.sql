-- Old rows folded into sums: what answers are made from stays, ids of events go, and of people what the team wants to go.

-- Events of closed days, summed by all that they were delivered with and answers are made from. A row stands for many.
CREATE TABLE IF NOT EXISTS folded_events (
    day                DATE          NOT NULL,  -- the team's, as it was when they were folded
    utc_day            DATE          NOT NULL,  -- as the wallet cuts it
    usage_type         VARCHAR,
    resource           VARCHAR,
    root_resource      VARCHAR,
    resource_tags      VARCHAR,
    root_resource_tags VARCHAR,
    user_id            VARCHAR,                 -- a pseudonym, where the team wants that of old ones
    card_name          VARCHAR,
    card_definition    VARCHAR,
    reporting_org      VARCHAR,
    entitlement_org    VARCHAR,
    environment        VARCHAR,
    row_count          BIGINT        NOT NULL,
    actions            DECIMAL(38,6) NOT NULL,
    credits            DECIMAL(38,6) NOT NULL,
    dear_rows          BIGINT        NOT NULL,
    excess_actions     DECIMAL(38,6) NOT NULL,
    excess_credits     DECIMAL(38,6) NOT NULL
);

-- Interactions of closed days, as interaction_rollup has them.
CREATE TABLE IF NOT EXISTS folded_interactions (
    day           DATE          NOT NULL,
    agent         VARCHAR       NOT NULL,
    actions       DECIMAL(38,6) NOT NULL,
    interactions  BIGINT        NOT NULL,
    prompt_tokens HUGEINT       NOT NULL
);

-- Days whose rows are folded, so that no more can come in: which of them are there already, nobody can tell any more.
CREATE TABLE IF NOT EXISTS closed_days (
    table_name VARCHAR       NOT NULL,  -- usage_events or ai_usage
    day        DATE          NOT NULL,
    amount     DECIMAL(38,6) NOT NULL   -- what its rows came to
);

-- What folded rows counted as, by the import that they were of; an import without any delivered some all the same. Neither can
-- be taken back.
CREATE TABLE IF NOT EXISTS folded_imports (
    import_id INTEGER       NOT NULL,
    row_count BIGINT        NOT NULL,
    credits   DECIMAL(38,6)            -- NULL where the rows are of sessions
);

-- Names of cards that folded rows had; they stay known.
CREATE TABLE IF NOT EXISTS folded_names (
    label          VARCHAR NOT NULL,
    developer_name VARCHAR NOT NULL,
    has_agents     BOOLEAN NOT NULL
);
