-- rejects_by_reason: what was wrong with the rows of an import, most frequent first.
--
-- in    $import_id    INTEGER  which import
-- out   column_name   VARCHAR  header in the file; empty if the whole row is invalid
-- out   reason        VARCHAR  what is wrong
-- out   row_count     BIGINT   rejected rows
-- out   first_line    BIGINT   the first line affected

SELECT column_name, reason, count(*) AS row_count, min(line) AS first_line
FROM rejects
WHERE import_id = $import_id
GROUP BY column_name, reason
ORDER BY row_count DESC, first_line, column_name, reason
