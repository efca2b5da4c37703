-- The rules of alerts are rows, which evaluating writes: a new rule is no new table. Alerts keep all that they hold.

CREATE TABLE IF NOT EXISTS alert_rules (
    name     VARCHAR NOT NULL PRIMARY KEY,
    severity INTEGER NOT NULL,  -- the gravest is the lowest
    title    VARCHAR NOT NULL
);

-- What the alerts so far are of; evaluating says it anew.
INSERT OR IGNORE INTO alert_rules
SELECT DISTINCT rule, 0, rule FROM alerts;

CREATE TEMP TABLE alerts_before AS SELECT * FROM alerts;

DROP TABLE alerts;

-- One row per occasion: a level of a term, a day, a month.
CREATE TABLE alerts (
    key           VARCHAR   NOT NULL PRIMARY KEY,  -- short, for people and buttons
    team          VARCHAR   NOT NULL,
    org           VARCHAR   NOT NULL,              -- empty for all
    card          VARCHAR   NOT NULL,              -- empty where it is about every card
    rule          VARCHAR   NOT NULL,              -- one of alert_rules
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

INSERT INTO alerts
SELECT
    key, team, org, card, rule, level, term, direction, day, decided_at, term_end, owner, words, answer, state, state_by, state_at,
    snoozed_until
FROM alerts_before;

DROP TABLE alerts_before;
