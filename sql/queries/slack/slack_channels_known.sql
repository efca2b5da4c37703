-- slack_channels_known: Slack's latest data about each channel.
--
-- out   workspace    VARCHAR    the workspace that was asked; empty if there is only one
-- out   channel      VARCHAR    the channel's id
-- out   name         VARCHAR    without the #
-- out   created      BIGINT     its creation time, in Slack's seconds
-- out   creator      VARCHAR    its creator
-- out   is_archived  BOOLEAN    whether nobody can post there
-- out   is_member    BOOLEAN    whether the app is in it
-- out   is_private   BOOLEAN    whether only its members can see it
-- out   is_shared    BOOLEAN    whether it is shared with another company

SELECT workspace, channel, name, created, creator, is_archived, is_member, is_private, is_shared
FROM slack_channels
ORDER BY workspace, channel
