-- forget_typed_budgets: delete what was typed into a spreadsheet, before it is stored again.
--
-- in    $spreadsheet_id  VARCHAR  its id

DELETE FROM typed_budgets
WHERE spreadsheet_id = $spreadsheet_id
