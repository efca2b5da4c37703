-- enter_told_before: a message that a place's history holds.
--
-- in    $kind       VARCHAR  channel or spreadsheet
-- in    $address    VARCHAR  where
-- in    $key        VARCHAR  the message's key
-- in    $remote_id  VARCHAR  what the place calls it

INSERT INTO told_before VALUES ($kind, $address, $key, $remote_id)
ON CONFLICT DO NOTHING
