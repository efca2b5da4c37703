-- wallet_names: every org, agent and department that a question may name.
--
-- in    $card  VARCHAR  card
-- out   kind   VARCHAR  org, agent or department
-- out   name   VARCHAR  as the exports spell it

SELECT 'org' AS kind, org AS name FROM usage WHERE card = $card AND org <> ''
UNION
SELECT 'agent' AS kind, agent AS name FROM usage WHERE card = $card AND agent <> ''
UNION
SELECT 'department' AS kind, department AS name FROM usage WHERE card = $card AND department <> ''
ORDER BY kind, name
