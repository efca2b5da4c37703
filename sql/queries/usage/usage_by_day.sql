-- usage_by_day: credits and actions of each day for the part asked for, and the credits of its whole card.
--
-- in    $card            VARCHAR        card
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- in    $grain           VARCHAR        event, hour or day; NULL for the most complete
-- in    $environment     VARCHAR        NULL for all
-- in    $org             VARCHAR        NULL for all
-- in    $agent           VARCHAR        NULL for all
-- in    $department      VARCHAR        NULL for all
-- out   day              DATE           one row per day with usage of the card
-- out   actions          DECIMAL(38,6)  actions asked for
-- out   credits          DECIMAL(38,6)  credits asked for, never dollars
-- out   card_credits     DECIMAL(38,6)  credits of the whole card

WITH marked AS (
    SELECT
        day, actions, credits,
        ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department) AS is_asked
    FROM usage_rollup
    WHERE
        card = $card AND day >= $first_day AND day < $day_after_last
        AND CASE WHEN $grain IS NULL THEN is_finest ELSE grain = $grain END
)
SELECT
    day,
    coalesce(sum(actions) FILTER (is_asked), 0) AS actions,
    coalesce(sum(credits) FILTER (is_asked), 0) AS credits,
    sum(credits) AS card_credits
FROM marked
GROUP BY day
ORDER BY day
