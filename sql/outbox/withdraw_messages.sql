-- withdraw_messages: an alert's messages that did not arrive. Those never tried, or given up, are withdrawn now; those that
-- may have arrived are checked once more, and not sent.
--
-- in    $alert_key  VARCHAR    the alert that is over
-- in    $now        TIMESTAMP  UTC

UPDATE outbox
SET
    is_unwanted = true, failed_at = NULL,
    withdrawn_at = CASE WHEN claimed_by IS NULL AND (attempts = 0 OR failed_at IS NOT NULL) THEN CAST($now AS TIMESTAMP) END
WHERE alert_key = $alert_key AND delivered_at IS NULL AND withdrawn_at IS NULL
