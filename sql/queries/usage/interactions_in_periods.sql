-- interactions_in_periods: interactions of two periods, for the split of a change.
--
-- in    $before_first_day     DATE     first day of the period before
-- in    $first_day            DATE     first day of the period, the day after the one before
-- in    $day_after_last       DATE     first day not counted
-- in    $agent                VARCHAR  NULL for all
-- out   interactions          HUGEINT  of the period
-- out   interactions_before   HUGEINT  of the period before

SELECT
    coalesce(sum(interactions) FILTER (day >= $first_day), 0) AS interactions,
    coalesce(sum(interactions) FILTER (day < $first_day), 0) AS interactions_before
FROM interaction_rollup
WHERE day >= $before_first_day AND day < $day_after_last AND ($agent IS NULL OR agent = $agent)
ORDER BY interactions
