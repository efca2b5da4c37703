-- prune_audit: deletes what is older, up to the first entry that is not.
--
-- in    $before  TIMESTAMP  UTC

DELETE FROM audit
WHERE position < coalesce((SELECT min(position) FROM audit WHERE noted_at >= $before), 9223372036854775807)
