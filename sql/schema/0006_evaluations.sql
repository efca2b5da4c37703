-- What is news is decided once per command: that it is due, and when it was done last. Messages leave in the order of what
-- happened; one whose alert ended before it arrived is withdrawn. What a place was told before it was known here.

CREATE TABLE evaluations (
    is_due       BOOLEAN NOT NULL,  -- something came in of which nobody decided yet whether it is news
    evaluated_at TIMESTAMP          -- the last decision, UTC; NULL before the first
);

INSERT INTO evaluations VALUES (false, (SELECT max(measured_at) FROM previous_levels));

CREATE TEMP TABLE outbox_before AS
SELECT *, row_number() OVER (ORDER BY created_at, key, kind, address) AS nth FROM outbox;

DROP TABLE outbox;

-- Messages: one per key and place. Neither delivered, failed nor withdrawn means still to be delivered.
CREATE TABLE outbox (
    key              VARCHAR   NOT NULL,
    kind             VARCHAR   NOT NULL CHECK (kind IN ('channel', 'spreadsheet')),
    address          VARCHAR   NOT NULL,
    team             VARCHAR   NOT NULL,
    alert_key        VARCHAR,             -- NULL for digests
    payload          VARCHAR   NOT NULL,  -- JSON of the message
    position         BIGINT    NOT NULL,  -- the order of what happened
    created_at       TIMESTAMP NOT NULL,
    attempts         INTEGER   NOT NULL,  -- claims so far
    first_attempt_at TIMESTAMP,           -- of it, or of what it waits behind
    next_attempt_at  TIMESTAMP NOT NULL,
    claimed_by       VARCHAR,
    claimed_at       TIMESTAMP,
    delivered_at     TIMESTAMP,
    failed_at        TIMESTAMP,
    is_unwanted      BOOLEAN   NOT NULL,  -- its alert ended before it arrived: not to be sent any more
    withdrawn_at     TIMESTAMP,           -- from when it is known that it never arrived
    is_fault_ours    BOOLEAN   NOT NULL,  -- the last failure was the message's, not the place's
    error            VARCHAR,
    remote_id        VARCHAR,             -- what the channel calls it
    PRIMARY KEY (key, kind, address),
    CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
    CHECK (delivered_at IS NULL OR failed_at IS NULL),
    CHECK (withdrawn_at IS NULL OR (is_unwanted AND delivered_at IS NULL AND failed_at IS NULL)),
    CHECK (claimed_by IS NULL OR (delivered_at IS NULL AND failed_at IS NULL AND withdrawn_at IS NULL))
);

INSERT INTO outbox
SELECT
    key, kind, address, team, alert_key, payload, nth, created_at, attempts, first_attempt_at, next_attempt_at, claimed_by, claimed_at,
    delivered_at, failed_at, false, NULL, false, error, remote_id
FROM outbox_before;

DROP TABLE outbox_before;

-- Places whose history was asked for what they were told.
CREATE TABLE asked_places (
    kind     VARCHAR   NOT NULL,
    address  VARCHAR   NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    PRIMARY KEY (kind, address)
);

-- What a place's history held.
CREATE TABLE told_before (
    kind      VARCHAR NOT NULL,
    address   VARCHAR NOT NULL,
    key       VARCHAR NOT NULL,
    remote_id VARCHAR NOT NULL,  -- what the channel calls it
    PRIMARY KEY (kind, address, key)
);
