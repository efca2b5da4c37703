-- wallet_grants: the ledger's grants of a card, each with its half-open term; reparenting, and what counts nothing, is left out.
--
-- in    $card           VARCHAR        card
-- out   id              VARCHAR        the ledger's own key
-- out   credits         DECIMAL(38,6)  what the pool gains; below 0 for a reduction
-- out   start_time      TIMESTAMP      first instant at which they can be used, UTC
-- out   end_time        TIMESTAMP      first instant at which they cannot, UTC; NULL where the term is open
-- out   type            VARCHAR        Add, Reduction, …; NULL where the export does not say
-- out   subtype         VARCHAR        Foundations, Reimbursement, …; NULL where the export does not say

SELECT id, credits, start_time, end_time, type, subtype
FROM entitlements
WHERE card = $card AND is_counted AND credits <> 0
ORDER BY start_time, id
