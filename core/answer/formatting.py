"""Numbers, money and days as people write them; the exact values stay in the answer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.answer.model import Unit, Value

CENT = Decimal("0.01")
WIDE = Context(prec=200)  # what grows tenfold a month for years has more digits than sums keep
COUNTED = {
    "credits": ("credit", "credits"),
    "actions": ("action", "actions"),
    "interactions": ("interaction", "interactions"),
    "seats": ("seat", "seats"),
    "packs": ("pack", "packs"),
    "tokens": ("token", "tokens"),
    "days": ("day", "days"),
}


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Return the value to so many places, halves away from zero, as invoices round."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, WIDE)


def number(value: Decimal, most_places: int = 2) -> str:
    """Return 1,234.5 for 1234.50: grouped, without trailing zeros."""
    text = f"{round_half_up(value, most_places):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def usd(value: Decimal) -> str:
    """Return $5,300.00; a price under a dollar keeps up to four places, one under a cent up to six."""
    places = 2 if abs(value) >= 1 or value == round_half_up(value, 2) else 4 if abs(value) >= CENT else 6
    whole, _, cents = f"{abs(round_half_up(value, places)):,f}".partition(".")
    text = f"{whole}.{cents.rstrip('0').ljust(2, '0')}"
    return f"-${text}" if round_half_up(value, places) < 0 else f"${text}"


def usd_exact(value: Decimal) -> str:
    """Return dollars with every place, or twelve of them, so that a sum written out comes to what it says."""
    text = usd(value)
    return (
        text if value == round_half_up(value, 6 if abs(value) < CENT else 4 if abs(value) < 1 else 2) else f"${number(value, 12)}"
    )


def percent(value: Decimal) -> str:
    """Return 73.5% for 73.5: at most two places."""
    return f"{number(value)}%"


def day(value: date) -> str:
    """Return 21 Nov 2026: no order of numbers to mistake."""
    return f"{value.day} {value:%b %Y}"


def amount(value: Value, unit: Unit) -> str:
    """Return a value with its unit, ready to read in a sentence; an absent value is a dash."""
    if isinstance(value, Decimal) and unit in COUNTED:
        one, many = COUNTED[unit]
        return f"{number(value)} {one if value == 1 else many}"
    return cell(value, unit)


def cell(value: Value, unit: Unit) -> str:
    """Return a value as a table shows it, its unit standing in the column's label."""
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return usd(value) if unit == "usd" else percent(value) if unit == "percent" else number(value)
    if isinstance(value, datetime):
        return f"{day(value)} {value:%H:%M} UTC"
    return day(value) if isinstance(value, date) else value
