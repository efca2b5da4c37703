-- alert_posts: where an alert was told in conversations, first told first.
--
-- in    $alert_key  VARCHAR  the alert's key
-- out   address     VARCHAR  id of the conversation that it was meant for
-- out   remote_id   VARCHAR  what Slack calls the message there; after a conversation's id where it went elsewhere

SELECT address, remote_id
FROM outbox
WHERE alert_key = $alert_key AND kind = 'channel' AND delivered_at IS NOT NULL AND coalesce(remote_id, '') <> ''
ORDER BY delivered_at, address, remote_id
