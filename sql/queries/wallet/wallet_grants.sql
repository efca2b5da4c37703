-- wallet_grants: the ledger's grants of a card, each with its half-open term; without reparenting and rows of no effect.
--
-- in    $card           VARCHAR        card
-- out   id              VARCHAR        the ledger's own key
-- out   credits         DECIMAL(38,6)  credits added to the pool; below 0 for a reduction
-- out   start_time      TIMESTAMP      first instant at which they can be used, UTC
-- out   end_time        TIMESTAMP      first instant at which they cannot, UTC; NULL if the term is open
-- out   type            VARCHAR        Add, Reduction, …; NULL if the export does not say
-- out   subtype         VARCHAR        Foundations, Reimbursement, …; NULL if the export does not say

SELECT id, credits, start_time, end_time, type, subtype
FROM entitlements
WHERE card = $card AND is_counted AND credits <> 0
ORDER BY start_time, id
