-- mark_withdrawn: a message that is not wanted any more, and that its place has not got.
--
-- in    $key      VARCHAR    the message's key
-- in    $kind     VARCHAR    channel, spreadsheet or email
-- in    $address  VARCHAR    where it was to go
-- in    $now      TIMESTAMP  UTC

UPDATE outbox
SET withdrawn_at = $now, claimed_by = NULL, claimed_at = NULL
WHERE key = $key AND kind = $kind AND address = $address AND is_unwanted AND delivered_at IS NULL AND failed_at IS NULL
