-- usage_by_day_and_name: credits of each day by what used them.
--
-- in    $by              VARCHAR        agent or department
-- in    $card            VARCHAR        card
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- in    $environment     VARCHAR        NULL for all
-- in    $org             VARCHAR        NULL for all
-- in    $agent           VARCHAR        NULL for all
-- in    $department      VARCHAR        NULL for all
-- out   day              DATE           one row per day and name
-- out   name             VARCHAR        empty where the export does not say
-- out   credits          DECIMAL(38,6)  credits, never dollars

WITH named AS (
    SELECT day, CASE $by WHEN 'agent' THEN agent WHEN 'department' THEN department END AS name, credits
    FROM usage_rollup
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last AND is_finest
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
)
SELECT day, name, sum(credits) AS credits
FROM named
GROUP BY day, name
ORDER BY day, name
