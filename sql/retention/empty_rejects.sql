-- empty_rejects: take the text of an import's rejected rows away; where they were and why they were rejected stays.
--
-- in    $import_id  INTEGER  which import

UPDATE rejects
SET original_text = '', cells = NULL
WHERE import_id = $import_id
