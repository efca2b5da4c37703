-- forget_asked_places: every place is asked once more what it was told.

DELETE FROM asked_places
