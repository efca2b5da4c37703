-- wallet_use_cases: every use case that usage tags name, in the spelling of the exports.
--
-- in    $card        VARCHAR  NULL for all
-- in    $org         VARCHAR  NULL for all
-- in    $agent       VARCHAR  NULL for all
-- in    $department  VARCHAR  NULL for all
-- out   name         VARCHAR  a use case

SELECT DISTINCT use_case AS name
FROM usage_rollup
WHERE
    use_case <> '' AND ($card IS NULL OR card = $card) AND ($org IS NULL OR org = $org)
    AND ($agent IS NULL OR agent = $agent) AND ($department IS NULL OR department = $department)
ORDER BY name
