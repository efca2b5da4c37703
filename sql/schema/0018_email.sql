-- E-mail addresses are places as well. The table is made anew with all that it holds: a CHECK cannot be changed.

CREATE TEMP TABLE outbox_before AS SELECT * FROM outbox;

DROP TABLE outbox;

-- Messages: one per key and place. Neither delivered, failed nor withdrawn means still to be delivered.
CREATE TABLE outbox (
    key              VARCHAR   NOT NULL,
    kind             VARCHAR   NOT NULL CHECK (kind IN ('channel', 'spreadsheet', 'email')),
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
    remote_id        VARCHAR,             -- what the place calls it
    PRIMARY KEY (key, kind, address),
    CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
    CHECK (delivered_at IS NULL OR failed_at IS NULL),
    CHECK (withdrawn_at IS NULL OR (is_unwanted AND delivered_at IS NULL AND failed_at IS NULL)),
    CHECK (claimed_by IS NULL OR (delivered_at IS NULL AND failed_at IS NULL AND withdrawn_at IS NULL))
);

INSERT INTO outbox
SELECT
    key, kind, address, team, alert_key, payload, position, created_at, attempts, first_attempt_at, next_attempt_at, claimed_by,
    claimed_at, delivered_at, failed_at, is_unwanted, withdrawn_at, is_fault_ours, error, remote_id
FROM outbox_before;

DROP TABLE outbox_before;
