-- wallet_users: every person named in the events of a part of the wallet.
--
-- in    $card         VARCHAR  card
-- in    $environment  VARCHAR  NULL for all
-- in    $org          VARCHAR  NULL for all
-- in    $agent        VARCHAR  NULL for all
-- in    $department   VARCHAR  NULL for all
-- out   name          VARCHAR  user id

SELECT DISTINCT user_id AS name
FROM user_rollup
WHERE
    card = $card
    AND ($environment IS NULL OR environment = $environment) AND ($org IS NULL OR org = $org)
    AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
ORDER BY name
