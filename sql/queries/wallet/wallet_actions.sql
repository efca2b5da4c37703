-- wallet_actions: every action that usage names, in the spelling of the exports.
--
-- out   name  VARCHAR  an action

SELECT DISTINCT action AS name
FROM usage_rollup
WHERE action <> ''
ORDER BY name
