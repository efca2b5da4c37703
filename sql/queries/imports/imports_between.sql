-- imports_between: the files imported between two instants, in order.
--
-- in    $after             TIMESTAMP  later than this, UTC
-- in    $until             TIMESTAMP  and not later than this, UTC
-- out   file_name          VARCHAR    its name as delivered
-- out   container_sha256   VARCHAR    of the bytes of the file on disk
-- out   import_id          INTEGER    the order

SELECT file_name, container_sha256, import_id
FROM imports
WHERE imported_at > $after AND imported_at <= $until
ORDER BY import_id
