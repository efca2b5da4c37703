-- usage_by_person_and_department: credits of each day by person and department of the usage, including usage that names nobody.
--
-- in    $card            VARCHAR        card
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- in    $environment     VARCHAR        NULL for all
-- in    $org             VARCHAR        NULL for all
-- in    $agent           VARCHAR        NULL for all
-- in    $department      VARCHAR        NULL for all
-- out   day              DATE           one row per day, person and department
-- out   user_id          VARCHAR        empty for usage that names nobody
-- out   department       VARCHAR        empty if the tags name none
-- out   credits          DECIMAL(38,6)  credits, never dollars

WITH by_person AS (
    SELECT day, user_id, department, credits
    FROM user_rollup
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
),
each_row AS (
    SELECT day, user_id, department, credits FROM by_person
    UNION ALL
    SELECT day, '' AS user_id, department, -credits FROM by_person
    UNION ALL
    SELECT day, '' AS user_id, department, credits
    FROM usage
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last
        AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
)
SELECT day, user_id, department, sum(credits) AS credits
FROM each_row
GROUP BY day, user_id, department
HAVING sum(credits) <> 0
ORDER BY day, user_id, department
