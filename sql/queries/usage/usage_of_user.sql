-- usage_of_user: credits and actions that one person used each day, by one or two names.
--
-- in    $user            VARCHAR        user id, as the events name it
-- in    $by              VARCHAR        agent, department, environment or org; NULL for none
-- in    $then_by         VARCHAR        another of these; NULL for none
-- in    $card            VARCHAR        card
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- in    $environment     VARCHAR        NULL for all
-- in    $org             VARCHAR        NULL for all
-- in    $agent           VARCHAR        NULL for all
-- in    $department      VARCHAR        NULL for all
-- out   day              DATE           one row per day and pair of names
-- out   name             VARCHAR        empty if the events do not say
-- out   other_name       VARCHAR        empty if the events do not say, or no second name is requested
-- out   lacking_in       VARCHAR        always empty: only events name people
-- out   actions          DECIMAL(38,6)  actions
-- out   credits          DECIMAL(38,6)  credits, never dollars

WITH named AS (
    SELECT
        day, actions, credits,
        CASE $by
            WHEN 'agent' THEN agent
            WHEN 'department' THEN department
            WHEN 'environment' THEN environment
            WHEN 'org' THEN org
            ELSE ''
        END AS name,
        CASE $then_by
            WHEN 'agent' THEN agent
            WHEN 'department' THEN department
            WHEN 'environment' THEN environment
            WHEN 'org' THEN org
            ELSE ''
        END AS other_name
    FROM user_rollup
    WHERE
        user_id = $user AND card = $card AND day >= $first_day AND day < $day_after_last
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
)
SELECT
    day, name, other_name,
    '' AS lacking_in,
    sum(actions) AS actions,
    sum(credits) AS credits
FROM named
GROUP BY day, name, other_name
ORDER BY day, name, other_name
