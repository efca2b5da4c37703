-- delete_slack_secret: a secret that is not needed any more.
--
-- in    $about  VARCHAR  what it is for

DELETE FROM slack_secrets
WHERE name = $about
