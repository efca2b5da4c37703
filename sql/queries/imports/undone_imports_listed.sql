-- undone_imports_listed: imports that were taken back, the last first.
--
-- in    $most_rows   BIGINT     imports to give at most
-- out   import_id    INTEGER    its number
-- out   file_name    VARCHAR    as it was delivered
-- out   undone_at    TIMESTAMP  when, UTC
-- out   undone_by    VARCHAR    who

SELECT import_id, file_name, undone_at, undone_by
FROM undone_imports
ORDER BY undone_at DESC, import_id DESC
LIMIT $most_rows
