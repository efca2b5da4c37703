-- wallet_cards: the consumption cards that the wallet knows, those of use and those of grants.
--
-- out   card  VARCHAR  one row per card

SELECT card FROM usage
UNION
SELECT card FROM grants
ORDER BY card
