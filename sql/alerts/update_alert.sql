-- update_alert: set another state of an alert.
--
-- in    $key    VARCHAR    the alert's key
-- in    $state  VARCHAR    the new state
-- in    $by     VARCHAR    who changed it
-- in    $at     TIMESTAMP  UTC
-- in    $until  TIMESTAMP  UTC; NULL unless snoozed

UPDATE alerts
SET state = $state, state_by = $by, state_at = $at, snoozed_until = $until
WHERE key = $key
