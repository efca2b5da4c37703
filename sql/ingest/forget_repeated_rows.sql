-- forget_repeated_rows: clear the touched days' repeated rows, which are searched again.

DELETE FROM repeated_rows WHERE day IN (SELECT day FROM touched_days)
