-- count_import_rows: record the outcome of an import's rows.
--
-- in    $import_id  INTEGER  which
-- in    $new        BIGINT   new rows
-- in    $changed    BIGINT   rows that differ from before, and count
-- in    $same       BIGINT   rows that existed already, or do not count

UPDATE imports
SET rows_new = $new, rows_changed = $changed, rows_same = $same
WHERE import_id = $import_id
