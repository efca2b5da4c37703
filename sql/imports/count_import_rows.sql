-- count_import_rows: what became of an import's rows.
--
-- in    $import_id  INTEGER  which
-- in    $new        BIGINT   rows that were not there
-- in    $changed    BIGINT   rows that say otherwise than before, and count
-- in    $same       BIGINT   rows that were there, or do not count

UPDATE imports
SET rows_new = $new, rows_changed = $changed, rows_same = $same
WHERE import_id = $import_id
