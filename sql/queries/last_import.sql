-- last_import: when a file was imported last.
--
-- out   imported_at  TIMESTAMP  UTC; NULL while nothing was

SELECT max(imported_at) AS imported_at
FROM imports
ORDER BY imported_at
