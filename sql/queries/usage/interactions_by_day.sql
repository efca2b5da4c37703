-- interactions_by_day: how many interactions each agent had on each day, from the AI usage export.
--
-- in    $first_day       DATE     first day counted
-- in    $day_after_last  DATE     first day not counted
-- in    $agent           VARCHAR  NULL for all
-- out   day              DATE     on which it began, one row per day and agent
-- out   agent            VARCHAR  empty if the export does not say
-- out   interactions     HUGEINT  interactions

SELECT day, agent, sum(interactions) AS interactions
FROM interaction_rollup
WHERE day >= $first_day AND day < $day_after_last AND ($agent IS NULL OR agent = $agent)
GROUP BY day, agent
ORDER BY day, agent
