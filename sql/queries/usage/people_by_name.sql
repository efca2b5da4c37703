-- people_by_name: how many people the events name, and the credits that they used, by the requested name.
--
-- in    $by              VARCHAR        agent, department or month; NULL for none
-- in    $card            VARCHAR        card
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- in    $environment     VARCHAR        NULL for all
-- in    $org             VARCHAR        NULL for all
-- in    $agent           VARCHAR        NULL for all
-- in    $department      VARCHAR        NULL for all
-- out   name             VARCHAR        agent or department, empty if the events name none; for months the first day
-- out   people           BIGINT         different people
-- out   credits          DECIMAL(38,6)  credits that they used

WITH named AS (
    SELECT
        user_id, credits,
        CASE $by WHEN 'agent' THEN agent WHEN 'department' THEN department WHEN 'month' THEN strftime(day, '%Y-%m-01') ELSE '' END
            AS name
    FROM user_rollup
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last AND user_id <> ''
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
)
SELECT name, count(DISTINCT user_id) AS people, sum(credits) AS credits
FROM named
GROUP BY name
ORDER BY name
