-- evaluation_done: what is news was decided.
--
-- in    $now  TIMESTAMP  UTC

UPDATE evaluations
SET is_due = false, evaluated_at = $now
