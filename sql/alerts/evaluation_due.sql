-- evaluation_due: record that new data arrived, so that alerts are due for evaluation.

UPDATE evaluations
SET is_due = true
