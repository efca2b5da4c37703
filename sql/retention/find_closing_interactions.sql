-- find_closing_interactions: interactions whose rows are all before a day.
--
-- in    $before  DATE  the first day that stays open

INSERT INTO closing_interactions
SELECT session_id, interaction_id
FROM ai_usage
GROUP BY session_id, interaction_id
HAVING max(day) < $before OR interaction_id IS NULL
