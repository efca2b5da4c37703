-- grain_overlap: the wallet's own (UTC) days that more than one grain covers: the credits of each, and what is counted.
--
-- in    $card            VARCHAR        card
-- out   day              DATE           one row per UTC day
-- out   event_credits    DECIMAL(38,6)  credits of events; NULL if there are none
-- out   hour_credits     DECIMAL(38,6)  credits of hours; NULL if there are none
-- out   day_credits      DECIMAL(38,6)  credits of the day's rows; NULL if there are none
-- out   counted_credits  DECIMAL(38,6)  events, plus the coarser rows' credits that they lack

WITH held AS (
    SELECT
        utc_day AS day,
        sum(credits) FILTER (grain = 'event') AS event_credits,
        sum(credits) FILTER (grain = 'hour') AS hour_credits,
        sum(credits) FILTER (grain = 'day') AS day_credits
    FROM grain_days
    WHERE card = $card
    GROUP BY utc_day
    HAVING count(DISTINCT grain) > 1
),
lacking AS (
    SELECT utc_day AS day, sum(credits) AS credits FROM grain_gaps WHERE card = $card GROUP BY utc_day
)
SELECT
    h.day, h.event_credits, h.hour_credits, h.day_credits,
    CAST(coalesce(h.event_credits, 0) + coalesce(l.credits, 0) AS DECIMAL(38,6)) AS counted_credits
FROM held AS h
LEFT JOIN lacking AS l ON l.day = h.day
ORDER BY h.day
