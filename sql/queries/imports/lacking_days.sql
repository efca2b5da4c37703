-- lacking_days: what coarser rows add to each day because the card's finest export lacks it.
--
-- in    $card        VARCHAR        card
-- out   day          DATE           one row per day and environment
-- out   environment  VARCHAR        production, sandbox or unknown
-- out   lacking_in   VARCHAR        the card's finest export: event or hour
-- out   credits      DECIMAL(38,6)  credits that only the coarser rows have

WITH finest AS (
    SELECT CASE WHEN bool_or(grain = 'event') THEN 'event' WHEN bool_or(grain = 'hour') THEN 'hour' END AS grain
    FROM grain_days
    WHERE card = $card
)
SELECT u.day, u.environment, f.grain AS lacking_in, sum(u.credits) AS credits
FROM usage AS u
CROSS JOIN finest AS f
WHERE u.card = $card AND u.grain <> 'event' AND u.grain <> f.grain
GROUP BY u.day, u.environment, f.grain
HAVING sum(u.credits) <> 0
ORDER BY u.day, u.environment
