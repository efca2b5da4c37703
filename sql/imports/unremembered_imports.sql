-- unremembered_imports: imports from before deliveries were recorded, not read again since, that may have, or have lost, rows of
-- those in the temporary table `leaving`, which are as old: of two imports the later one repeated or changed something.
--
-- out   import_id  INTEGER  its number
-- out   file_name  VARCHAR  its name as delivered

WITH old AS (
    SELECT DISTINCT
        i.import_id, i.file_name, i.read_with IS NULL AS is_unread, i.rows_same + i.rows_changed > 0 AS has_overlaps, d.table_name
    FROM imports AS i
    LEFT JOIN deliveries AS d ON d.import_id = i.import_id
    WHERE i.imported_at <= (SELECT applied_at FROM schema_migrations WHERE name = '0008_deliveries')
)
SELECT DISTINCT k.import_id, k.file_name
FROM old AS k
JOIN old AS n
    ON
        n.import_id IN (SELECT import_id FROM leaving)
        AND coalesce(k.table_name, n.table_name) IS NOT DISTINCT FROM coalesce(n.table_name, k.table_name)
        AND CASE WHEN k.import_id > n.import_id THEN k.has_overlaps ELSE n.has_overlaps END
WHERE k.is_unread AND k.import_id NOT IN (SELECT import_id FROM leaving)
ORDER BY k.import_id
