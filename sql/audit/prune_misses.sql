-- prune_misses: deletes all but the newest.
--
-- in    $most  BIGINT  how many to keep

DELETE FROM misses
WHERE noted_at < (SELECT min(noted_at) FROM (SELECT noted_at FROM misses ORDER BY noted_at DESC LIMIT $most))
