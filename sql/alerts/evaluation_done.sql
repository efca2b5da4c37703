-- evaluation_done: record that alerts were evaluated.
--
-- in    $now  TIMESTAMP  UTC

UPDATE evaluations
SET is_due = false, evaluated_at = $now
