-- places_asked: the places whose history was asked.
--
-- out   kind     VARCHAR  channel, spreadsheet or email
-- out   address  VARCHAR  where

SELECT kind, address
FROM asked_places
ORDER BY kind, address
