-- fail_behind: give up messages that wait behind one that was given up, and have waited as long.
--
-- in    $kind     VARCHAR    channel, spreadsheet or email
-- in    $address  VARCHAR    its destination
-- in    $error    VARCHAR    the error
-- in    $now      TIMESTAMP  UTC
-- in    $give_up  TIMESTAMP  messages waiting since then or longer are given up, UTC

UPDATE outbox
SET failed_at = $now, error = $error
WHERE kind = $kind AND address = $address AND first_attempt_at <= $give_up AND claimed_by IS NULL AND delivered_at IS NULL
    AND failed_at IS NULL AND withdrawn_at IS NULL
    AND EXISTS (
        SELECT 1
        FROM outbox AS given_up
        WHERE given_up.kind = $kind AND given_up.address = $address AND given_up.failed_at = $now AND NOT given_up.is_fault_ours
    )
