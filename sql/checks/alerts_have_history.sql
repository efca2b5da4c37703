-- alerts_have_history: alerts whose state is not the last one in their history.
--
-- out   key    VARCHAR  which
-- out   state  VARCHAR  its state

SELECT key, state
FROM alerts
WHERE NOT EXISTS (
    SELECT 1
    FROM alert_history
    WHERE alert_history.key = alerts.key AND alert_history.state = alerts.state AND alert_history.changed_at = alerts.state_at
)
ORDER BY key
