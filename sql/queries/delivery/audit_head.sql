-- audit_head: the last entry of the chain, or the one after which it begins; and how many entries have no link yet.
--
-- out   position   BIGINT   of the last entry; 0 for none
-- out   hash       VARCHAR  of the last entry that has a link; empty for none
-- out   linked     BIGINT   the position of that one
-- out   unchained  BIGINT   entries without a link

SELECT
    greatest((SELECT coalesce(max(position), 0) FROM audit), anchor.position) AS position,
    coalesce((SELECT arg_max(hash, position) FROM audit WHERE hash IS NOT NULL), anchor.hash) AS hash,
    greatest((SELECT coalesce(max(position), 0) FROM audit WHERE hash IS NOT NULL), anchor.position) AS linked,
    (SELECT count(*) FROM audit WHERE hash IS NULL) AS unchained
FROM audit_anchor AS anchor
ORDER BY position
