-- grain_overlap: credits of the days that more than one grain describes, grain by grain.
--
-- in    $card      VARCHAR        card
-- out   grain      VARCHAR        event, hour or day
-- out   days       BIGINT         days that this and another grain describe
-- out   credits    DECIMAL(38,6)  credits of those days, in this grain
-- out   first_day  DATE           first of those days
-- out   last_day   DATE           last of those days

WITH described AS (
    SELECT day, environment
    FROM usage_rollup
    WHERE card = $card
    GROUP BY day, environment
    HAVING count(DISTINCT grain) > 1
)
SELECT r.grain, count(DISTINCT r.day) AS days, sum(r.credits) AS credits, min(r.day) AS first_day, max(r.day) AS last_day
FROM usage_rollup AS r
JOIN described AS d ON d.day = r.day AND d.environment = r.environment
WHERE r.card = $card
GROUP BY r.grain
ORDER BY r.grain
