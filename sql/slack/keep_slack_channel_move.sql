-- keep_slack_channel_move: a channel goes by another id now.
--
-- in    $old_channel  VARCHAR    the id that it went by
-- in    $new_channel  VARCHAR    the id that it goes by
-- in    $now          TIMESTAMP  UTC

INSERT INTO slack_channel_moves (old_channel, new_channel, noted_at)
VALUES ($old_channel, $new_channel, $now)
ON CONFLICT (old_channel) DO UPDATE SET new_channel = excluded.new_channel, noted_at = excluded.noted_at
