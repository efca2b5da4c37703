"""One module for each operation of the command line, loaded when it runs."""
