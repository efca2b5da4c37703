-- release_claim: a claim that its sender could not settle, given back.
--
-- in    $key       VARCHAR  the message's key
-- in    $kind      VARCHAR  channel, spreadsheet or email
-- in    $address   VARCHAR  where it goes
-- in    $sender    VARCHAR  who claimed it
-- in    $attempts  INTEGER  the claims when it did

UPDATE outbox
SET claimed_by = NULL, claimed_at = NULL
WHERE key = $key AND kind = $kind AND address = $address AND claimed_by = $sender AND attempts = $attempts
