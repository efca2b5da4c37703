"""Live worksheets that keep computing the answer to a question, one module each, and their shared code."""
