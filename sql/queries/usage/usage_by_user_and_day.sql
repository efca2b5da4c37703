-- usage_by_user_and_day: credits and actions of each day by person, and the usage that names nobody.
--
-- in    $card            VARCHAR        card
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- in    $environment     VARCHAR        NULL for all
-- in    $org             VARCHAR        NULL for all
-- in    $agent           VARCHAR        NULL for all
-- in    $department      VARCHAR        NULL for all
-- out   day              DATE           one row per day and person
-- out   name             VARCHAR        user id; empty for usage that names nobody
-- out   lacking_in       VARCHAR        event for usage that the card's export of events lacks; else empty
-- out   actions          DECIMAL(38,6)  actions
-- out   credits          DECIMAL(38,6)  credits, never dollars

WITH has_events AS (
    SELECT count(*) > 0 AS is_so FROM grain_days WHERE card = $card AND grain = 'event'
),
by_person AS (
    SELECT day, user_id, actions, credits
    FROM user_rollup
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
),
each_row AS (
    SELECT day, user_id AS name, 'event' AS grain, actions, credits FROM by_person
    UNION ALL
    SELECT day, '' AS name, 'event' AS grain, -actions, -credits FROM by_person
    UNION ALL
    SELECT day, '' AS name, grain, actions, credits
    FROM usage
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
)
SELECT
    r.day, r.name,
    CASE WHEN h.is_so AND r.grain <> 'event' THEN 'event' ELSE '' END AS lacking_in,
    sum(r.actions) AS actions,
    sum(r.credits) AS credits
FROM each_row AS r
CROSS JOIN has_events AS h
GROUP BY r.day, r.name, lacking_in
HAVING sum(r.actions) <> 0 OR sum(r.credits) <> 0
ORDER BY r.day, r.name, lacking_in
