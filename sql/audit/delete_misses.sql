-- delete_misses: forgets every question that was not understood.

DELETE FROM misses
