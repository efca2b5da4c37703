-- next_import_id: the number of the next import; the number of an undone one is not used again.
--
-- out   import_id  INTEGER  from 1

SELECT CAST(coalesce(max(import_id), 0) + 1 AS INTEGER) AS import_id
FROM (
    SELECT import_id FROM imports
    UNION ALL
    SELECT import_id FROM undone_imports
)
ORDER BY import_id
