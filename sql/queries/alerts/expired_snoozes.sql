-- expired_snoozes: alerts whose snooze has ended.
--
-- in    $team          VARCHAR    team
-- in    $org           VARCHAR    org; empty for all
-- in    $card          VARCHAR    card; empty for what is about every card
-- in    $now           TIMESTAMP  UTC
-- out   key            VARCHAR    the alert's key
-- out   snoozed_until  TIMESTAMP  UTC
-- out   answer         VARCHAR    the message, as JSON

SELECT key, snoozed_until, answer
FROM alerts
WHERE team = $team AND org = $org AND card = $card AND state = 'snoozed' AND snoozed_until <= $now
ORDER BY key
