-- typed_budgets_kept: the budgets that people typed into spreadsheets, as last read.
--
-- out   spreadsheet_id  VARCHAR        where they typed it
-- out   line            INTEGER        the row of input cells, counted from 1
-- out   kind            VARCHAR        team, department, agent or org; empty for everything
-- out   part            VARCHAR        of whom; empty for everything
-- out   per             VARCHAR        month, quarter or year
-- out   unit            VARCHAR        usd or credits
-- out   amount          DECIMAL(38,6)  what may be spent or used in each period
-- out   rolls_over      BOOLEAN        whether what a period leaves is carried into the next
-- out   first_day       DATE           from which it holds; NULL for always
-- out   read_at         TIMESTAMP      when it was first read so

SELECT spreadsheet_id, line, kind, part, per, unit, amount, rolls_over, first_day, read_at
FROM typed_budgets
ORDER BY spreadsheet_id, line, kind, part, per, unit, first_day NULLS FIRST
