-- imports_of_source: the imports that were read from a file, one for each of its tables.
--
-- in    $sha256        VARCHAR    of the file
-- out   import_id      INTEGER    its number
-- out   imported_at    TIMESTAMP  when, UTC
-- out   rows_rejected  BIGINT     invalid rows

SELECT import_id, imported_at, rows_rejected
FROM imports
WHERE source_sha256 = $sha256 OR (source_sha256 IS NULL AND (sha256 = $sha256 OR container_sha256 = $sha256))
ORDER BY import_id
