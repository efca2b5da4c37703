-- source_of_import: the source whose events count as an import, if any.
--
-- in    $import_id  INTEGER  which
-- out   name        VARCHAR  in app.yaml

SELECT name
FROM source_tables
WHERE import_id = $import_id
ORDER BY name
