-- find_repeated_events: events of the touched days without a key that another delivery also has.
--
-- For one minute, amount and whatever else all of them state, as many events count as the delivery with most of them
-- has: those with a key all do. The delivery that states most columns comes first.

INSERT INTO repeated_rows
WITH each_event AS (
    SELECT
        id, day, event_time, date_trunc('minute', event_time) AS minute, credits, root_resource, resource, user_id, reporting_org,
        environment, CASE WHEN starts_with(id, '#') THEN substr(id, 2, 8) ELSE '' END AS form
    FROM usage_events
    WHERE day IN (SELECT day FROM touched_days) AND NOT starts_with(id, '#d')  -- sums of days: find_repeated_day_sums
),
mixed AS (
    SELECT minute, credits
    FROM each_event
    GROUP BY minute, credits
    HAVING count(DISTINCT form) > 1
),
keyed AS (
    SELECT
        e.id, e.day, e.form, e.minute, e.credits, e.event_time,
        CASE WHEN count(*) FILTER (e.event_time = e.minute) OVER alike = 0 THEN e.event_time END AS instant,
        CASE WHEN count(*) OVER alike = count(e.root_resource) OVER alike THEN e.root_resource END AS agent,
        CASE WHEN count(*) OVER alike = count(e.resource) OVER alike THEN e.resource END AS action,
        CASE WHEN count(*) OVER alike = count(e.user_id) OVER alike THEN e.user_id END AS user_id,
        CASE WHEN count(*) OVER alike = count(e.reporting_org) OVER alike THEN substr(e.reporting_org, 1, 15) END AS org,
        CASE WHEN count(*) OVER alike = count(e.environment) OVER alike THEN lower(trim(e.environment)) END AS environment
    FROM each_event AS e
    JOIN mixed AS m ON m.minute = e.minute AND m.credits = e.credits
    WINDOW alike AS (PARTITION BY e.minute, e.credits)
),
numbered AS (
    SELECT
        id, day, form, minute, credits, instant, agent, action, user_id, org, environment,
        row_number() OVER (
            PARTITION BY minute, credits, instant, agent, action, user_id, org, environment, form ORDER BY event_time, id
        ) AS nth,
        count(*) OVER (PARTITION BY minute, credits, instant, agent, action, user_id, org, environment, form) AS in_form,
        count(*) FILTER (form = '') OVER (PARTITION BY minute, credits, instant, agent, action, user_id, org, environment) AS with_key
    FROM keyed
),
ranked AS (
    SELECT
        id, day, form, nth, with_key,
        first_value(form) OVER (
            PARTITION BY minute, credits, instant, agent, action, user_id, org, environment
            ORDER BY form = '', in_form DESC, form DESC
        ) AS fullest_form
    FROM numbered
)
SELECT 'event' AS grain, day, id
FROM ranked
WHERE form <> '' AND (form <> fullest_form OR nth <= with_key)
ORDER BY day, id
