-- imported_file: the import that brought a table of this content in, if any.
--
-- in    $sha256        VARCHAR    of the table's bytes, or of the file that it came in
-- out   import_id      INTEGER    the earliest, were there two
-- out   profile        VARCHAR    what it was recognised as
-- out   reading        VARCHAR    JSON of how it was read
-- out   read_with      VARCHAR    what of settings and version decided how it was read; NULL before that was kept
-- out   imported_at    TIMESTAMP  when
-- out   data_through   TIMESTAMP  latest instant in its data
-- out   rows_read      BIGINT     all its rows
-- out   rows_rejected  BIGINT     those of them that made no sense

SELECT import_id, profile, reading, read_with, imported_at, data_through, rows_read, rows_rejected
FROM imports
WHERE sha256 = $sha256 OR container_sha256 = $sha256
ORDER BY import_id
LIMIT 1
