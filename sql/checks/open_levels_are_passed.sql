-- open_levels_are_passed: live alerts about a level above the term's usage; they block no import, and end at the next evaluation.
--
-- out   key           VARCHAR        the alert
-- out   used_percent  DECIMAL(38,6)  the last measured value

SELECT alerts.key, previous_levels.used_percent
FROM alerts
INNER JOIN previous_levels
    ON alerts.team = previous_levels.team AND alerts.org = previous_levels.org AND alerts.card = previous_levels.card
    AND starts_with(alerts.term, previous_levels.term || ' of ')
WHERE alerts.rule = 'level' AND alerts.direction = 'up' AND alerts.state IN ('open', 'acknowledged', 'snoozed')
    AND CAST(alerts.level AS DECIMAL(38, 6)) > previous_levels.used_percent
ORDER BY alerts.key
