-- told_before_in: what a place's history held of a message.
--
-- in    $kind       VARCHAR  channel or spreadsheet
-- in    $address    VARCHAR  where
-- in    $key        VARCHAR  the message's key
-- out   remote_id   VARCHAR  what the place calls it

SELECT remote_id
FROM told_before
WHERE kind = $kind AND address = $address AND key = $key
ORDER BY remote_id
