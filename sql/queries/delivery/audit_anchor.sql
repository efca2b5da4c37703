-- audit_anchor: what the chain begins behind.
--
-- out   position  BIGINT   of the last entry that was deleted because of its age; 0 for none
-- out   hash      VARCHAR  its hash; empty for none

SELECT position, hash
FROM audit_anchor
ORDER BY position
