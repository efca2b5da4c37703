-- The wallet as its exports deliver it, and the daily rollups that answers are made from.
-- Instants are UTC. Days are days of the team's time zone. Credits are DECIMAL, never DOUBLE.

CREATE TABLE schema_migrations (
    number     INTEGER   NOT NULL,
    name       VARCHAR   NOT NULL,
    applied_at TIMESTAMP NOT NULL
);

-- What the rollups were built with; a change rebuilds them.
CREATE TABLE warehouse_settings (
    name  VARCHAR NOT NULL,
    value VARCHAR NOT NULL
);

-- Every file that came in.
CREATE TABLE imports (
    import_id        INTEGER   NOT NULL,
    sha256           VARCHAR   NOT NULL,  -- of the table read
    container_sha256 VARCHAR   NOT NULL,  -- of the file it came in: the same, but for archives
    file_name        VARCHAR   NOT NULL,
    profile          VARCHAR   NOT NULL,
    reading          VARCHAR   NOT NULL,  -- JSON: how times, numbers and columns were read
    imported_at      TIMESTAMP NOT NULL,
    data_through     TIMESTAMP,           -- latest instant in the file's own data
    rows_read        BIGINT    NOT NULL,
    rows_new         BIGINT    NOT NULL,
    rows_changed     BIGINT    NOT NULL,
    rows_same        BIGINT    NOT NULL,
    rows_rejected    BIGINT    NOT NULL
);

CREATE TABLE rejects (
    import_id     INTEGER NOT NULL,
    file_name     VARCHAR NOT NULL,
    line          BIGINT  NOT NULL,  -- 1 is the header; of a sheet, its row
    column_name   VARCHAR NOT NULL,  -- as the file heads it; empty where the whole row is at fault
    reason        VARCHAR NOT NULL,
    original_text VARCHAR NOT NULL
);

-- Grain: one event. Text columns are as delivered; a blank is NULL.
CREATE TABLE usage_events (
    id                 VARCHAR       NOT NULL,  -- the wallet's, or '#' and a hash of the row's identity
    import_id          INTEGER       NOT NULL,
    day                DATE          NOT NULL,  -- of event_time, in the team's time zone
    event_time         TIMESTAMP     NOT NULL,
    processed_time     TIMESTAMP,
    credits            DECIMAL(18,6) NOT NULL,  -- units consumed
    usage_value        DECIMAL(18,6),           -- raw usage: actions, for action types
    multiplier         DECIMAL(18,6),           -- credits per unit of usage
    multiplier_tier    VARCHAR,
    unit               VARCHAR,
    usage_type         VARCHAR,
    usage_subtype_0    VARCHAR,
    usage_subtype_1    VARCHAR,
    usage_subtype_2    VARCHAR,
    feature            VARCHAR,
    resource_type      VARCHAR,
    resource           VARCHAR,                 -- the action
    root_resource_type VARCHAR,
    root_resource      VARCHAR,                 -- the agent
    resource_tags      VARCHAR,
    root_resource_tags VARCHAR,
    user_id            VARCHAR,
    card_name          VARCHAR,
    card_definition    VARCHAR,
    reporting_org      VARCHAR,
    entitlement_org    VARCHAR,
    environment        VARCHAR,
    correlation_id     VARCHAR,
    replay_id          VARCHAR,
    additional_info    VARCHAR,
    other              VARCHAR                  -- JSON of the columns nobody knows
);

-- Grain: one hour. Only rows whose detail is PROCESSED (or that carry no detail at all) are final and counted.
CREATE TABLE usage_hours (
    id              VARCHAR       NOT NULL,
    import_id       INTEGER       NOT NULL,
    day             DATE          NOT NULL,
    hour_start      TIMESTAMP     NOT NULL,
    credits         DECIMAL(38,6) NOT NULL,
    usage_value     DECIMAL(38,6),
    multiplier      DECIMAL(18,6),
    usage_type      VARCHAR,
    resource        VARCHAR,
    card_definition VARCHAR,
    environment     VARCHAR,
    contract        VARCHAR,
    row_detail      VARCHAR,
    other           VARCHAR
);

-- Grain: one day as the wallet cuts it (UTC). MAX rows are levels, such as storage: never summed.
CREATE TABLE usage_days (
    id              VARCHAR       NOT NULL,
    import_id       INTEGER       NOT NULL,
    day             DATE          NOT NULL,
    credits         DECIMAL(38,6) NOT NULL,
    usage_value     DECIMAL(38,6),
    multiplier      DECIMAL(18,6),
    multiplier_tier VARCHAR,
    unit            VARCHAR,
    usage_type      VARCHAR,
    card_definition VARCHAR,
    environment     VARCHAR,
    aggregation     VARCHAR,
    other           VARCHAR
);

-- The ledger: credits bought, given or taken back, each with its half-open term.
CREATE TABLE entitlements (
    id             VARCHAR       NOT NULL,
    import_id      INTEGER       NOT NULL,
    card           VARCHAR       NOT NULL,
    credits        DECIMAL(38,6) NOT NULL,  -- signed: what the pool gains
    quantity       DECIMAL(38,6) NOT NULL,  -- as delivered
    start_time     TIMESTAMP     NOT NULL,
    end_time       TIMESTAMP,
    first_day      DATE          NOT NULL,
    day_after_last DATE,
    type           VARCHAR,
    subtype        VARCHAR,
    contract       VARCHAR,
    usage_model    VARCHAR,
    is_counted     BOOLEAN       NOT NULL,  -- false for Reparenting
    other          VARCHAR
);

-- What each agent session did; quantities are units, not credits.
CREATE TABLE ai_usage (
    id             VARCHAR       NOT NULL,
    import_id      INTEGER       NOT NULL,
    day            DATE          NOT NULL,
    event_time     TIMESTAMP     NOT NULL,
    session_id     VARCHAR,
    interaction_id VARCHAR,
    agent          VARCHAR,
    tool           VARCHAR,                 -- the action
    usage_type     VARCHAR,
    quantity       DECIMAL(18,6) NOT NULL,
    is_billable    BOOLEAN,
    is_metered     BOOLEAN,                 -- only metered rows were charged
    prompt_tokens  BIGINT,
    user_id        VARCHAR,
    other          VARCHAR
);

-- Balances as the wallet itself states them (computeConsumption); the file carries no date.
CREATE TABLE balance_snapshots (
    id             VARCHAR       NOT NULL,
    import_id      INTEGER       NOT NULL,
    card           VARCHAR       NOT NULL,
    environment    VARCHAR       NOT NULL,  -- production, sandbox or unknown
    usage_model    VARCHAR,
    used_credits   DECIMAL(38,6) NOT NULL,
    granted_credits DECIMAL(38,6) NOT NULL,
    alerts         VARCHAR,                 -- JSON as delivered
    other          VARCHAR
);

-- Every tag text ever delivered, and what it was understood as.
CREATE TABLE tag_sets (
    tags          VARCHAR NOT NULL,
    department    VARCHAR NOT NULL,  -- empty where the tags name none
    use_case      VARCHAR NOT NULL,
    is_understood BOOLEAN NOT NULL
);

-- Rollup: one row per combination. Text is never NULL: empty means the export does not say; environment is
-- production, sandbox or unknown.
CREATE TABLE usage_rollup (
    grain          VARCHAR       NOT NULL,  -- event, hour or day
    is_finest      BOOLEAN       NOT NULL,  -- no finer grain describes this card, environment and day
    day            DATE          NOT NULL,
    card           VARCHAR       NOT NULL,
    environment    VARCHAR       NOT NULL,
    org            VARCHAR       NOT NULL,  -- that used it
    paying_org     VARCHAR       NOT NULL,
    usage_type     VARCHAR       NOT NULL,
    agent          VARCHAR       NOT NULL,
    action         VARCHAR       NOT NULL,
    department     VARCHAR       NOT NULL,
    use_case       VARCHAR       NOT NULL,
    row_count      BIGINT        NOT NULL,
    actions        DECIMAL(38,6) NOT NULL,
    credits        DECIMAL(38,6) NOT NULL,
    dear_rows      BIGINT        NOT NULL,  -- events that counted as more than one action
    excess_actions DECIMAL(38,6) NOT NULL,  -- actions beyond the first of each event
    excess_credits DECIMAL(38,6) NOT NULL   -- what those cost
);

-- Rollup of the events that name a user.
CREATE TABLE user_rollup (
    day         DATE          NOT NULL,
    card        VARCHAR       NOT NULL,
    environment VARCHAR       NOT NULL,
    org         VARCHAR       NOT NULL,
    agent       VARCHAR       NOT NULL,
    user_id     VARCHAR       NOT NULL,
    row_count   BIGINT        NOT NULL,
    actions     DECIMAL(38,6) NOT NULL,
    credits     DECIMAL(38,6) NOT NULL
);

-- Rollup of the agent sessions: how many interactions took how many metered actions.
CREATE TABLE interaction_rollup (
    day           DATE          NOT NULL,  -- on which the interaction began
    agent         VARCHAR       NOT NULL,
    actions       DECIMAL(38,6) NOT NULL,  -- in one interaction
    interactions  BIGINT        NOT NULL,
    prompt_tokens HUGEINT       NOT NULL
);

-- What to ask: each credit once, at the finest grain there is for its card, environment and day.
CREATE VIEW usage AS
SELECT
    day, card, environment, org, paying_org, usage_type, agent, action, department, use_case, grain,
    row_count, actions, credits, dear_rows, excess_actions, excess_credits
FROM usage_rollup
WHERE is_finest;

-- The grants that count, each with its term.
CREATE VIEW grants AS
SELECT id, import_id, card, credits, first_day, day_after_last, type, subtype, contract, usage_model
FROM entitlements
WHERE is_counted;

-- The last day of each level, such as storage, per card, usage type and environment.
CREATE VIEW card_levels AS
SELECT card_definition AS card, usage_type, environment, day, credits AS level
FROM usage_days
WHERE upper(aggregation) = 'MAX';
