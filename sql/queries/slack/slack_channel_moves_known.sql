-- slack_channel_moves_known: a channel's previous id, and the one that replaced it.
--
-- out   old_channel  VARCHAR  its previous id
-- out   new_channel  VARCHAR  its new id

SELECT old_channel, new_channel
FROM slack_channel_moves
ORDER BY old_channel
