-- mark_delivered: record that a message arrived in its channel.
--
-- in    $key        VARCHAR    the message's key
-- in    $kind       VARCHAR    channel, spreadsheet or email
-- in    $address    VARCHAR    its destination
-- in    $remote_id  VARCHAR    its id in the channel
-- in    $now        TIMESTAMP  UTC

UPDATE outbox
SET
    delivered_at = coalesce(delivered_at, $now), remote_id = coalesce(remote_id, $remote_id), failed_at = NULL, claimed_by = NULL,
    claimed_at = NULL, error = NULL, withdrawn_at = NULL, is_unwanted = false
WHERE key = $key AND kind = $kind AND address = $address
