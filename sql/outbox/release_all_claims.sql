-- release_all_claims: return every claim, and cap every wait at the maximum, whatever the clock was before.
--
-- in    $latest  TIMESTAMP  the latest time of the next attempt, UTC

UPDATE outbox
SET claimed_by = NULL, claimed_at = NULL, next_attempt_at = least(next_attempt_at, $latest)
WHERE delivered_at IS NULL AND failed_at IS NULL AND withdrawn_at IS NULL AND (claimed_by IS NOT NULL OR next_attempt_at > $latest)
