-- interactions_by_actions: how many interactions of each agent took how many actions.
--
-- in    $first_day       DATE           first day counted
-- in    $day_after_last  DATE           first day not counted
-- in    $agent           VARCHAR        NULL for all
-- out   agent            VARCHAR        empty if the export does not say
-- out   actions          DECIMAL(38,6)  metered actions in one interaction
-- out   interactions     HUGEINT        interactions with that number of actions
-- out   first_day        DATE           first day with such an interaction
-- out   last_day         DATE           last day with such an interaction

SELECT agent, actions, sum(interactions) AS interactions, min(day) AS first_day, max(day) AS last_day
FROM interaction_rollup
WHERE day >= $first_day AND day < $day_after_last AND ($agent IS NULL OR agent = $agent)
GROUP BY agent, actions
ORDER BY agent, actions
