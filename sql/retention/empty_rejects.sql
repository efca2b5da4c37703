-- empty_rejects: delete the text of an import's rejected rows; their position and reason stay.
--
-- in    $import_id  INTEGER  which import

UPDATE rejects
SET original_text = '', cells = NULL
WHERE import_id = $import_id
