-- alert_by_key: one alert.
--
-- in    $key           VARCHAR    the alert's key
-- out   key            VARCHAR    the same
-- out   team           VARCHAR    its recipient
-- out   rule           VARCHAR    a row of alert_rules, such as level or spike
-- out   state          VARCHAR    open, acknowledged, snoozed, recovered or closed
-- out   state_at       TIMESTAMP  since when, UTC
-- out   snoozed_until  TIMESTAMP  UTC; NULL unless snoozed
-- out   term_end       DATE       from which it no longer matters; NULL if there is no such day
-- out   answer         VARCHAR    the message, as JSON

SELECT key, team, rule, state, state_at, snoozed_until, term_end, answer
FROM alerts
WHERE key = $key
ORDER BY key
