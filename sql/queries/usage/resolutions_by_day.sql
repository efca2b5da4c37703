-- resolutions_by_day: conversations that the usage rows count as resolved, by day and requested name.
--
-- in    $by              VARCHAR  agent, department or use case; NULL for none
-- in    $card            VARCHAR  card
-- in    $first_day       DATE     first day counted
-- in    $day_after_last  DATE     first day not counted
-- in    $environment     VARCHAR  NULL for all
-- in    $org             VARCHAR  NULL for all
-- in    $agent           VARCHAR  NULL for all
-- in    $department      VARCHAR  NULL for all
-- in    $use_case        VARCHAR  NULL for all
-- out   day              DATE     one row per day and name
-- out   name             VARCHAR  empty if the export does not say, or no grouping is requested
-- out   resolutions      HUGEINT  events of a usage type of resolutions

WITH named AS (
    SELECT
        day, row_count,
        CASE $by WHEN 'agent' THEN agent WHEN 'department' THEN department WHEN 'use case' THEN use_case ELSE '' END AS name
    FROM usage_rollup
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last AND grain = 'event' AND usage_type ILIKE '%resolution%'
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
        AND ($use_case IS NULL OR use_case = $use_case)
)
SELECT day, name, sum(row_count) AS resolutions
FROM named
GROUP BY day, name
ORDER BY day, name
