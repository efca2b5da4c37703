-- import_by_id: one import.
--
-- in    $import_id         INTEGER    its number
-- out   import_id          INTEGER    the same
-- out   file_name          VARCHAR    its name as delivered
-- out   profile            VARCHAR    the recognised kind of export
-- out   container_sha256   VARCHAR    of the file it came in
-- out   source_sha256      VARCHAR    of the file that the table was read from; NULL before that was recorded
-- out   source_name        VARCHAR    name of the file on disk; NULL as above
-- out   imported_at        TIMESTAMP  when, UTC
-- out   rows_read          BIGINT     all its rows

SELECT import_id, file_name, profile, container_sha256, source_sha256, source_name, imported_at, rows_read
FROM imports
WHERE import_id = $import_id
ORDER BY import_id
