-- cards_with_use: the cards with any known usage, biggest first.
--
-- out   card     VARCHAR        one row per card
-- out   credits  DECIMAL(38,6)  credits of all days, in the card's own currency

SELECT card, sum(credits) AS credits
FROM usage
GROUP BY card
HAVING sum(credits) <> 0
ORDER BY credits DESC, card
