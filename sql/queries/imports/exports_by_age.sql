-- exports_by_age: every imported file, and when it was last imported.
--
-- out   container_sha256  VARCHAR    of the file
-- out   imported_at       TIMESTAMP  when, UTC

SELECT container_sha256, max(imported_at) AS imported_at
FROM imports
GROUP BY container_sha256
ORDER BY container_sha256
