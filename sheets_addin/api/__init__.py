"""The formula API: questions over HTTP, for custom functions in spreadsheets and whoever else speaks JSON."""
