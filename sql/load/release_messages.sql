-- release_messages: claims whose sender is gone, given back.
--
-- in    $before  TIMESTAMP  those claimed at or before, UTC

UPDATE outbox
SET claimed_by = NULL, claimed_at = NULL
WHERE claimed_at <= $before
