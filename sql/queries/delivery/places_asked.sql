-- places_asked: the channels whose history was asked.
--
-- out   kind     VARCHAR  channel, spreadsheet or email
-- out   address  VARCHAR  its id

SELECT kind, address
FROM asked_places
ORDER BY kind, address
