-- prune_audit: deletes what is older.
--
-- in    $before  TIMESTAMP  UTC

DELETE FROM audit
WHERE noted_at < $before
