-- imported_containers: the files that imports came in, the newest first.
--
-- out   container_sha256  VARCHAR  of the file on the disk

SELECT container_sha256
FROM imports
GROUP BY container_sha256
ORDER BY max(import_id) DESC
