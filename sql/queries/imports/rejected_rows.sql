-- rejected_rows: the rows of an import that were not taken in, with the reason, the cells and the original text.
--
-- in    $import_id      INTEGER  which
-- in    $most_rows      BIGINT   rows to give at most
-- out   headers         VARCHAR  JSON of the file's columns; NULL before that was kept
-- out   line            BIGINT   1 is the header; of a sheet, its row
-- out   column_name     VARCHAR  empty where the whole row is at fault
-- out   reason          VARCHAR  what is wrong
-- out   original_text   VARCHAR  the row as it is in the file
-- out   cells           VARCHAR  JSON of the row's cells; empty where it could not be cut into cells, NULL before they were kept

SELECT i.headers, r.line, r.column_name, r.reason, r.original_text, r.cells
FROM rejects AS r
JOIN imports AS i USING (import_id)
WHERE r.import_id = $import_id
ORDER BY r.line, r.column_name, r.reason, r.original_text
LIMIT $most_rows
