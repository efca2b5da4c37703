-- outbox_deliveries: every message and its outcome, newest first.
--
-- out   key              VARCHAR    the message's key
-- out   kind             VARCHAR    channel, spreadsheet or email
-- out   address          VARCHAR    id of the channel or spreadsheet
-- out   team             VARCHAR    its recipient
-- out   alert_key        VARCHAR    the alert it is about; NULL for digests
-- out   payload          VARCHAR    the message, as JSON
-- out   created_at       TIMESTAMP  UTC
-- out   attempts         INTEGER    claims so far
-- out   next_attempt_at  TIMESTAMP  UTC; when it is tried next, unless delivered or failed
-- out   delivered_at     TIMESTAMP  UTC; NULL unless delivered
-- out   failed_at        TIMESTAMP  UTC; NULL unless given up
-- out   withdrawn_at     TIMESTAMP  UTC; NULL unless its alert ended before it arrived
-- out   error            VARCHAR    the last error; NULL if there was none
-- out   remote_id        VARCHAR    its id in the channel; NULL unless delivered

SELECT
    key, kind, address, team, alert_key, payload, created_at, attempts, next_attempt_at, delivered_at, failed_at,
    withdrawn_at, error, remote_id
FROM outbox
ORDER BY created_at DESC, key, kind, address
