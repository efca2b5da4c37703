-- upsert_alert_rule: record an alert rule in its current form.
--
-- in    $rule      VARCHAR  its name in alerts
-- in    $severity  INTEGER  lower is more severe
-- in    $title     VARCHAR  the heading of its messages

INSERT INTO alert_rules (name, severity, title)
VALUES ($rule, $severity, $title)
ON CONFLICT (name) DO UPDATE SET severity = excluded.severity, title = excluded.title
