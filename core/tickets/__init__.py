"""A help desk's export, sorted into use cases by rules: what a deployment would have to do before any agent exists."""
