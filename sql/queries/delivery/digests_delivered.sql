-- digests_delivered: every digest that was queued for a channel, newest first.
--
-- in    $team      VARCHAR    NULL for all
-- out   key        VARCHAR    the key of its messages
-- out   team       VARCHAR    its recipient
-- out   payload    VARCHAR    the digest, as JSON
-- out   issued_at  TIMESTAMP  UTC

SELECT key, team, any_value(payload) AS payload, min(created_at) AS issued_at
FROM outbox
WHERE alert_key IS NULL AND NOT starts_with(key, 'undelivered-') AND ($team IS NULL OR team = $team)
GROUP BY key, team
ORDER BY issued_at DESC, key
