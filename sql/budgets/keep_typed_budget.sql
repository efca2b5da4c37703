-- keep_typed_budget: take down a budget that somebody typed into a spreadsheet.
--
-- in    $spreadsheet_id  VARCHAR        where it was typed
-- in    $line            INTEGER        the row of input cells, counted from 1
-- in    $kind            VARCHAR        team, department, agent or org; empty for everything
-- in    $part            VARCHAR        of whom; empty for everything
-- in    $per             VARCHAR        month, quarter or year
-- in    $unit            VARCHAR        usd or credits
-- in    $amount          DECIMAL(38,6)  what may be spent or used in each period
-- in    $rolls_over      BOOLEAN        whether what a period leaves is carried into the next
-- in    $first_day       DATE           from which it holds; NULL for always
-- in    $read_at         TIMESTAMP      when it was first read so

INSERT INTO typed_budgets (spreadsheet_id, line, kind, part, per, unit, amount, rolls_over, first_day, read_at)
VALUES ($spreadsheet_id, $line, $kind, $part, $per, $unit, $amount, $rolls_over, $first_day, $read_at)
