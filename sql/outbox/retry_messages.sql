-- retry_messages: failed messages become pending again.
--
-- in    $now  TIMESTAMP  UTC

UPDATE outbox
SET failed_at = NULL, first_attempt_at = NULL, next_attempt_at = $now
WHERE failed_at IS NOT NULL
