"""What a cell or a figure of an answer holds, as the kind that a test expects there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def number(value: object) -> Decimal:
    """Return a number, exact; anything else fails the test."""
    assert isinstance(value, Decimal | int), value
    return Decimal(value)


def text(value: object) -> str:
    """Return a text; anything else fails the test."""
    assert isinstance(value, str), value
    return value


def day(value: object) -> date:
    """Return a day; anything else fails the test."""
    assert isinstance(value, date), value
    return value
