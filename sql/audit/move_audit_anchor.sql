-- move_audit_anchor: lets the chain begin after the entries that are about to be deleted.
--
-- in    $before  TIMESTAMP  UTC

UPDATE audit_anchor
SET position = last.position, hash = last.hash
FROM (
    SELECT position, hash
    FROM audit
    WHERE position < coalesce((SELECT min(position) FROM audit WHERE noted_at >= $before), 9223372036854775807)
    ORDER BY position DESC
    LIMIT 1
) AS last
