-- expensive_actions: actions whose events were billed as more than one, most expensive first.
--
-- in    $card            VARCHAR        card
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- in    $environment     VARCHAR        NULL for all
-- in    $org             VARCHAR        NULL for all
-- in    $agent           VARCHAR        NULL for all
-- in    $department      VARCHAR        NULL for all
-- out   action           VARCHAR        one row per action and agent; empty if the export does not say
-- out   agent            VARCHAR        empty if the export does not say
-- out   events           HUGEINT        events of the action
-- out   multi_action_events  HUGEINT    those billed as more than one action
-- out   excess_actions   DECIMAL(38,6)  actions beyond the first of each event
-- out   excess_credits   DECIMAL(38,6)  credits of those
-- out   credits          DECIMAL(38,6)  all credits of the action

SELECT
    action, agent,
    sum(row_count) AS events,
    sum(dear_rows) AS multi_action_events,
    sum(excess_actions) AS excess_actions,
    sum(excess_credits) AS excess_credits,
    sum(credits) AS credits
FROM usage
WHERE
    card = $card AND day >= $first_day AND day < $day_after_last
    AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
    AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
GROUP BY action, agent
ORDER BY excess_credits DESC, action, agent
