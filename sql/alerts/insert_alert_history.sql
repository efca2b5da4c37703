-- insert_alert_history: a state that an alert entered.
--
-- in    $key    VARCHAR    the alert's key
-- in    $at     TIMESTAMP  UTC
-- in    $state  VARCHAR    the state
-- in    $by     VARCHAR    who changed it
-- in    $words  VARCHAR    why

INSERT INTO alert_history VALUES ($key, $at, $state, $by, $words)
