-- require_recheck: waiting messages may have been sent meanwhile, so their channels are asked first.

UPDATE outbox
SET attempts = greatest(attempts, 1)
WHERE delivered_at IS NULL AND failed_at IS NULL AND withdrawn_at IS NULL
