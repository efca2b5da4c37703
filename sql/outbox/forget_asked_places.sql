-- forget_asked_places: have every channel asked once more what was sent to it.

DELETE FROM asked_places
