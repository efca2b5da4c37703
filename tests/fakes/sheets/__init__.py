"""A Google Sheets of our own on loopback, which refuses what Google refuses."""
