-- typed_budgets_kept: the budgets that people typed into spreadsheets, as last read.
--
-- out   spreadsheet_id  VARCHAR        the spreadsheet it was typed in
-- out   line            INTEGER        the row of input cells, counted from 1
-- out   kind            VARCHAR        team, department, agent or org; empty for everything
-- out   part            VARCHAR        the name of that kind; empty for everything
-- out   per             VARCHAR        month, quarter or year
-- out   unit            VARCHAR        usd or credits
-- out   amount          DECIMAL(38,6)  the limit for each period
-- out   rolls_over      BOOLEAN        whether a period's unspent amount is carried into the next
-- out   first_day       DATE           from which it applies; NULL for always
-- out   read_at         TIMESTAMP      when it was first read in this form

SELECT spreadsheet_id, line, kind, part, per, unit, amount, rolls_over, first_day, read_at
FROM typed_budgets
ORDER BY spreadsheet_id, line, kind, part, per, unit, first_day NULLS FIRST
