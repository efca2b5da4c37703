-- enter_source: record how far and how a source was read.
--
-- in    $source             VARCHAR    in app.yaml
-- in    $import_id          INTEGER    the import that its events count as
-- in    $processed_through  TIMESTAMP  the newest processed time that was read, UTC; NULL if rows have none
-- in    $read_with          VARCHAR    the settings that decided how the table was read

INSERT INTO source_tables (name, import_id, processed_through, read_with)
VALUES ($source, $import_id, $processed_through, $read_with)
