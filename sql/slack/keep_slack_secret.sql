-- keep_slack_secret: store a secret, replacing the one with that name.
--
-- in    $about   VARCHAR    its purpose
-- in    $sealed  VARCHAR    encrypted
-- in    $now     TIMESTAMP  UTC

INSERT INTO slack_secrets (name, sealed, written_at)
VALUES ($about, $sealed, $now)
ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, written_at = excluded.written_at
