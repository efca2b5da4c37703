"""The requests of batchUpdate, by what they are about."""
