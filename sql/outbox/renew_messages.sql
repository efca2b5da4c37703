-- renew_messages: update an alert's messages that have not arrived yet with current figures.
--
-- in    $alert_key  VARCHAR  the alert's key
-- in    $payload    VARCHAR  the message, as JSON

UPDATE outbox
SET payload = $payload
WHERE alert_key = $alert_key AND delivered_at IS NULL AND withdrawn_at IS NULL
