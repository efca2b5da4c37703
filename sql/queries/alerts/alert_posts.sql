-- alert_posts: where an alert was sent to channels, first one first.
--
-- in    $alert_key  VARCHAR  the alert's key
-- out   address     VARCHAR  id of the intended channel
-- out   remote_id   VARCHAR  Slack's timestamp of the message there; preceded by a channel's id if it went elsewhere

SELECT address, remote_id
FROM outbox
WHERE alert_key = $alert_key AND kind = 'channel' AND delivered_at IS NOT NULL AND coalesce(remote_id, '') <> ''
ORDER BY delivered_at, address, remote_id
