-- focus_usage: usage by day and all its attributes, for FOCUS rows.
--
-- in    $card            VARCHAR        card
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- out   day              DATE           day of usage, in the team's time zone
-- out   environment      VARCHAR        production, sandbox or unknown
-- out   org              VARCHAR        org that used it; empty if the export does not say
-- out   paying_org       VARCHAR        org that pays; empty if the export does not say
-- out   usage_type       VARCHAR        empty if the export does not say
-- out   agent            VARCHAR        empty if the export does not say
-- out   action           VARCHAR        empty if the export does not say
-- out   department       VARCHAR        empty if the tags do not say
-- out   use_case         VARCHAR        empty if the tags do not say
-- out   actions          DECIMAL(38,6)  actions
-- out   credits          DECIMAL(38,6)  credits, never dollars

SELECT
    day, environment, org, paying_org, usage_type, agent, action, department, use_case,
    sum(actions) AS actions,
    sum(credits) AS credits
FROM usage
WHERE card = $card AND day >= $first_day AND day < $day_after_last
GROUP BY day, environment, org, paying_org, usage_type, agent, action, department, use_case
ORDER BY day, environment, org, paying_org, usage_type, agent, action, department, use_case
