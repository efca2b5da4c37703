-- messages_know_their_alert: messages about an alert that does not exist.
--
-- out   key        VARCHAR  the message
-- out   alert_key  VARCHAR  the alert that is missing

SELECT key, alert_key
FROM outbox
WHERE alert_key IS NOT NULL AND alert_key NOT IN (SELECT key FROM alerts)
ORDER BY key
