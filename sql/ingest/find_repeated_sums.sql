-- find_repeated_sums: day and hour rows of the touched days that another delivery also has, one of them without a key.
--
-- For one day or hour, card and whatever else all rows state, the delivery with most credits counts. If every row has a
-- key, all are of one form, and none is repeated.

INSERT INTO repeated_rows
WITH each_row AS (
    SELECT
        'day' AS grain, id, day, CAST(day AS TIMESTAMP) AS bucket, card_definition, usage_type, environment, credits
    FROM usage_days
    WHERE day IN (SELECT day FROM touched_days)
        AND upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'
    UNION ALL
    SELECT
        'hour' AS grain, id, day, hour_start AS bucket, card_definition, usage_type, environment, credits
    FROM usage_hours
    WHERE day IN (SELECT day FROM touched_days)
        AND (row_detail IS NULL OR row_detail = 'PROCESSED')
),
keyed AS (
    SELECT
        grain, id, day, bucket, coalesce(card_definition, '') AS card, credits,
        CASE WHEN starts_with(id, '#') THEN substr(id, 2, 8) ELSE '' END AS form,
        CASE WHEN count(*) OVER alike = count(usage_type) OVER alike THEN usage_type END AS usage_type,
        CASE WHEN count(*) OVER alike = count(environment) OVER alike THEN lower(trim(environment)) END AS environment
    FROM each_row
    WINDOW alike AS (PARTITION BY grain, bucket, coalesce(card_definition, ''))
),
summed AS (
    SELECT grain, bucket, card, usage_type, environment, form, sum(credits) AS credits
    FROM keyed
    GROUP BY grain, bucket, card, usage_type, environment, form
),
ranked AS (
    SELECT
        grain, bucket, card, usage_type, environment, form,
        row_number() OVER (
            PARTITION BY grain, bucket, card, usage_type, environment ORDER BY credits DESC, form = '' DESC, form DESC
        ) AS place
    FROM summed
)
SELECT k.grain, k.day, k.id
FROM keyed AS k
JOIN ranked AS r
    ON
        r.grain = k.grain AND r.bucket = k.bucket AND r.card = k.card AND r.form = k.form
        AND r.usage_type IS NOT DISTINCT FROM k.usage_type AND r.environment IS NOT DISTINCT FROM k.environment
WHERE r.place > 1
ORDER BY k.grain, k.day, k.id
