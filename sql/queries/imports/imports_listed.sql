-- imports_listed: every import and what counts of it now, newest first.
-- A row that several imports deliver counts as that one's whose data goes furthest.
--
-- in    $most_rows        BIGINT         imports to give at most
-- out   import_id         INTEGER        its number
-- out   imported_at       TIMESTAMP      when, UTC
-- out   file_name         VARCHAR        as it was delivered
-- out   profile           VARCHAR        what it was recognised as
-- out   data_through      TIMESTAMP      latest instant in its data, UTC; NULL for what has no times of use
-- out   rows_read         BIGINT         all its rows
-- out   rows_rejected     BIGINT         those of them that made no sense
-- out   counted_rows      BIGINT         rows that count as its own now
-- out   counted_credits   DECIMAL(38,6)  what those of usage or of the ledger come to; NULL of others
-- out   container_sha256  VARCHAR        of the file it came in
-- out   replaced_from     DATE           first day for which it was declared the truth; NULL where it was not
-- out   replaced_to       DATE           the day after the last such day; NULL where that was not said
-- out   is_folded         BOOLEAN        whether rows of it were folded into sums, so that it cannot be taken back

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
