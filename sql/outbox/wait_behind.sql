-- wait_behind: messages behind one that its channel refused start to wait as well.
--
-- in    $kind     VARCHAR    channel, spreadsheet or email
-- in    $address  VARCHAR    its destination
-- in    $now      TIMESTAMP  UTC

UPDATE outbox
SET first_attempt_at = coalesce(first_attempt_at, CAST($now AS TIMESTAMP))
WHERE kind = $kind AND address = $address AND delivered_at IS NULL AND failed_at IS NULL AND withdrawn_at IS NULL
