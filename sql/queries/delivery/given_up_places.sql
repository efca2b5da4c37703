-- given_up_places: places whose messages were given up lately; not what was to tell of such places.
--
-- in    $since         TIMESTAMP  given up at or after, UTC
-- out   team           VARCHAR    who was to be told
-- out   kind           VARCHAR    channel, spreadsheet or email
-- out   address        VARCHAR    where
-- out   messages       BIGINT     given up since then
-- out   last_failed    TIMESTAMP  the newest of them, UTC
-- out   error          VARCHAR    what it was refused with

SELECT team, kind, address, count(*) AS messages, max(failed_at) AS last_failed, arg_max(error, failed_at) AS error
FROM outbox
WHERE failed_at >= $since AND NOT starts_with(key, 'undelivered-')
GROUP BY team, kind, address
ORDER BY team, kind, address
