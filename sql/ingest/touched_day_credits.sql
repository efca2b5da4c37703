-- touched_day_credits: credits of the touched days and their neighbours by card; a UTC day lies on two of the team's days.
--
-- out   day         DATE           a day that has usage
-- out   card        VARCHAR        the card whose currency the credits are in
-- out   is_touched  BOOLEAN        false for a neighbour
-- out   credits     DECIMAL(38,6)  each credit once

SELECT u.day, u.card, u.day IN (SELECT day FROM touched_days) AS is_touched, sum(u.credits) AS credits
FROM usage AS u
WHERE u.day IN (SELECT day + nth FROM touched_days CROSS JOIN (SELECT unnest([-1, 0, 1]) AS nth))
GROUP BY u.day, u.card
ORDER BY u.day, u.card
