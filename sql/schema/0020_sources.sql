-- Tables of events that stay in an engine of the company's own: what the engine adds up lies beside the folded events.

ALTER TABLE folded_events ADD COLUMN IF NOT EXISTS import_id INTEGER;  -- of a source; NULL where rows were folded here

-- What is known of each source: how far it was read, and how.
CREATE TABLE IF NOT EXISTS source_tables (
    name              VARCHAR   NOT NULL,  -- in app.yaml
    import_id         INTEGER   NOT NULL,  -- as which its events count
    processed_through TIMESTAMP,           -- the newest processed time that was read, UTC; NULL where rows have none
    read_with         VARCHAR   NOT NULL   -- what decides how the table is read; where it changes, all of it is read anew
);
