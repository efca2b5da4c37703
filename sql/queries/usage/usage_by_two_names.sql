-- usage_by_two_names: credits and actions of each day by what used them, by one or two names.
--
-- in    $by              VARCHAR        agent, action, department, use case, environment, org or type; NULL for none
-- in    $then_by         VARCHAR        another of these; NULL for none
-- in    $card            VARCHAR        card
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- in    $grain           VARCHAR        event, hour or day; NULL for the most complete
-- in    $environment     VARCHAR        NULL for all
-- in    $org             VARCHAR        NULL for all
-- in    $agent           VARCHAR        NULL for all
-- in    $department      VARCHAR        NULL for all
-- in    $action          VARCHAR        NULL for all
-- in    $use_case        VARCHAR        NULL for all
-- out   day              DATE           one row per day and pair of names
-- out   name             VARCHAR        empty if the export does not say
-- out   other_name       VARCHAR        empty if the export does not say, or no second name is requested
-- out   lacking_in       VARCHAR        event or hour for nameless usage that the card's export of these lacks; else empty
-- out   actions          DECIMAL(38,6)  actions
-- out   credits          DECIMAL(38,6)  credits, never dollars

WITH finest AS (
    SELECT CASE WHEN bool_or(grain = 'event') THEN 'event' WHEN bool_or(grain = 'hour') THEN 'hour' ELSE '' END AS grain
    FROM grain_days
    WHERE card = $card
),
named AS (
    SELECT
        day, grain, actions, credits,
        CASE $by
            WHEN 'agent' THEN agent
            WHEN 'action' THEN action
            WHEN 'department' THEN department
            WHEN 'use case' THEN use_case
            WHEN 'environment' THEN environment
            WHEN 'org' THEN org
            WHEN 'type' THEN usage_type
            ELSE ''
        END AS name,
        CASE $then_by
            WHEN 'agent' THEN agent
            WHEN 'action' THEN action
            WHEN 'department' THEN department
            WHEN 'use case' THEN use_case
            WHEN 'environment' THEN environment
            WHEN 'org' THEN org
            WHEN 'type' THEN usage_type
            ELSE ''
        END AS other_name
    FROM usage_rollup
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last
        AND CASE WHEN $grain IS NULL THEN is_finest ELSE grain = $grain END
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
        AND ($action IS NULL OR action = $action) AND ($use_case IS NULL OR use_case = $use_case)
)
SELECT
    n.day, n.name, n.other_name,
    CASE WHEN n.name = '' AND $grain IS NULL AND n.grain NOT IN ('event', f.grain) THEN f.grain ELSE '' END AS lacking_in,
    sum(n.actions) AS actions,
    sum(n.credits) AS credits
FROM named AS n
CROSS JOIN finest AS f
GROUP BY n.day, n.name, n.other_name, lacking_in
ORDER BY n.day, n.name, n.other_name, lacking_in
