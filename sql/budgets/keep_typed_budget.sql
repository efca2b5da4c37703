-- keep_typed_budget: store a budget that somebody typed into a spreadsheet.
--
-- in    $spreadsheet_id  VARCHAR        the spreadsheet it was typed in
-- in    $line            INTEGER        the row of input cells, counted from 1
-- in    $kind            VARCHAR        team, department, agent or org; empty for everything
-- in    $part            VARCHAR        the name of that kind; empty for everything
-- in    $per             VARCHAR        month, quarter or year
-- in    $unit            VARCHAR        usd or credits
-- in    $amount          DECIMAL(38,6)  the limit for each period
-- in    $rolls_over      BOOLEAN        whether a period's unspent amount is carried into the next
-- in    $first_day       DATE           from which it applies; NULL for always
-- in    $read_at         TIMESTAMP      when it was first read in this form

INSERT INTO typed_budgets (spreadsheet_id, line, kind, part, per, unit, amount, rolls_over, first_day, read_at)
VALUES ($spreadsheet_id, $line, $kind, $part, $per, $unit, $amount, $rolls_over, $first_day, $read_at)
