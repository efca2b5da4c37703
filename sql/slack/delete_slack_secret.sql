-- delete_slack_secret: delete a secret that is not needed any more.
--
-- in    $about  VARCHAR  its purpose

DELETE FROM slack_secrets
WHERE name = $about
