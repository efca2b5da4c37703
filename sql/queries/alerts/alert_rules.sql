-- alert_rules: the rules of which alerts were ever decided here, gravest first.
--
-- out   name      VARCHAR  as alerts name it
-- out   severity  INTEGER  the gravest is the lowest
-- out   title     VARCHAR  heads its messages

SELECT name, severity, title FROM alert_rules ORDER BY severity, name
