-- keep_slack_channel: store Slack's current data about a channel.
--
-- in    $workspace    VARCHAR    the workspace that was asked; empty if there is only one
-- in    $channel      VARCHAR    the channel's id
-- in    $called       VARCHAR    its name, without the #
-- in    $created      BIGINT     its creation time, in Slack's seconds
-- in    $creator      VARCHAR    its creator
-- in    $is_archived  BOOLEAN    whether nobody can post there
-- in    $is_member    BOOLEAN    whether the app is in it
-- in    $is_private   BOOLEAN    whether only its members can see it
-- in    $is_shared    BOOLEAN    whether it is shared with another company
-- in    $now          TIMESTAMP  UTC

INSERT INTO slack_channels (
    workspace, channel, name, created, creator, is_archived, is_member, is_private, is_shared, told_at
)
VALUES ($workspace, $channel, $called, $created, $creator, $is_archived, $is_member, $is_private, $is_shared, $now)
ON CONFLICT (workspace, channel) DO UPDATE
    SET name = excluded.name, created = excluded.created, creator = excluded.creator, is_archived = excluded.is_archived,
        is_member = excluded.is_member, is_private = excluded.is_private, is_shared = excluded.is_shared, told_at = excluded.told_at
