-- variance_parts: actions and credits of each environment in two periods, with usage without actions separate.
--
-- in    $card              VARCHAR        card
-- in    $before_first_day  DATE           first day of the period before
-- in    $first_day         DATE           first day of the period, the day after the one before
-- in    $day_after_last    DATE           first day not counted
-- in    $environment       VARCHAR        NULL for all
-- in    $org               VARCHAR        NULL for all
-- in    $agent             VARCHAR        NULL for all
-- in    $department        VARCHAR        NULL for all
-- out   is_now             BOOLEAN        false for the period before
-- out   environment        VARCHAR        production, sandbox or unknown
-- out   actions            DECIMAL(38,6)  actions
-- out   action_credits     DECIMAL(38,6)  credits of rows with actions
-- out   other_credits      DECIMAL(38,6)  credits of rows without, such as prompts

SELECT
    day >= $first_day AS is_now, environment,
    sum(actions) AS actions,
    coalesce(sum(credits) FILTER (actions <> 0), 0) AS action_credits,
    coalesce(sum(credits) FILTER (actions = 0), 0) AS other_credits
FROM usage
WHERE
    card = $card AND day >= $before_first_day AND day < $day_after_last
    AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
    AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
GROUP BY is_now, environment
ORDER BY is_now, environment
