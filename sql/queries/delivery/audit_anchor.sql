-- audit_anchor: the entry after which the chain begins.
--
-- out   position  BIGINT   of the last entry deleted because of its age; 0 for none
-- out   hash      VARCHAR  its hash; empty for none

SELECT position, hash
FROM audit_anchor
ORDER BY position
