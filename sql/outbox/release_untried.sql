-- release_untried: return a claim of which nothing was done, as if it had not been made.
--
-- in    $key       VARCHAR  the message's key
-- in    $kind      VARCHAR  channel, spreadsheet or email
-- in    $address   VARCHAR  its destination
-- in    $sender    VARCHAR  who claimed it
-- in    $attempts  INTEGER  the number of claims then

UPDATE outbox
SET
    claimed_by = NULL, claimed_at = NULL, attempts = attempts - 1,
    withdrawn_at = CASE WHEN is_unwanted AND attempts = 1 THEN claimed_at END
WHERE key = $key AND kind = $kind AND address = $address AND claimed_by = $sender AND attempts = $attempts
