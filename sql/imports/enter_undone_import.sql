-- enter_undone_import: record an import that was undone.
--
-- in    $import_id    INTEGER    its number
-- in    $file_name    VARCHAR    its name as delivered
-- in    $profile      VARCHAR    the recognised kind of export
-- in    $imported_at  TIMESTAMP  when it was imported, UTC
-- in    $rows_read    BIGINT     all its rows
-- in    $undone_at    TIMESTAMP  UTC
-- in    $undone_by    VARCHAR    who undid it

INSERT INTO undone_imports VALUES ($import_id, $file_name, $profile, $imported_at, $rows_read, $undone_at, $undone_by)
