-- wallet_grants: the ledger's grants of a card, each with its half-open term; reparenting is left out.
--
-- in    $card           VARCHAR        card
-- out   id              VARCHAR        the ledger's own key
-- out   credits         DECIMAL(38,6)  what the pool gains; below 0 for a reduction
-- out   first_day       DATE           first day on which they can be used, UTC
-- out   day_after_last  DATE           first day on which they cannot, UTC; NULL where the term is open
-- out   type            VARCHAR        Add, Reduction, …
-- out   subtype         VARCHAR        Foundations, Reimbursement, …

SELECT id, credits, first_day, day_after_last, type, subtype
FROM grants
WHERE card = $card
ORDER BY first_day, id
