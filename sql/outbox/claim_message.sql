-- claim_message: claim a message, so that only this sender may send it.
--
-- in    $key      VARCHAR    the message's key
-- in    $kind     VARCHAR    channel, spreadsheet or email
-- in    $address  VARCHAR    its destination
-- in    $sender   VARCHAR    who sends it
-- in    $now      TIMESTAMP  UTC

UPDATE outbox
SET claimed_by = $sender, claimed_at = $now, attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, $now)
WHERE key = $key AND kind = $kind AND address = $address
