-- renew_alert: update the text of a live alert with current figures.
--
-- in    $key       VARCHAR  the alert's key
-- in    $words     VARCHAR  its text
-- in    $answer    VARCHAR  the message, as JSON
-- in    $term_end  DATE     from which it no longer matters; NULL if there is no such day

UPDATE alerts
SET words = $words, answer = $answer, term_end = $term_end
WHERE key = $key
