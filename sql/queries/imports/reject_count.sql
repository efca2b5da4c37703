-- reject_count: how many rows of the imported files were rejected.
--
-- out   rows  BIGINT  rows rejected

SELECT count(DISTINCT (import_id, line)) AS rows
FROM rejects
ORDER BY rows
