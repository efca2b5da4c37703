-- enter_undone_import: an import that was taken back.
--
-- in    $import_id    INTEGER    its number
-- in    $file_name    VARCHAR    as it was delivered
-- in    $profile      VARCHAR    what it was recognised as
-- in    $imported_at  TIMESTAMP  when it came, UTC
-- in    $rows_read    BIGINT     all its rows
-- in    $undone_at    TIMESTAMP  UTC
-- in    $undone_by    VARCHAR    who took it back

INSERT INTO undone_imports VALUES ($import_id, $file_name, $profile, $imported_at, $rows_read, $undone_at, $undone_by)
