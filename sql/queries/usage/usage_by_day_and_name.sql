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
-- out   name             VARCHAR        empty if the export does not say
-- out   lacking_in       VARCHAR        event or hour for nameless usage that the card's export of these lacks; else empty
-- out   credits          DECIMAL(38,6)  credits, never dollars

WITH finest AS (
    SELECT CASE WHEN bool_or(grain = 'event') THEN 'event' WHEN bool_or(grain = 'hour') THEN 'hour' ELSE '' END AS grain
    FROM grain_days
    WHERE card = $card
),
named AS (
    SELECT day, grain, CASE $by WHEN 'agent' THEN agent WHEN 'department' THEN department END AS name, credits
    FROM usage_rollup
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last AND is_finest
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
)
SELECT
    n.day, n.name, CASE WHEN n.name = '' AND n.grain NOT IN ('event', f.grain) THEN f.grain ELSE '' END AS lacking_in,
    sum(n.credits) AS credits
FROM named AS n
CROSS JOIN finest AS f
GROUP BY n.day, n.name, lacking_in
ORDER BY n.day, n.name, lacking_in
