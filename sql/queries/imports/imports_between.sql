-- imports_between: which files came in, in their order.
--
-- in    $after             TIMESTAMP  later than this, UTC
-- in    $until             TIMESTAMP  and not later than this, UTC
-- out   file_name          VARCHAR    as it was called
-- out   container_sha256   VARCHAR    of the bytes of the file on disk
-- out   import_id          INTEGER    the order

SELECT file_name, container_sha256, import_id
FROM imports
WHERE imported_at > $after AND imported_at <= $until
ORDER BY import_id
