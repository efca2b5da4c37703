-- What was decided to be news, what is to be told where, and who did what. Instants are UTC, days the team's.
-- The unique keys are the promise: each alert, digest and message once.

-- One row per occasion: a level of a term, a day, a month.
CREATE TABLE alerts (
    key           VARCHAR   NOT NULL PRIMARY KEY,  -- short, for people and buttons
    team          VARCHAR   NOT NULL,
    org           VARCHAR   NOT NULL,              -- empty for all
    card          VARCHAR   NOT NULL,              -- empty where it is about every card
    rule          VARCHAR   NOT NULL CHECK (rule IN ('level', 'pace', 'projected', 'spike', 'unused', 'dear', 'sandbox', 'stale')),
    level         VARCHAR   NOT NULL,              -- of rules without levels, the occasion
    term          VARCHAR   NOT NULL,
    direction     VARCHAR   NOT NULL CHECK (direction IN ('up', 'down')),
    day           DATE      NOT NULL,              -- on which it was decided
    decided_at    TIMESTAMP NOT NULL,
    term_end      DATE,                            -- from which it no longer matters
    owner         VARCHAR   NOT NULL,
    words         VARCHAR   NOT NULL,
    answer        VARCHAR   NOT NULL,              -- JSON of the message
    state         VARCHAR   NOT NULL CHECK (state IN ('open', 'acknowledged', 'snoozed', 'recovered', 'closed')),
    state_by      VARCHAR   NOT NULL,
    state_at      TIMESTAMP NOT NULL,
    snoozed_until TIMESTAMP,
    UNIQUE (team, org, card, rule, level, term, direction),
    CHECK ((state = 'snoozed') = (snoozed_until IS NOT NULL))
);

-- Every state that an alert was ever in.
CREATE TABLE alert_history (
    key        VARCHAR   NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    state      VARCHAR   NOT NULL,
    changed_by VARCHAR   NOT NULL,
    words      VARCHAR   NOT NULL
);

-- How much of a term's credits was used when it was last looked at; a level is news when it lies above.
CREATE TABLE previous_levels (
    team         VARCHAR       NOT NULL,
    org          VARCHAR       NOT NULL,
    card         VARCHAR       NOT NULL,
    term         VARCHAR       NOT NULL,
    used_percent DECIMAL(38,6) NOT NULL,  -- rounded down
    measured_at  TIMESTAMP     NOT NULL,
    PRIMARY KEY (team, org, card, term)
);

-- Messages: one per key and place. Neither delivered nor failed means still to be delivered.
CREATE TABLE outbox (
    key              VARCHAR   NOT NULL,
    kind             VARCHAR   NOT NULL CHECK (kind IN ('channel', 'spreadsheet')),
    address          VARCHAR   NOT NULL,
    team             VARCHAR   NOT NULL,
    alert_key        VARCHAR,             -- NULL for digests
    payload          VARCHAR   NOT NULL,  -- JSON of the message
    created_at       TIMESTAMP NOT NULL,
    attempts         INTEGER   NOT NULL,  -- claims so far
    first_attempt_at TIMESTAMP,
    next_attempt_at  TIMESTAMP NOT NULL,
    claimed_by       VARCHAR,
    claimed_at       TIMESTAMP,
    delivered_at     TIMESTAMP,
    failed_at        TIMESTAMP,
    error            VARCHAR,
    remote_id        VARCHAR,             -- what the channel calls it
    PRIMARY KEY (key, kind, address),
    CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
    CHECK (delivered_at IS NULL OR failed_at IS NULL),
    CHECK (claimed_by IS NULL OR (delivered_at IS NULL AND failed_at IS NULL))
);

CREATE TABLE digests (
    name      VARCHAR   NOT NULL,  -- team and kind
    period    VARCHAR   NOT NULL,
    issued_at TIMESTAMP NOT NULL,
    headline  VARCHAR   NOT NULL,
    PRIMARY KEY (name, period)
);

-- Who asked, imported, acknowledged or changed what, when, from where; old rows are deleted.
CREATE TABLE audit (
    noted_at TIMESTAMP NOT NULL,
    who      VARCHAR   NOT NULL,
    what     VARCHAR   NOT NULL,  -- asked, imported, acknowledged, snoozed, changed
    about    VARCHAR   NOT NULL,
    source   VARCHAR   NOT NULL   -- command line, Slack, service
);
