-- alert_rules: the rules with alerts so far, most severe first.
--
-- out   name      VARCHAR  its name in alerts
-- out   severity  INTEGER  lower is more severe
-- out   title     VARCHAR  the heading of its messages

SELECT name, severity, title FROM alert_rules ORDER BY severity, name
