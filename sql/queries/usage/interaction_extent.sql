-- interaction_extent: the extent of the AI usage export.
--
-- out   first_day     DATE     first day with an interaction; NULL without any
-- out   last_day      DATE     last day with an interaction; NULL without any
-- out   interactions  HUGEINT  all of them

SELECT min(day) AS first_day, max(day) AS last_day, coalesce(sum(interactions), 0) AS interactions
FROM interaction_rollup
ORDER BY first_day
