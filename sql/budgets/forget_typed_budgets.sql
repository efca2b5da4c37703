-- forget_typed_budgets: forget what was typed into a spreadsheet, before it is taken down anew.
--
-- in    $spreadsheet_id  VARCHAR  of which

DELETE FROM typed_budgets
WHERE spreadsheet_id = $spreadsheet_id
