-- Budgets that people typed into the worksheet Budgets of a spreadsheet, as last read from it.

CREATE TABLE IF NOT EXISTS typed_budgets (
    spreadsheet_id VARCHAR        NOT NULL,
    line           INTEGER        NOT NULL,  -- the row of input cells, counted from 1, by its anchor
    kind           VARCHAR        NOT NULL,  -- team, department, agent or org; empty for everything
    part           VARCHAR        NOT NULL,  -- of whom; empty for everything
    per            VARCHAR        NOT NULL CHECK (per IN ('month', 'quarter', 'year')),
    unit           VARCHAR        NOT NULL CHECK (unit IN ('usd', 'credits')),
    amount         DECIMAL(38, 6) NOT NULL CHECK (amount > 0),
    rolls_over     BOOLEAN        NOT NULL,
    first_day      DATE,                     -- from which it holds; NULL for always
    read_at        TIMESTAMP      NOT NULL   -- when it was first read so
);
