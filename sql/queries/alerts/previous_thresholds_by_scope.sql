-- previous_thresholds_by_scope: what was used of each term at the last evaluation, newest first.
--
-- in    $team         VARCHAR        team
-- in    $org          VARCHAR        org; empty for all
-- in    $card         VARCHAR        card
-- out   term          VARCHAR        first day and day after the last
-- out   used_percent  DECIMAL(38,6)  of what was granted, rounded down
-- out   measured_at   TIMESTAMP      when, UTC

SELECT term, used_percent, measured_at
FROM previous_levels
WHERE team = $team AND org = $org AND card = $card
ORDER BY measured_at DESC, term
