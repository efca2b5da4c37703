-- imported_file: the import of a table with this content, if any.
--
-- in    $sha256        VARCHAR    of the table's bytes, or of the file that it came in
-- out   import_id      INTEGER    the earliest, if there are two
-- out   profile        VARCHAR    the recognised kind of export
-- out   reading        VARCHAR    JSON of how it was read
-- out   read_with      VARCHAR    the settings and version that decided how it was read; NULL before that was recorded
-- out   imported_at    TIMESTAMP  when
-- out   data_through   TIMESTAMP  latest instant in its data
-- out   rows_read      BIGINT     all its rows
-- out   rows_rejected  BIGINT     the invalid ones among them

SELECT import_id, profile, reading, read_with, imported_at, data_through, rows_read, rows_rejected
FROM imports
WHERE sha256 = $sha256 OR container_sha256 = $sha256
ORDER BY import_id
LIMIT 1
