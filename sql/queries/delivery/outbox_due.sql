-- outbox_due: messages to send now, of each place in the order of what happened; a place with many keeps nothing from the others.
-- What waits for another try keeps back all that is behind it in its place, but where the message itself is at fault, only
-- what tells on from it: the same rule, team and card.
--
-- in    $now         TIMESTAMP  UTC
-- in    $most        BIGINT     at most so many a place
-- in    $busy        VARCHAR    places to leave out, each a line KIND ID
-- out   position     BIGINT     the order of what happened
-- out   key          VARCHAR    the message's key
-- out   kind         VARCHAR    channel, spreadsheet or email
-- out   address      VARCHAR    id of the conversation or spreadsheet
-- out   team         VARCHAR    who is told
-- out   alert_key    VARCHAR    the alert it is about; NULL for digests
-- out   payload      VARCHAR    the message, as JSON
-- out   created_at   TIMESTAMP  UTC
-- out   attempts     INTEGER    claims so far
-- out   is_unwanted  BOOLEAN    whether it is only to be looked for, because its alert ended

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
