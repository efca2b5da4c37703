-- roll_up_interactions: how many interactions of each agent and day took how many metered actions.

INSERT INTO interaction_rollup
WITH each_interaction AS (
    SELECT
        min(day) AS day, coalesce(min(agent), '') AS agent,
        sum(CASE WHEN coalesce(is_metered, true) THEN quantity ELSE 0 END) AS actions,
        sum(coalesce(prompt_tokens, 0)) AS prompt_tokens
    FROM ai_usage
    WHERE interaction_id IS NOT NULL AND coalesce(usage_type, 'action') ILIKE '%action%'
    GROUP BY session_id, interaction_id
)
SELECT day, agent, actions, CAST(sum(interactions) AS BIGINT) AS interactions, sum(prompt_tokens) AS prompt_tokens
FROM (
    SELECT day, agent, actions, 1 AS interactions, prompt_tokens FROM each_interaction
    UNION ALL
    SELECT day, agent, actions, interactions, prompt_tokens FROM folded_interactions
)
GROUP BY day, agent, actions
ORDER BY day, agent, actions
