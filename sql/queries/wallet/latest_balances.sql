-- latest_balances: the balance that the wallet itself states for a card, in its newest snapshot of each environment.
--
-- in    $card            VARCHAR        card
-- out   environment      VARCHAR        production, sandbox or unknown
-- out   usage_model      VARCHAR        empty if the snapshot does not say
-- out   used_credits     DECIMAL(38,6)  used, per the wallet
-- out   granted_credits  DECIMAL(38,6)  granted, per the wallet
-- out   imported_at      TIMESTAMP      when the snapshot was imported, UTC; it has no time of its own

SELECT
    b.environment, coalesce(b.usage_model, '') AS usage_model,
    b.used_credits, b.granted_credits, i.imported_at
FROM balance_snapshots AS b
JOIN imports AS i ON i.import_id = b.import_id
WHERE b.card = $card
QUALIFY row_number() OVER (PARTITION BY b.environment, b.usage_model ORDER BY i.imported_at DESC, b.import_id DESC, b.id) = 1
ORDER BY b.environment, usage_model
