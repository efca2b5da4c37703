-- no_event_twice: ids among the latest events that the wallet has more than once.
-- Before a first import is committed DuckDB takes the wallet to be empty, and would hash all of its events to look for one import;
-- with coalesce it hashes the imports. Numbers are grouped in half the time of texts.
--
-- out   id         VARCHAR  the wallet's id, or the hash that stands for it
-- out   row_count  BIGINT   how often it occurs

WITH newest AS (
    SELECT max_by(import_id, version_after_last) AS import_id, min(import_id) < max(import_id) AS is_after_others
    FROM deliveries
    WHERE table_name = 'usage_events'
),
newest_after_others AS (
    SELECT import_id
    FROM newest
    WHERE is_after_others
),
others AS (
    SELECT import_id
    FROM imports
    WHERE import_id NOT IN (SELECT import_id FROM newest)
)
SELECT id, count(*) AS row_count
FROM usage_events
WHERE
    coalesce(import_id IN (SELECT import_id FROM newest), false)
    AND coalesce(hash(id) IN (
        SELECT hash(id)
        FROM usage_events
        WHERE coalesce(import_id IN (SELECT import_id FROM newest), false)
        GROUP BY hash(id)
        HAVING count(*) > 1
    ), false)
GROUP BY id
HAVING count(*) > 1
UNION ALL
SELECT id, 1 + count(*) AS row_count
FROM usage_events
WHERE
    coalesce(import_id IN (SELECT import_id FROM others), false)
    AND id IN (
        SELECT id
        FROM usage_events
        WHERE coalesce(import_id IN (SELECT import_id FROM newest_after_others), false)
    )
GROUP BY id
ORDER BY id
