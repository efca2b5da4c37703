-- enter_source: take down how far and how a source was read.
--
-- in    $source             VARCHAR    in app.yaml
-- in    $import_id          INTEGER    as which its events count
-- in    $processed_through  TIMESTAMP  the newest processed time that was read, UTC; NULL where rows have none
-- in    $read_with          VARCHAR    what decided how the table was read

INSERT INTO source_tables (name, import_id, processed_through, read_with)
VALUES ($source, $import_id, $processed_through, $read_with)
