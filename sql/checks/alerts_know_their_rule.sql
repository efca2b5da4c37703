-- alerts_know_their_rule: alerts of a rule that the warehouse does not have.
--
-- out   key   VARCHAR  the alert
-- out   rule  VARCHAR  its rule

SELECT alerts.key, alerts.rule
FROM alerts
WHERE alerts.rule NOT IN (SELECT alert_rules.name FROM alert_rules)
ORDER BY alerts.key
