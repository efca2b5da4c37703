-- newest_import: the file that was imported last.
--
-- out   import_id  INTEGER  its number
-- out   file_name  VARCHAR  its name

SELECT import_id, file_name
FROM imports
ORDER BY import_id DESC
LIMIT 1
