-- empty_reject: take the text of a rejected row away; where it was and why it was rejected stays.
--
-- in    $import_id  INTEGER  which import
-- in    $line       BIGINT   its line

UPDATE rejects
SET original_text = '', cells = NULL
WHERE import_id = $import_id AND line = $line
