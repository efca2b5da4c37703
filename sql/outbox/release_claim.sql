-- release_claim: return a claim that its sender could not settle.
--
-- in    $key       VARCHAR  the message's key
-- in    $kind      VARCHAR  channel, spreadsheet or email
-- in    $address   VARCHAR  its destination
-- in    $sender    VARCHAR  who claimed it
-- in    $attempts  INTEGER  the number of claims then

UPDATE outbox
SET claimed_by = NULL, claimed_at = NULL
WHERE key = $key AND kind = $kind AND address = $address AND claimed_by = $sender AND attempts = $attempts
