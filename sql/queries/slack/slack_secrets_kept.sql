-- slack_secrets_kept: the secrets that Slack renews, encrypted.
--
-- out   name        VARCHAR    its purpose
-- out   sealed      VARCHAR    encrypted
-- out   written_at  TIMESTAMP  UTC

SELECT name, sealed, written_at
FROM slack_secrets
ORDER BY name
