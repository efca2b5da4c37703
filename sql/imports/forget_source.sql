-- forget_source: delete the state of a source.
--
-- in    $source  VARCHAR  in app.yaml

DELETE FROM source_tables
WHERE name = $source
