-- rollup_equals_rows: days whose rollup is not the sum of the rows behind it, in any grain.
--
-- out   grain        VARCHAR        event, hour or day
-- out   day          DATE           the day with a difference
-- out   row_credits  DECIMAL(38,6)  sum of the rows
-- out   credits      DECIMAL(38,6)  the rollup's value

WITH source AS (
    SELECT 'event' AS grain, day, sum(credits) AS credits, sum(row_count) AS row_count
    FROM (
        SELECT day, sum(credits) AS credits, count(*) AS row_count
        FROM usage_events
        GROUP BY day
        UNION ALL
        SELECT day, -sum(credits) AS credits, -count(*) AS row_count  -- without reading the ids of all other events
        FROM usage_events
        WHERE coalesce(id IN (SELECT id FROM repeated_rows WHERE grain = 'event'), false)  -- see no_event_twice
        GROUP BY day
        UNION ALL
        SELECT day, sum(credits) AS credits, sum(row_count) AS row_count
        FROM folded_events
        GROUP BY day
    )
    GROUP BY day
    HAVING sum(row_count) > 0
    UNION ALL
    SELECT 'hour' AS grain, day, sum(credits) AS credits, count(*) AS row_count
    FROM usage_hours
    WHERE
        (row_detail IS NULL OR row_detail = 'PROCESSED')
        AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'hour')
    GROUP BY day
    UNION ALL
    SELECT 'day' AS grain, day, sum(credits) AS credits, count(*) AS row_count
    FROM usage_days
    WHERE
        upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'
        AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'day')
    GROUP BY day
),
rolled AS (
    SELECT grain, day, sum(credits) AS credits, sum(row_count) AS row_count
    FROM usage_rollup
    WHERE grain IN ('event', 'hour', 'day')
    GROUP BY grain, day
)
SELECT
    coalesce(s.grain, r.grain) AS grain, coalesce(s.day, r.day) AS day,
    CAST(s.credits AS DECIMAL(38,6)) AS row_credits, CAST(r.credits AS DECIMAL(38,6)) AS credits
FROM source AS s
FULL JOIN rolled AS r ON r.grain = s.grain AND r.day = s.day
WHERE s.credits IS DISTINCT FROM r.credits OR s.row_count IS DISTINCT FROM r.row_count
ORDER BY grain, day
