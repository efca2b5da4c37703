-- keep_slack_secret: a secret, in the place of the one of that name.
--
-- in    $about   VARCHAR    what it is for
-- in    $sealed  VARCHAR    encrypted
-- in    $now     TIMESTAMP  UTC

INSERT INTO slack_secrets (name, sealed, written_at)
VALUES ($about, $sealed, $now)
ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, written_at = excluded.written_at
