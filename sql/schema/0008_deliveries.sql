-- Which import delivered which rows, so that an import can be taken back as if it had never come. A row of a wallet table is a
-- version of what its id stands for; the versions that do not count, because a newer one does or because another file is the truth
-- for their days, are kept beside it.

ALTER TABLE usage_events ADD COLUMN version BIGINT;
ALTER TABLE usage_hours ADD COLUMN version BIGINT;
ALTER TABLE usage_days ADD COLUMN version BIGINT;
ALTER TABLE entitlements ADD COLUMN version BIGINT;
ALTER TABLE ai_usage ADD COLUMN version BIGINT;
ALTER TABLE balance_snapshots ADD COLUMN version BIGINT;

-- The card as delivered; what it stands for follows from all names that are known.
ALTER TABLE entitlements ADD COLUMN said_card VARCHAR;
ALTER TABLE balance_snapshots ADD COLUMN said_card VARCHAR;

UPDATE entitlements SET said_card = card;
UPDATE balance_snapshots SET said_card = card;

UPDATE usage_events SET version = rowid;
UPDATE usage_hours SET version = rowid;
UPDATE usage_days SET version = rowid;
UPDATE entitlements SET version = rowid;
UPDATE ai_usage SET version = rowid;
UPDATE balance_snapshots SET version = rowid;

-- Versions that do not count now.
CREATE TABLE superseded_usage_events AS SELECT * FROM usage_events LIMIT 0;
CREATE TABLE superseded_usage_hours AS SELECT * FROM usage_hours LIMIT 0;
CREATE TABLE superseded_usage_days AS SELECT * FROM usage_days LIMIT 0;
CREATE TABLE superseded_entitlements AS SELECT * FROM entitlements LIMIT 0;
CREATE TABLE superseded_ai_usage AS SELECT * FROM ai_usage LIMIT 0;
CREATE TABLE superseded_balance_snapshots AS SELECT * FROM balance_snapshots LIMIT 0;

-- The versions that an import delivered, as half-open ranges of their numbers; one version may be of several imports.
CREATE TABLE deliveries (
    table_name         VARCHAR NOT NULL,
    import_id          INTEGER NOT NULL,
    first_version      BIGINT  NOT NULL,
    version_after_last BIGINT  NOT NULL
);

INSERT INTO deliveries
SELECT table_name, import_id, min(version), max(version) + 1
FROM (
    SELECT table_name, import_id, version, version - row_number() OVER (PARTITION BY table_name, import_id ORDER BY version) AS island
    FROM (
        SELECT 'usage_events' AS table_name, import_id, version FROM usage_events
        UNION ALL SELECT 'usage_hours' AS table_name, import_id, version FROM usage_hours
        UNION ALL SELECT 'usage_days' AS table_name, import_id, version FROM usage_days
        UNION ALL SELECT 'entitlements' AS table_name, import_id, version FROM entitlements
        UNION ALL SELECT 'ai_usage' AS table_name, import_id, version FROM ai_usage
        UNION ALL SELECT 'balance_snapshots' AS table_name, import_id, version FROM balance_snapshots
    )
)
GROUP BY table_name, import_id, island
ORDER BY table_name, min(version);

-- The 18-sign ids of orgs and users that an import delivered; rows hold these wherever some import did.
CREATE TABLE long_ids (
    import_id INTEGER NOT NULL,
    record_id VARCHAR NOT NULL
);

INSERT INTO long_ids
SELECT import_id, record_id
FROM (
    SELECT import_id, reporting_org AS record_id FROM usage_events
    UNION
    SELECT import_id, entitlement_org AS record_id FROM usage_events
    UNION
    SELECT import_id, user_id AS record_id FROM usage_events
    UNION
    SELECT import_id, user_id AS record_id FROM ai_usage
)
WHERE regexp_full_match(record_id, '00[D5][0-9A-Za-z]{15}')
ORDER BY import_id, record_id;

-- Days of which an import is the truth: what others say of them does not count. Of several the import with the highest number is.
CREATE TABLE replaced_days (
    import_id      INTEGER   NOT NULL,
    table_name     VARCHAR   NOT NULL,  -- the table of the import's own rows
    first_day      DATE      NOT NULL,
    day_after_last DATE      NOT NULL,
    begins_at      TIMESTAMP NOT NULL,  -- the first day's beginning, as the import's rows cut their days
    ends_at        TIMESTAMP NOT NULL,  -- the day after the last's
    card           VARCHAR   NOT NULL,  -- a card that the import has rows of, in plain letters; empty where rows name no card
    default_card   VARCHAR   NOT NULL,  -- of rows that name none, in plain letters
    agent          VARCHAR   NOT NULL   -- the one agent, in plain letters; empty for all
);

ALTER TABLE imports ADD COLUMN source_sha256 VARCHAR;  -- of the file that the table was read from, within an archive; NULL before this was kept
ALTER TABLE imports ADD COLUMN source_name VARCHAR;    -- of the file on the disk; NULL as above
ALTER TABLE imports ADD COLUMN read_with VARCHAR;      -- what of settings and version decides how a file is read; NULL as above
ALTER TABLE imports ADD COLUMN headers VARCHAR;        -- JSON: the columns as the file heads them; NULL as above

ALTER TABLE rejects ADD COLUMN cells VARCHAR;          -- JSON: the row's cells; NULL where it could not be cut into cells, or as above

-- Imports that were taken back. Their numbers are not given again.
CREATE TABLE undone_imports (
    import_id   INTEGER   NOT NULL,
    file_name   VARCHAR   NOT NULL,
    profile     VARCHAR   NOT NULL,
    imported_at TIMESTAMP NOT NULL,
    rows_read   BIGINT    NOT NULL,
    undone_at   TIMESTAMP NOT NULL,
    undone_by   VARCHAR   NOT NULL
);
