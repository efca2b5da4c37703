-- forget_source: forget what is known of a source.
--
-- in    $source  VARCHAR  in app.yaml

DELETE FROM source_tables
WHERE name = $source
