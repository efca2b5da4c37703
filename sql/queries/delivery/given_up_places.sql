-- given_up_places: channels whose messages were given up lately; without messages about such channels.
--
-- in    $since         TIMESTAMP  given up at or after, UTC
-- out   team           VARCHAR    its intended recipient
-- out   kind           VARCHAR    channel, spreadsheet or email
-- out   address        VARCHAR    its id
-- out   messages       BIGINT     given up since then
-- out   last_failed    TIMESTAMP  the newest of them, UTC
-- out   error          VARCHAR    the error

SELECT team, kind, address, count(*) AS messages, max(failed_at) AS last_failed, arg_max(error, failed_at) AS error
FROM outbox
WHERE failed_at >= $since AND NOT starts_with(key, 'undelivered-')
GROUP BY team, kind, address
ORDER BY team, kind, address
