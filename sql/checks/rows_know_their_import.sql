-- rows_know_their_import: rows whose import is missing from the ledger of imports.
--
-- out   table_name  VARCHAR  its id
-- out   import_id   INTEGER  the missing import
-- out   row_count   BIGINT   how many rows refer to it

SELECT table_name, import_id, row_count
FROM (
    SELECT 'usage_events' AS table_name, import_id, count(*) AS row_count FROM usage_events GROUP BY import_id
    UNION ALL SELECT 'usage_hours' AS table_name, import_id, count(*) AS row_count FROM usage_hours GROUP BY import_id
    UNION ALL SELECT 'usage_days' AS table_name, import_id, count(*) AS row_count FROM usage_days GROUP BY import_id
    UNION ALL SELECT 'entitlements' AS table_name, import_id, count(*) AS row_count FROM entitlements GROUP BY import_id
    UNION ALL SELECT 'ai_usage' AS table_name, import_id, count(*) AS row_count FROM ai_usage GROUP BY import_id
    UNION ALL
    SELECT 'balance_snapshots' AS table_name, import_id, count(*) AS row_count FROM balance_snapshots GROUP BY import_id
    UNION ALL
    SELECT 'folded_events' AS table_name, import_id, count(*) AS row_count FROM folded_events WHERE import_id IS NOT NULL GROUP BY import_id
    UNION ALL SELECT 'rejects' AS table_name, import_id, count(*) AS row_count FROM rejects GROUP BY import_id
)
WHERE import_id NOT IN (SELECT import_id FROM imports)
ORDER BY table_name, import_id
