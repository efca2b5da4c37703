-- usage_by_name: what used the credits, biggest first, now and in the period before.
--
-- in    $by                VARCHAR        agent, action, department, use case, environment, org or type
-- in    $card              VARCHAR        card
-- in    $before_first_day  DATE           first day of the period before; $first_day for none
-- in    $first_day         DATE           first day counted
-- in    $day_after_last    DATE           first day not counted
-- in    $grain             VARCHAR        event, hour or day; NULL for the most complete
-- in    $environment       VARCHAR        NULL for all
-- in    $org               VARCHAR        NULL for all
-- in    $agent             VARCHAR        NULL for all
-- in    $department        VARCHAR        NULL for all
-- out   name               VARCHAR        one row per name; empty if the export does not say
-- out   lacking_in         VARCHAR        event or hour for nameless usage that the card's export of these lacks; else empty
-- out   actions            DECIMAL(38,6)  actions
-- out   credits            DECIMAL(38,6)  credits, never dollars
-- out   credits_before     DECIMAL(38,6)  credits of the period before

WITH finest AS (
    SELECT CASE WHEN bool_or(grain = 'event') THEN 'event' WHEN bool_or(grain = 'hour') THEN 'hour' ELSE '' END AS grain
    FROM grain_days
    WHERE card = $card
),
named AS (
    SELECT
        CASE $by
            WHEN 'agent' THEN agent
            WHEN 'action' THEN action
            WHEN 'department' THEN department
            WHEN 'use case' THEN use_case
            WHEN 'environment' THEN environment
            WHEN 'org' THEN org
            WHEN 'type' THEN usage_type
        END AS name,
        grain, day >= $first_day AS is_now, actions, credits
    FROM usage_rollup
    WHERE
        card = $card AND day >= $before_first_day AND day < $day_after_last
        AND CASE WHEN $grain IS NULL THEN is_finest ELSE grain = $grain END
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
)
SELECT
    n.name,
    CASE WHEN n.name = '' AND $grain IS NULL AND n.grain NOT IN ('event', f.grain) THEN f.grain ELSE '' END AS lacking_in,
    coalesce(sum(actions) FILTER (is_now), 0) AS actions,
    coalesce(sum(credits) FILTER (is_now), 0) AS credits,
    coalesce(sum(credits) FILTER (NOT is_now), 0) AS credits_before
FROM named AS n
CROSS JOIN finest AS f
GROUP BY n.name, lacking_in
ORDER BY credits DESC, n.name, lacking_in
