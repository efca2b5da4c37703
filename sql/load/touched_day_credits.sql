-- touched_day_credits: what the touched days come to, per card.
--
-- out   day      DATE           a touched day that has usage
-- out   card     VARCHAR        whose currency the credits are
-- out   credits  DECIMAL(38,6)  each credit once, at the finest grain

SELECT u.day, u.card, sum(u.credits) AS credits
FROM usage AS u
WHERE u.day IN (SELECT day FROM touched_days)
GROUP BY u.day, u.card
ORDER BY u.day, u.card
