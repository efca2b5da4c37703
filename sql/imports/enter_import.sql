-- enter_import: record a file in the ledger of imports, before its rows.
--
-- in    $import_id         INTEGER    its number
-- in    $sha256            VARCHAR    of the table read
-- in    $container_sha256  VARCHAR    of the file it came in
-- in    $file_name         VARCHAR    its name as delivered
-- in    $profile           VARCHAR    the recognised kind of export
-- in    $reading           VARCHAR    JSON of how it was read
-- in    $now               TIMESTAMP  UTC
-- in    $data_through      TIMESTAMP  latest instant in its data; NULL for tables without usage times
-- in    $source_sha256      VARCHAR    of the file that the table was read from, within an archive
-- in    $source_name        VARCHAR    of the file on the disk
-- in    $read_with          VARCHAR    the settings and version that decide how it is read
-- in    $headers            VARCHAR    JSON of the column headers in the file
-- in    $rows_read         BIGINT     all its rows
-- in    $rows_rejected     BIGINT     the invalid ones among them

INSERT INTO imports (
    import_id, sha256, container_sha256, file_name, profile, reading, imported_at, data_through, rows_read, rows_new, rows_changed,
    rows_same, rows_rejected, source_sha256, source_name, read_with, headers
)
VALUES (
    $import_id, $sha256, $container_sha256, $file_name, $profile, $reading, $now, $data_through, $rows_read, 0, 0, 0, $rows_rejected,
    $source_sha256, $source_name, $read_with, $headers
)
