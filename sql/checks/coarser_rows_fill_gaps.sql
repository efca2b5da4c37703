-- coarser_rows_fill_gaps: cards and environments whose coarser rows count for something other than what the finer ones lack.
--
-- out   grain        VARCHAR        hour or day
-- out   card         VARCHAR        consumption card
-- out   environment  VARCHAR        production, sandbox or unknown
-- out   gap_credits  DECIMAL(38,6)  what the finer rows lack
-- out   credits      DECIMAL(38,6)  what is counted from the coarser rows

WITH gaps AS (
    SELECT grain, card, environment, sum(credits) AS credits FROM grain_gaps GROUP BY grain, card, environment
),
counted AS (
    SELECT replace(grain, ' gap', '') AS grain, card, environment, sum(credits) AS credits
    FROM usage
    WHERE grain <> 'event'
    GROUP BY ALL
)
SELECT
    coalesce(g.grain, c.grain) AS grain, coalesce(g.card, c.card) AS card, coalesce(g.environment, c.environment) AS environment,
    CAST(coalesce(g.credits, 0) AS DECIMAL(38,6)) AS gap_credits, CAST(coalesce(c.credits, 0) AS DECIMAL(38,6)) AS credits
FROM gaps AS g
FULL JOIN counted AS c ON c.grain = g.grain AND c.card = g.card AND c.environment = g.environment
WHERE coalesce(g.credits, 0) <> coalesce(c.credits, 0)
ORDER BY grain, card, environment
