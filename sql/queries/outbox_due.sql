-- outbox_due: messages to send now, oldest first; a place with many keeps nothing from the others.
--
-- in    $now        TIMESTAMP  UTC
-- in    $most       BIGINT     at most so many a place
-- in    $busy       VARCHAR    places to leave out, each a line KIND ID
-- out   key         VARCHAR    the message's key
-- out   kind        VARCHAR    channel or spreadsheet
-- out   address     VARCHAR    id of the conversation or spreadsheet
-- out   team        VARCHAR    who is told
-- out   alert_key   VARCHAR    the alert it is about; NULL for digests
-- out   payload     VARCHAR    the message, as JSON
-- out   created_at  TIMESTAMP  UTC
-- out   attempts    INTEGER    claims so far

SELECT key, kind, address, team, alert_key, payload, created_at, attempts
FROM outbox
WHERE
    delivered_at IS NULL AND failed_at IS NULL AND claimed_by IS NULL AND next_attempt_at <= $now
    AND NOT list_contains(string_split($busy, chr(10)), kind || ' ' || address)
QUALIFY row_number() OVER (PARTITION BY kind, address ORDER BY created_at, key) <= $most
ORDER BY created_at, key, kind, address
