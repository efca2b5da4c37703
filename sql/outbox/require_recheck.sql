-- require_recheck: what waits may have been sent meanwhile, so its place is asked before it is sent.

UPDATE outbox
SET attempts = greatest(attempts, 1)
WHERE delivered_at IS NULL AND failed_at IS NULL AND withdrawn_at IS NULL
