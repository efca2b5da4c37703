-- slack_channel_moves_known: the id that a channel went by, and the one that it got instead.
--
-- out   old_channel  VARCHAR  the id that it went by
-- out   new_channel  VARCHAR  the id that it got

SELECT old_channel, new_channel
FROM slack_channel_moves
ORDER BY old_channel
