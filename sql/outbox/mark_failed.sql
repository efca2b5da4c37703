-- mark_failed: return a claim after a failure.
--
-- in    $key       VARCHAR    the message's key
-- in    $kind      VARCHAR    channel, spreadsheet or email
-- in    $address   VARCHAR    its destination
-- in    $sender    VARCHAR    who claimed it
-- in    $attempts  INTEGER    the number of claims then
-- in    $error     VARCHAR    the error
-- in    $next      TIMESTAMP  when to try next, UTC
-- in    $now       TIMESTAMP  UTC
-- in    $give_up   TIMESTAMP  a message first tried at or before has failed, UTC
-- in    $least     INTEGER    fewer attempts than this never fail it
-- in    $is_final  BOOLEAN    whether no retry can help
-- in    $is_ours   BOOLEAN    whether the message is at fault, not its channel

UPDATE outbox
SET
    claimed_by = NULL, claimed_at = NULL, error = $error, next_attempt_at = $next, is_fault_ours = $is_ours,
    failed_at = CASE WHEN $is_final OR (first_attempt_at <= $give_up AND attempts >= $least) THEN CAST($now AS TIMESTAMP) END
WHERE key = $key AND kind = $kind AND address = $address AND claimed_by = $sender AND attempts = $attempts
