-- withdraw_messages: what an alert had to tell and did not arrive. What was never tried, or was given up, is withdrawn now; what
-- may have arrived is looked for once more, and not sent.
--
-- in    $alert_key  VARCHAR    the alert that is over
-- in    $now        TIMESTAMP  UTC

UPDATE outbox
SET
    is_unwanted = true, failed_at = NULL,
    withdrawn_at = CASE WHEN claimed_by IS NULL AND (attempts = 0 OR failed_at IS NOT NULL) THEN CAST($now AS TIMESTAMP) END
WHERE alert_key = $alert_key AND delivered_at IS NULL AND withdrawn_at IS NULL
