-- The audit is a chain: each entry's hash covers the one before it, so that none can be changed, left out or put in unseen.
-- Entries from before the chain get their hashes with the next entry.

CREATE TEMP TABLE audit_before AS
SELECT noted_at, who, what, about, source, row_number() OVER (ORDER BY noted_at, who, what, about, source) AS nth FROM audit;

DROP TABLE audit;

CREATE TABLE audit (
    position    BIGINT    NOT NULL,  -- from 1, without gaps
    noted_at    TIMESTAMP NOT NULL,
    who         VARCHAR   NOT NULL,
    what        VARCHAR   NOT NULL,  -- asked, imported, acknowledged, snoozed, changed, forgot
    about       VARCHAR   NOT NULL,
    source      VARCHAR   NOT NULL,  -- command line, Slack, service
    digest      VARCHAR,             -- SHA-256 of what it said when it was written; NULL before it is chained
    hash        VARCHAR,             -- SHA-256 of the hash before, its position and its digest
    is_redacted BOOLEAN   NOT NULL   -- somebody who is to be forgotten was named in it
);

INSERT INTO audit SELECT nth, noted_at, who, what, about, source, NULL, NULL, false FROM audit_before;

DROP TABLE audit_before;

-- The last entry that was deleted because of its age: the chain begins behind it.
CREATE OR REPLACE TABLE audit_anchor (
    position BIGINT  NOT NULL,
    hash     VARCHAR NOT NULL
);

INSERT INTO audit_anchor VALUES (0, '');
