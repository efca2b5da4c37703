-- imported_containers: the files that imports came from, newest first.
--
-- out   newest_import     INTEGER  the last import from it
-- out   container_sha256  VARCHAR  of the file on the disk

SELECT max(import_id) AS newest_import, container_sha256
FROM imports
GROUP BY container_sha256
ORDER BY newest_import DESC, container_sha256
