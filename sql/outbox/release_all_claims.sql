-- release_all_claims: every claim given back, and no wait longer than the longest there is, whatever the clock was before.
--
-- in    $latest  TIMESTAMP  when what waits is tried at the latest, UTC

UPDATE outbox
SET claimed_by = NULL, claimed_at = NULL, next_attempt_at = least(next_attempt_at, $latest)
WHERE delivered_at IS NULL AND failed_at IS NULL AND withdrawn_at IS NULL AND (claimed_by IS NOT NULL OR next_attempt_at > $latest)
