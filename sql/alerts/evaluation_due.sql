-- evaluation_due: something came in, so what is news is to be decided.

UPDATE evaluations
SET is_due = true
