-- usage_by_user: which people used the credits, biggest first, and the usage that names nobody.
--
-- in    $card              VARCHAR        card
-- in    $before_first_day  DATE           first day of the period before; $first_day for none
-- in    $first_day         DATE           first day counted
-- in    $day_after_last    DATE           first day not counted
-- in    $environment       VARCHAR        NULL for all
-- in    $org               VARCHAR        NULL for all
-- in    $agent             VARCHAR        NULL for all
-- in    $department        VARCHAR        NULL for all
-- out   name               VARCHAR        user id; empty for usage that names nobody
-- out   lacking_in         VARCHAR        event for usage that the card's export of events lacks; else empty
-- out   actions            DECIMAL(38,6)  actions
-- out   credits            DECIMAL(38,6)  credits, never dollars
-- out   credits_before     DECIMAL(38,6)  credits of the period before

WITH has_events AS (
    SELECT count(*) > 0 AS is_so FROM grain_days WHERE card = $card AND grain = 'event'
),
each_row AS (
    SELECT user_id AS name, 'event' AS grain, day >= $first_day AS is_now, actions, credits
    FROM user_rollup
    WHERE
        card = $card AND day >= $before_first_day AND day < $day_after_last
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
    UNION ALL
    SELECT '' AS name, 'event' AS grain, day >= $first_day AS is_now, -actions, -credits
    FROM user_rollup
    WHERE
        card = $card AND day >= $before_first_day AND day < $day_after_last
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
    UNION ALL
    SELECT '' AS name, grain, day >= $first_day AS is_now, actions, credits
    FROM usage
    WHERE
        card = $card AND day >= $before_first_day AND day < $day_after_last
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
)
SELECT
    r.name,
    CASE WHEN h.is_so AND r.grain <> 'event' THEN 'event' ELSE '' END AS lacking_in,
    coalesce(sum(actions) FILTER (is_now), 0) AS actions,
    coalesce(sum(credits) FILTER (is_now), 0) AS credits,
    coalesce(sum(credits) FILTER (NOT is_now), 0) AS credits_before
FROM each_row AS r
CROSS JOIN has_events AS h
GROUP BY r.name, lacking_in
ORDER BY credits DESC, r.name, lacking_in
