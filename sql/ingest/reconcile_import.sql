-- reconcile_import: summed usage and grants beside the balance that the wallet itself last stated.
--
-- out   card             VARCHAR        consumption card
-- out   environment      VARCHAR        production, sandbox or unknown
-- out   used_credits     DECIMAL(38,6)  sum of the imported usage
-- out   stated_used      DECIMAL(38,6)  computeConsumption's unitsConsumed
-- out   difference       DECIMAL(38,6)  imported less stated
-- out   ledger_credits   DECIMAL(38,6)  grants of the ledger, regardless of term
-- out   stated_granted   DECIMAL(38,6)  computeConsumption's totalEntitlement

WITH newest AS (
    SELECT card, environment, usage_model, max(import_id) AS import_id
    FROM balance_snapshots
    GROUP BY card, environment, usage_model
),
stated AS (
    SELECT b.card, b.environment, sum(b.used_credits) AS used, sum(b.granted_credits) AS granted
    FROM balance_snapshots AS b
    JOIN newest AS n ON
        n.card = b.card AND n.environment = b.environment AND n.usage_model IS NOT DISTINCT FROM b.usage_model
        AND n.import_id = b.import_id
    GROUP BY b.card, b.environment
),
used AS (
    SELECT card, environment, sum(credits) AS credits FROM usage GROUP BY card, environment
),
ledger AS (
    SELECT card, sum(credits) AS credits FROM grants GROUP BY card
)
SELECT
    s.card, s.environment, CAST(coalesce(u.credits, 0) AS DECIMAL(38,6)) AS used_credits, s.used AS stated_used,
    CAST(coalesce(u.credits, 0) - s.used AS DECIMAL(38,6)) AS difference,
    CAST(coalesce(l.credits, 0) AS DECIMAL(38,6)) AS ledger_credits, s.granted AS stated_granted
FROM stated AS s
LEFT JOIN used AS u ON u.card = s.card AND u.environment = s.environment
LEFT JOIN ledger AS l ON l.card = s.card
ORDER BY s.card, s.environment
