-- find_repeated_days: which day rows of the touched days another delivery describes as well, one of them without a key.
--
-- Of one day and card, and of what else all rows state, the delivery that holds most counts.

INSERT INTO repeated_rows
WITH each_row AS (
    SELECT
        id, day, day AS bucket, coalesce(card_definition, '') AS card, usage_type, environment, credits,
        CASE WHEN starts_with(id, '#') THEN substr(id, 2, 8) ELSE '' END AS form
    FROM usage_days
    WHERE day IN (SELECT day FROM touched_days)
        AND upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'
),
keyed AS (
    SELECT
        id, day, bucket, card, credits, form,
        CASE WHEN count(*) OVER alike = count(usage_type) OVER alike THEN usage_type END AS usage_type,
        CASE WHEN count(*) OVER alike = count(environment) OVER alike THEN lower(trim(environment)) END AS environment
    FROM each_row
    WINDOW alike AS (PARTITION BY bucket, card)
),
summed AS (
    SELECT bucket, card, usage_type, environment, form, sum(credits) AS credits
    FROM keyed
    GROUP BY bucket, card, usage_type, environment, form
),
ranked AS (
    SELECT
        bucket, card, usage_type, environment, form,
        row_number() OVER (
            PARTITION BY bucket, card, usage_type, environment ORDER BY credits DESC, form = '' DESC, form DESC
        ) AS place
    FROM summed
)
SELECT 'day' AS grain, k.day, k.id
FROM keyed AS k
JOIN ranked AS r
    ON
        r.bucket = k.bucket AND r.card = k.card AND r.form = k.form
        AND r.usage_type IS NOT DISTINCT FROM k.usage_type AND r.environment IS NOT DISTINCT FROM k.environment
WHERE r.place > 1
ORDER BY k.day, k.id
