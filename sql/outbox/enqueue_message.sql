-- enqueue_message: queue a message after all others, unless it is queued or has arrived. A withdrawn one comes back.
--
-- in    $key        VARCHAR    the message's key
-- in    $kind       VARCHAR    channel, spreadsheet or email
-- in    $address    VARCHAR    its destination
-- in    $team       VARCHAR    its recipient
-- in    $alert_key  VARCHAR    NULL for digests
-- in    $payload    VARCHAR    the message, as JSON
-- in    $now        TIMESTAMP  UTC

INSERT INTO outbox (
    key, kind, address, team, alert_key, payload, created_at, attempts, next_attempt_at, position, is_unwanted, is_fault_ours
)
VALUES (
    $key, $kind, $address, $team, $alert_key, $payload, $now, 0, $now, (SELECT coalesce(max(position), 0) + 1 FROM outbox), false, false
)
ON CONFLICT (key, kind, address) DO UPDATE
    SET payload = excluded.payload, position = excluded.position, next_attempt_at = excluded.next_attempt_at, failed_at = NULL,
        first_attempt_at = NULL, withdrawn_at = NULL, is_unwanted = false
    WHERE outbox.is_unwanted OR outbox.withdrawn_at IS NOT NULL
