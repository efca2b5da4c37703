-- undone_imports_listed: imports that were undone, latest first.
--
-- in    $most_rows   BIGINT     maximum number of imports
-- out   import_id    INTEGER    its number
-- out   file_name    VARCHAR    its name as delivered
-- out   undone_at    TIMESTAMP  when, UTC
-- out   undone_by    VARCHAR    who

SELECT import_id, file_name, undone_at, undone_by
FROM undone_imports
ORDER BY undone_at DESC, import_id DESC
LIMIT $most_rows
