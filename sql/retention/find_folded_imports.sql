-- find_folded_imports: imports that delivered a row to be folded, or are authoritative for its day; and what counts of each.

INSERT INTO folded_imports
WITH closing AS (
    SELECT 'usage_events' AS table_name, version, import_id, credits, true AS is_counted
    FROM usage_events
    WHERE day IN (SELECT day FROM closing_days WHERE table_name = 'usage_events')
    UNION ALL
    SELECT 'usage_events' AS table_name, version, import_id, credits, false AS is_counted
    FROM superseded_usage_events
    WHERE day IN (SELECT day FROM closing_days WHERE table_name = 'usage_events')
    UNION ALL
    SELECT 'ai_usage' AS table_name, version, import_id, NULL AS credits, true AS is_counted
    FROM ai_usage
    WHERE day IN (SELECT day FROM closing_days WHERE table_name = 'ai_usage')
    UNION ALL
    SELECT 'ai_usage' AS table_name, version, import_id, NULL AS credits, false AS is_counted
    FROM superseded_ai_usage
    WHERE day IN (SELECT day FROM closing_days WHERE table_name = 'ai_usage')
),
delivered AS (
    SELECT DISTINCT d.import_id
    FROM deliveries AS d
    JOIN closing AS c ON c.table_name = d.table_name AND c.version >= d.first_version AND c.version < d.version_after_last
    UNION
    SELECT DISTINCT r.import_id
    FROM replaced_days AS r
    JOIN closing_days AS c ON c.day >= r.first_day AND c.day < r.day_after_last
),
counted AS (
    SELECT import_id, count(*) AS row_count, sum(credits) AS credits
    FROM closing
    WHERE is_counted
    GROUP BY import_id
)
SELECT coalesce(d.import_id, c.import_id) AS import_id, coalesce(c.row_count, 0) AS row_count, c.credits
FROM delivered AS d
FULL JOIN counted AS c ON c.import_id = d.import_id
