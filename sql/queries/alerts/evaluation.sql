-- evaluation: whether alerts are due for evaluation, and when that was last done.
--
-- out   is_due        BOOLEAN    whether something was imported since
-- out   evaluated_at  TIMESTAMP  the last decision, UTC; NULL before the first
-- out   data_through  TIMESTAMP  latest instant in the data of any import, UTC; NULL while nothing was imported

SELECT is_due, evaluated_at, (SELECT max(data_through) FROM imports) AS data_through
FROM evaluations
ORDER BY is_due
