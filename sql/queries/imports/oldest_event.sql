-- oldest_event: the oldest day whose events or sessions are not folded.
--
-- out   day  DATE  the team's day; NULL if there is none

SELECT min(day) AS day
FROM (
    SELECT min(day) AS day FROM usage_events
    UNION ALL
    SELECT min(day) AS day FROM ai_usage
)
ORDER BY day
