-- source_table: what is known of a source.
--
-- in    $source            VARCHAR    in app.yaml
-- out   import_id          INTEGER    as which its events count
-- out   processed_through  TIMESTAMP  the newest processed time that was read, UTC; NULL where rows have none
-- out   read_with          VARCHAR    what decided how the table was read

SELECT import_id, processed_through, read_with
FROM source_tables
WHERE name = $source
ORDER BY import_id
