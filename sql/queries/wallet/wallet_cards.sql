-- wallet_cards: the consumption cards in the wallet, those with usage and those with grants.
--
-- out   card  VARCHAR  one row per card

SELECT card FROM usage
UNION
SELECT card FROM grants
ORDER BY card
