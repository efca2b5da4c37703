-- upsert_alert_rule: let the warehouse know a rule of alerts, as it is now.
--
-- in    $rule      VARCHAR  as alerts name it
-- in    $severity  INTEGER  the gravest is the lowest
-- in    $title     VARCHAR  heads its messages

INSERT INTO alert_rules (name, severity, title)
VALUES ($rule, $severity, $title)
ON CONFLICT (name) DO UPDATE SET severity = excluded.severity, title = excluded.title
