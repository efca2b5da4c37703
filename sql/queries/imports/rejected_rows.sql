-- rejected_rows: the rejected rows of an import, with the reason, the cells and the original text.
--
-- in    $import_id      INTEGER  which
-- in    $most_rows      BIGINT   maximum number of rows
-- out   headers         VARCHAR  JSON of the file's columns; NULL before that was recorded
-- out   line            BIGINT   1 is the header; for a sheet, its row
-- out   column_name     VARCHAR  empty if the whole row is invalid
-- out   reason          VARCHAR  what is wrong
-- out   original_text   VARCHAR  the row as in the file
-- out   cells           VARCHAR  JSON of the row's cells; empty if it could not be cut into cells, NULL before they were recorded

SELECT i.headers, r.line, r.column_name, r.reason, r.original_text, r.cells
FROM rejects AS r
JOIN imports AS i USING (import_id)
WHERE r.import_id = $import_id
ORDER BY r.line, r.column_name, r.reason, r.original_text
LIMIT $most_rows
