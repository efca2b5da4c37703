-- undone_import_by_id: an import that was undone.
--
-- in    $import_id   INTEGER    its number
-- out   import_id    INTEGER    the same
-- out   file_name    VARCHAR    its name as delivered
-- out   undone_at    TIMESTAMP  when, UTC
-- out   undone_by    VARCHAR    who

SELECT import_id, file_name, undone_at, undone_by
FROM undone_imports
WHERE import_id = $import_id
ORDER BY undone_at DESC
LIMIT 1
