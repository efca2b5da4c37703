-- source_table: the state of a source.
--
-- in    $source            VARCHAR    in app.yaml
-- out   import_id          INTEGER    the import that its events count as
-- out   processed_through  TIMESTAMP  the newest processed time that was read, UTC; NULL if rows have none
-- out   read_with          VARCHAR    the settings that decided how the table was read

SELECT import_id, processed_through, read_with
FROM source_tables
WHERE name = $source
ORDER BY import_id
