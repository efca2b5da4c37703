-- enter_told_before: record a message found in a channel's history.
--
-- in    $kind       VARCHAR  channel or spreadsheet
-- in    $address    VARCHAR  its id
-- in    $key        VARCHAR  the message's key
-- in    $remote_id  VARCHAR  its id in that channel

INSERT INTO told_before VALUES ($kind, $address, $key, $remote_id)
ON CONFLICT DO NOTHING
