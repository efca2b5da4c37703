-- forget_repeated_rows: the touched days' repeated rows are looked for anew.

DELETE FROM repeated_rows WHERE day IN (SELECT day FROM touched_days)
