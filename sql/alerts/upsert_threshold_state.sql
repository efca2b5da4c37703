-- upsert_threshold_state: record how much of a term is used now, for the next evaluation.
--
-- in    $team          VARCHAR        team
-- in    $org           VARCHAR        empty for all
-- in    $card          VARCHAR        card
-- in    $term          VARCHAR        first day and day after the last
-- in    $used_percent  DECIMAL(38,6)  rounded down
-- in    $now           TIMESTAMP      UTC

INSERT INTO previous_levels VALUES ($team, $org, $card, $term, $used_percent, $now)
ON CONFLICT (team, org, card, term) DO UPDATE SET used_percent = excluded.used_percent, measured_at = excluded.measured_at
