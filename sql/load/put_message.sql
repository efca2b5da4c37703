-- put_message: a message on its way, unless it is already.
--
-- in    $key        VARCHAR    the message's key
-- in    $kind       VARCHAR    channel or spreadsheet
-- in    $address    VARCHAR    where it goes
-- in    $team       VARCHAR    who is told
-- in    $alert_key  VARCHAR    NULL for digests
-- in    $payload    VARCHAR    the message, as JSON
-- in    $now        TIMESTAMP  UTC

INSERT INTO outbox (key, kind, address, team, alert_key, payload, created_at, attempts, next_attempt_at)
VALUES ($key, $kind, $address, $team, $alert_key, $payload, $now, 0, $now)
ON CONFLICT DO NOTHING
