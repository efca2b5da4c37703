-- prune_audit: deletes older entries, up to the first one that is not.
--
-- in    $before  TIMESTAMP  UTC

DELETE FROM audit
WHERE position < coalesce((SELECT min(position) FROM audit WHERE noted_at >= $before), 9223372036854775807)
