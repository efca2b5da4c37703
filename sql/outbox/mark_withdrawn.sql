-- mark_withdrawn: record that a message is not wanted any more, and did not arrive.
--
-- in    $key      VARCHAR    the message's key
-- in    $kind     VARCHAR    channel, spreadsheet or email
-- in    $address  VARCHAR    its intended destination
-- in    $now      TIMESTAMP  UTC

UPDATE outbox
SET withdrawn_at = $now, claimed_by = NULL, claimed_at = NULL
WHERE key = $key AND kind = $kind AND address = $address AND is_unwanted AND delivered_at IS NULL AND failed_at IS NULL
