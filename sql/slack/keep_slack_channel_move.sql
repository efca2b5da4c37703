-- keep_slack_channel_move: record that a channel has another id now.
--
-- in    $old_channel  VARCHAR    its previous id
-- in    $new_channel  VARCHAR    its new id
-- in    $now          TIMESTAMP  UTC

INSERT INTO slack_channel_moves (old_channel, new_channel, noted_at)
VALUES ($old_channel, $new_channel, $now)
ON CONFLICT (old_channel) DO UPDATE SET new_channel = excluded.new_channel, noted_at = excluded.noted_at
