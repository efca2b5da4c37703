-- wallet_names: every card, org, agent and department that the usage in a part of the wallet names.
--
-- in    $card        VARCHAR  NULL for all
-- in    $org         VARCHAR  NULL for all
-- in    $agent       VARCHAR  NULL for all
-- in    $department  VARCHAR  NULL for all
-- out   kind         VARCHAR  card, org, agent or department
-- out   name         VARCHAR  as the exports spell it
-- out   card         VARCHAR  the card it is on

WITH within AS (
    SELECT DISTINCT card, org, agent, department
    FROM usage
    WHERE
        ($card IS NULL OR card = $card) AND ($org IS NULL OR org = $org)
        AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
)

SELECT 'card' AS kind, card AS name, card FROM within
UNION
SELECT 'org' AS kind, org AS name, card FROM within WHERE org <> ''
UNION
SELECT 'agent' AS kind, agent AS name, card FROM within WHERE agent <> ''
UNION
SELECT 'department' AS kind, department AS name, card FROM within WHERE department <> ''
ORDER BY kind, name, card
