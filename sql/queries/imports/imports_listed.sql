-- imports_listed: every import and what now counts of it, newest first.
-- A row that several imports deliver counts for the import whose data goes furthest.
--
-- in    $most_rows        BIGINT         maximum number of imports
-- out   import_id         INTEGER        its number
-- out   imported_at       TIMESTAMP      when, UTC
-- out   file_name         VARCHAR        its name as delivered
-- out   profile           VARCHAR        the recognised kind of export
-- out   data_through      TIMESTAMP      latest instant in its data, UTC; NULL for tables without usage times
-- out   rows_read         BIGINT         all its rows
-- out   rows_rejected     BIGINT         the invalid ones among them
-- out   counted_rows      BIGINT         rows now counted as its own
-- out   counted_credits   DECIMAL(38,6)  their total for usage or the ledger; NULL for others
-- out   container_sha256  VARCHAR        of the file it came in
-- out   replaced_from     DATE           first day for which it was declared authoritative; NULL if it was not
-- out   replaced_to       DATE           the day after the last such day; NULL if it was not declared
-- out   is_folded         BOOLEAN        whether its rows were folded into sums, so that it cannot be undone

WITH held AS (
    SELECT import_id, count(*) AS row_count, sum(credits) AS credits FROM usage_events GROUP BY import_id
    UNION ALL
    SELECT import_id, count(*) AS row_count, sum(credits) AS credits FROM usage_hours GROUP BY import_id
    UNION ALL
    SELECT import_id, count(*) AS row_count, sum(credits) AS credits FROM usage_days GROUP BY import_id
    UNION ALL
    SELECT import_id, count(*) AS row_count, sum(credits) AS credits FROM entitlements GROUP BY import_id
    UNION ALL
    SELECT import_id, count(*) AS row_count, NULL AS credits FROM ai_usage GROUP BY import_id
    UNION ALL
    SELECT import_id, count(*) AS row_count, NULL AS credits FROM balance_snapshots GROUP BY import_id
    UNION ALL
    SELECT import_id, row_count, credits FROM folded_imports
    UNION ALL
    SELECT import_id, sum(row_count) AS row_count, sum(credits) AS credits FROM folded_events WHERE import_id IS NOT NULL GROUP BY import_id
),
replaced AS (
    SELECT import_id, min(first_day) AS first_day, max(day_after_last) AS day_after_last FROM replaced_days GROUP BY import_id
)
SELECT
    i.import_id, i.imported_at, i.file_name, i.profile, i.data_through, i.rows_read, i.rows_rejected,
    CAST(coalesce(sum(h.row_count), 0) AS BIGINT) AS counted_rows, CAST(sum(h.credits) AS DECIMAL(38,6)) AS counted_credits,
    i.container_sha256, r.first_day AS replaced_from, r.day_after_last AS replaced_to,
    i.import_id IN (SELECT import_id FROM folded_imports) AS is_folded
FROM imports AS i
LEFT JOIN held AS h ON h.import_id = i.import_id
LEFT JOIN replaced AS r ON r.import_id = i.import_id
GROUP BY ALL
ORDER BY i.import_id DESC
LIMIT $most_rows
