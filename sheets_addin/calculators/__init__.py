"""Worksheets that go on computing what a question asked, one module each, and what they share."""
