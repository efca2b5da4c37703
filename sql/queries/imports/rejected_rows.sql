-- rejected_rows: the rows of a file that were not taken in, with the reason and the original text.
--
-- in    $sha256        VARCHAR  of the file, or of a table in it
-- in    $most_rows     BIGINT   rows to give at most
-- out   file_name      VARCHAR  as it was delivered
-- out   line           BIGINT   1 is the header; of a sheet, its row
-- out   column_name    VARCHAR  empty where the whole row is at fault
-- out   reason         VARCHAR  what is wrong
-- out   original_text  VARCHAR  the row as it stands in the file

SELECT r.file_name, r.line, r.column_name, r.reason, r.original_text
FROM rejects AS r
JOIN imports AS i USING (import_id)
WHERE i.sha256 = $sha256 OR i.container_sha256 = $sha256
ORDER BY r.file_name, r.line, r.column_name, r.reason, r.original_text
LIMIT $most_rows
