-- places_asked: the places whose history was asked.
--
-- out   kind     VARCHAR  channel or spreadsheet
-- out   address  VARCHAR  where

SELECT kind, address
FROM asked_places
ORDER BY kind, address
