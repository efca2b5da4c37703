-- What people asked and was not understood, so that words can be added. Nothing says who asked.

CREATE TABLE IF NOT EXISTS misses (
    noted_at TIMESTAMP NOT NULL,  -- UTC
    text     VARCHAR   NOT NULL,  -- as it was typed, addresses and ids of people left out
    surface  VARCHAR   NOT NULL   -- command line, Slack, formulas, MCP
);
