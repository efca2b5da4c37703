-- slack_channels_known: what Slack last said of each channel.
--
-- out   workspace    VARCHAR    the workspace that was asked; empty where there is but one
-- out   channel      VARCHAR    the conversation's id
-- out   name         VARCHAR    without the #
-- out   created      BIGINT     when it was made, in Slack's seconds
-- out   creator      VARCHAR    who made it
-- out   is_archived  BOOLEAN    whether nobody can post there
-- out   is_member    BOOLEAN    whether the app is in it
-- out   is_private   BOOLEAN    whether only its members see it
-- out   is_shared    BOOLEAN    whether another company shares it

SELECT workspace, channel, name, created, creator, is_archived, is_member, is_private, is_shared
FROM slack_channels
ORDER BY workspace, channel
