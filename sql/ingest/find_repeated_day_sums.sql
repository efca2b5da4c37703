-- find_repeated_day_sums: rows of the touched days that another delivery also has, where sums by agent and day were delivered.
--
-- Of a day and agent, and of card and organisation where all of them state one, the delivery with most credits counts: single
-- events before sums that come to as much, and finer sums before coarser ones.

INSERT INTO repeated_rows
WITH each_row AS (
    SELECT
        id, day, credits, CASE WHEN starts_with(id, '#d') THEN substr(id, 2, 8) ELSE '' END AS form,
        lower(regexp_replace(coalesce(root_resource, ''), '[\s_]+', '', 'g')) AS agent,
        lower(regexp_replace(coalesce(card_definition, card_name), '[\s_-]+', '', 'g')) AS card,
        substr(reporting_org, 1, 15) AS org
    FROM usage_events
    WHERE
        day IN (SELECT day FROM touched_days)
        AND day IN (SELECT day FROM usage_events WHERE starts_with(id, '#d'))
        AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'event')
),
comparable AS (
    SELECT
        id, day, credits, form, agent,
        CASE WHEN count(*) OVER alike = count(card) OVER alike THEN card END AS card,
        CASE WHEN count(*) OVER alike = count(org) OVER alike THEN org END AS org
    FROM each_row
    WINDOW alike AS (PARTITION BY day, agent)
),
delivered AS (
    SELECT day, agent, card, org, form, sum(credits) AS credits
    FROM comparable
    GROUP BY day, agent, card, org, form
),
fullest AS (
    SELECT
        day, agent, card, org,
        first_value(form) OVER (PARTITION BY day, agent, card, org ORDER BY credits DESC, form = '' DESC, form DESC) AS form
    FROM delivered
    QUALIFY row_number() OVER (PARTITION BY day, agent, card, org ORDER BY credits DESC, form = '' DESC, form DESC) = 1
)
SELECT 'event' AS grain, c.day, c.id
FROM comparable AS c
JOIN fullest AS f
    ON f.day = c.day AND f.agent = c.agent AND f.card IS NOT DISTINCT FROM c.card AND f.org IS NOT DISTINCT FROM c.org
WHERE c.form <> f.form
ORDER BY c.day, c.id
