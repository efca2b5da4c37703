-- renew_alert: what an alert that still holds says by the figures of now.
--
-- in    $key       VARCHAR  the alert's key
-- in    $words     VARCHAR  what it says
-- in    $answer    VARCHAR  the message, as JSON
-- in    $term_end  DATE     from which it no longer matters; NULL where there is none such

UPDATE alerts
SET words = $words, answer = $answer, term_end = $term_end
WHERE key = $key
