-- fold_interactions: add the interactions in the temporary table `closing_interactions` to the sums.

INSERT INTO folded_interactions
WITH each_interaction AS (
    SELECT
        min(u.day) AS day, coalesce(min(u.agent), '') AS agent,
        sum(CASE WHEN coalesce(u.is_metered, true) THEN u.quantity ELSE 0 END) AS actions,
        sum(coalesce(u.prompt_tokens, 0)) AS prompt_tokens
    FROM ai_usage AS u
    JOIN closing_interactions AS c
        ON c.session_id IS NOT DISTINCT FROM u.session_id AND c.interaction_id IS NOT DISTINCT FROM u.interaction_id
    WHERE u.interaction_id IS NOT NULL AND coalesce(u.usage_type, 'action') ILIKE '%action%'
    GROUP BY u.session_id, u.interaction_id
)
SELECT day, agent, actions, count(*) AS interactions, sum(prompt_tokens) AS prompt_tokens
FROM each_interaction
GROUP BY day, agent, actions
