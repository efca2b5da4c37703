-- forget_slack_channel_move: record that an id is a channel's own again.
--
-- in    $channel  VARCHAR  the id

DELETE FROM slack_channel_moves
WHERE old_channel = $channel
