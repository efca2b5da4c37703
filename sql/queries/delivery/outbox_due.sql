-- outbox_due: messages to send now, for each channel in the order of events; a channel with many does not delay the others.
-- A message that waits for a retry holds back all messages behind it in its channel; but if the message itself is at fault, only
-- those that continue it: the same rule, team and card.
--
-- in    $now         TIMESTAMP  UTC
-- in    $most        BIGINT     the maximum for each channel
-- in    $busy        VARCHAR    channels to leave out, each a line KIND ID
-- out   position     BIGINT     the order of what happened
-- out   key          VARCHAR    the message's key
-- out   kind         VARCHAR    channel, spreadsheet or email
-- out   address      VARCHAR    id of the channel or spreadsheet
-- out   team         VARCHAR    its recipient
-- out   alert_key    VARCHAR    the alert it is about; NULL for digests
-- out   payload      VARCHAR    the message, as JSON
-- out   created_at   TIMESTAMP  UTC
-- out   attempts     INTEGER    claims so far
-- out   is_unwanted  BOOLEAN    whether to only check for it, because its alert ended

WITH waiting AS (
    SELECT
        outbox.key, outbox.kind, outbox.address, outbox.team, outbox.alert_key, outbox.payload, outbox.created_at, outbox.attempts,
        outbox.is_unwanted, outbox.position, outbox.is_fault_ours,
        outbox.claimed_by IS NULL AND (outbox.attempts = 0 OR outbox.next_attempt_at <= $now) AS is_due,
        coalesce(concat_ws(chr(10), alerts.rule, alerts.team, alerts.org, alerts.card), outbox.key) AS story
    FROM outbox
    LEFT JOIN alerts ON outbox.alert_key = alerts.key
    WHERE outbox.delivered_at IS NULL AND outbox.failed_at IS NULL AND outbox.withdrawn_at IS NULL
)

SELECT position, key, kind, address, team, alert_key, payload, created_at, attempts, is_unwanted
FROM waiting
WHERE
    is_due AND NOT list_contains(string_split($busy, chr(10)), kind || ' ' || address)
    AND NOT EXISTS (
        SELECT 1
        FROM waiting AS ahead
        WHERE ahead.kind = waiting.kind AND ahead.address = waiting.address AND ahead.position < waiting.position
            AND NOT ahead.is_due AND (NOT ahead.is_fault_ours OR ahead.story = waiting.story)
    )
QUALIFY row_number() OVER (PARTITION BY kind, address ORDER BY position, key) <= $most
ORDER BY position, key, kind, address
