-- told_before_in: a message found in a channel's history.
--
-- in    $kind       VARCHAR  channel or spreadsheet
-- in    $address    VARCHAR  its id
-- in    $key        VARCHAR  the message's key
-- out   remote_id   VARCHAR  its id in that channel

SELECT remote_id
FROM told_before
WHERE kind = $kind AND address = $address AND key = $key
ORDER BY remote_id
