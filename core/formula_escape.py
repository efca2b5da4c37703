"""Escapes texts that a spreadsheet would run as a formula when it opens a CSV file."""

from __future__ import annotations

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def escape_formula(text: str) -> str:
    """Return the text; one that a spreadsheet would run is prefixed with an apostrophe, which spreadsheets do not show.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def unescape_formula(text: str) -> str:
    """Return the original of a text returned by `escape_formula`."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(STARTS_A_FORMULA) else text
