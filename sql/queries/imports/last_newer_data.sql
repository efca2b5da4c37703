-- last_newer_data: the last import with usage newer than in all imports before it.
--
-- out   import_id     INTEGER    its number
-- out   imported_at   TIMESTAMP  when, UTC
-- out   data_through  TIMESTAMP  latest instant in its data, UTC

SELECT import_id, imported_at, data_through
FROM (
    SELECT
        import_id, imported_at, data_through, rows_new + rows_changed AS rows_in,
        max(data_through) OVER (ORDER BY import_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS known_through
    FROM imports
    WHERE profile <> 'ai_usage' AND data_through IS NOT NULL
)
WHERE rows_in > 0 AND (known_through IS NULL OR data_through > known_through)
ORDER BY import_id DESC
LIMIT 1
