-- outbox_condition: what waits for delivery, since when, and what was given up lately.
--
-- in    $since           TIMESTAMP  given up at or after, UTC
-- out   waiting          BIGINT     messages on their way
-- out   oldest_waiting   TIMESTAMP  when the oldest of them was queued, UTC; NULL if none is waiting
-- out   given_up         BIGINT     messages given up since then
-- out   last_error       VARCHAR    the error of the last of them; NULL if there is none
-- out   last_delivered   TIMESTAMP  the newest delivery of all, UTC; NULL before the first

SELECT
    count(*) FILTER (WHERE delivered_at IS NULL AND failed_at IS NULL AND withdrawn_at IS NULL) AS waiting,
    min(created_at) FILTER (WHERE delivered_at IS NULL AND failed_at IS NULL AND withdrawn_at IS NULL) AS oldest_waiting,
    count(*) FILTER (WHERE failed_at >= $since) AS given_up,
    arg_max(error, failed_at) FILTER (WHERE failed_at >= $since) AS last_error,
    max(delivered_at) AS last_delivered
FROM outbox
ORDER BY waiting
