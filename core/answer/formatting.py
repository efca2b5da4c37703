"""Formats numbers, money and days for people; the exact values stay in the answer."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import TYPE_CHECKING

from core.patterns import compiled
from core.records import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from core.answer.model import Unit, Value

# Currencies besides dollars, by the unit of their figures, with the sign for amounts.
CURRENCIES: Mapping[Unit, str] = {
    "eur": "€",
    "gbp": "£",
    "chf": "CHF",
    "jpy": "¥",
    "cad": "CAD",
    "aud": "AUD",
    "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "pln": "PLN",
    "czk": "CZK",
    "inr": "INR",
    "brl": "BRL",
    "sgd": "SGD",
}
CENT = Decimal("0.01")
WHOLE_FROM = Decimal(100)  # dollars from which cents do not matter for a decision
WIDE = Context(prec=200)  # values that grow tenfold a month for years exceed the precision of sums
SHORT_PERCENT_PLACES = 6
LEFT_ALIGNED = frozenset({"text", "day", "instant"})  # units of columns to read, not to compare
COUNTED = {
    "credits": ("credit", "credits"),
    "actions": ("action", "actions"),
    "interactions": ("interaction", "interactions"),
    "seats": ("seat", "seats"),
    "packs": ("pack", "packs"),
    "tokens": ("token", "tokens"),
    "days": ("day", "days"),
}


class NumberFormat(NamedTuple):
    """A number format: the thousands and decimal separators, and whether a currency sign precedes its amount."""

    thousands: str
    point: str
    is_sign_first: bool


NUMBER_FORMATS = {"en": NumberFormat(",", ".", is_sign_first=True), "de": NumberFormat(".", ",", is_sign_first=False)}
NO_BREAK = "\u00a0"
ENGLISH_NUMBER = r"(?<![\w.,])(?P<sign>\$?)(?P<number>\d+(?:,\d{3})*(?:\.\d+)?(?:–\d+(?:,\d{3})*(?:\.\d+)?)?)(?![\w]|[.,]\d)"
"""A number, an amount or a range of either, as written in the price tables; not a version, day or name with digits."""
# A process serves one app.yaml, in several threads; the code that reads it sets the number format. A command run for a caller may
# use a different one.
_in_force = [NUMBER_FORMATS["en"]]
_of_caller: ContextVar[list[NumberFormat] | None] = ContextVar("number_format_of_caller", default=None)


def use_number_format(name: str) -> None:
    """Set the number format from app.yaml: en or de."""
    _formats()[0] = NUMBER_FORMATS[name]


@contextmanager
def own_number_format() -> Iterator[None]:
    """Limit this thread's changes of the number format to this thread until the end of the block."""
    token = _of_caller.set([_in_force[0]])
    try:
        yield
    finally:
        _of_caller.reset(token)


def _formats() -> list[NumberFormat]:
    return _of_caller.get() or _in_force


def number_format_in_force() -> str:
    """Return the current number format, en or de: for programs that format numbers themselves, such as a browser."""
    return next(name for name, form in NUMBER_FORMATS.items() if form == _formats()[0])


def group_digits(value: Decimal | int) -> str:
    """Return 1,234.50 for 1234.50, with every decimal, in the current number format."""
    return _in_format(f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}")


def _in_format(text: str) -> str:
    form = _formats()[0]
    return text if form.thousands == "," else text.translate(str.maketrans(",.", form.thousands + form.point))


def write_numbers(text: str) -> str:
    """Return a fixed English text with its numbers in the current format: $0.20–0.40 is 0,20–0,40 $ in German."""
    form = _formats()[0]
    if form == NUMBER_FORMATS["en"]:
        return text

    def one(match: re.Match[str]) -> str:
        written = match["number"].translate(str.maketrans(",.", form.thousands + form.point))
        return f"{written}{NO_BREAK}$" if match["sign"] else written

    return compiled(ENGLISH_NUMBER).sub(one, text)


def _with_sign(amount: str, sign: str, *, is_negative: bool) -> str:
    """Return an amount of money with its currency: $5.00, CHF 5.00, 5,00 €."""
    minus = "-" if is_negative else ""
    if not _formats()[0].is_sign_first:
        return f"{minus}{amount}{NO_BREAK}{sign}"
    return f"{minus}{sign}{NO_BREAK if sign.isalpha() else ''}{amount}"


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round the value to a number of decimals, halves away from zero, like invoices."""
    return value.quantize(_unit(places), ROUND_HALF_UP, WIDE)


@cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def number(value: Decimal, most_places: int = 2) -> str:
    """Return 1,234.5 for 1234.50: grouped, without trailing zeros."""
    text = f"{round_half_up(value, most_places):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else _in_format(text)


def usd(value: Decimal) -> str:
    """Return $5,300.00; a price under a dollar keeps up to four decimals, one under a cent up to six."""
    return _money(value, "$")


def _money(value: Decimal, sign: str) -> str:
    places = 2 if abs(value) >= 1 or value == round_half_up(value, 2) else 4 if abs(value) >= CENT else 6
    rounded = round_half_up(value, places)
    whole, _, cents = f"{abs(rounded):,f}".partition(".")
    return _with_sign(_in_format(f"{whole}.{cents.rstrip('0').ljust(2, '0')}"), sign, is_negative=rounded < 0)


def usd_exact(value: Decimal) -> str:
    """Return dollars with all decimals, at most twelve, so that a written-out sum adds up."""
    text = usd(value)
    return (
        text
        if value == round_half_up(value, 6 if abs(value) < CENT else 4 if abs(value) < 1 else 2)
        else _with_sign(number(abs(value), 12), "$", is_negative=value < 0)
    )


def usd_short(value: Decimal) -> str:
    """Return $5,300 for $5,300.49 and $46.50 for $46.50: whole dollars from $100 on, below that as `usd` does."""
    return _money_short(value, "$")


def _money_short(value: Decimal, sign: str) -> str:
    if value and abs(round_half_up(value, 2)) < WHOLE_FROM:
        return _money(value, sign)
    return _with_sign(group_digits(abs(round_half_up(value, 0))), sign, is_negative=value < 0)


def percent_short(value: Decimal) -> str:
    """Return 73.5% for 73.46: one decimal, and more if a value would otherwise wrongly round to 0% or 100%."""
    places = 1
    while places < SHORT_PERCENT_PLACES and value not in {0, 100} and round_half_up(value, places) in {0, 100}:
        places += 1
    return _percent(number(value, places))


def _percent(text: str) -> str:
    return f"{text}%" if _formats()[0].is_sign_first else f"{text}{NO_BREAK}%"


def credits_short(value: Decimal) -> str:
    """Return 1,234 for 1,234.4: whole credits, and decimals if a value would otherwise round to 0."""
    return number(value, 0) if value == 0 or round_half_up(value, 0) else number(value, 6)


def percent(value: Decimal) -> str:
    """Return 73.5% for 73.5: at most two decimals."""
    return _percent(number(value))


def day(value: date) -> str:
    """Return 21 Nov 2026, which is unambiguous."""
    return f"{value.day} {value:%b %Y}"


def amount(value: Value, unit: Unit) -> str:
    """Return a value with its unit, ready to read in a sentence; an absent value is a dash."""
    if isinstance(value, Decimal) and unit in COUNTED:
        one, many = COUNTED[unit]
        return f"{number(value)} {one if value == 1 else many}"
    return cell(value, unit)


def cell(value: Value, unit: Unit) -> str:
    """Return a value as shown in a table, with its unit in the column's label."""
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        if unit in CURRENCIES:
            return _money(value, CURRENCIES[unit])
        return usd(value) if unit == "usd" else percent(value) if unit == "percent" else number(value)
    if isinstance(value, datetime):
        return f"{day(value)} {value:%H:%M} UTC"
    return day(value) if isinstance(value, date) else value


def exact_amount(value: Decimal, unit: Unit) -> str:
    """Return a number with all its decimals, money with its sign: for readers who check a sum."""
    digits = group_digits(abs(value))
    sign = "$" if unit == "usd" else CURRENCIES.get(unit)
    return group_digits(value) if sign is None else _with_sign(digits, sign, is_negative=value < 0)


def short_amount(value: Value, unit: Unit) -> str:
    """Return a value with its unit, rounded as in the short form of an answer."""
    if isinstance(value, Decimal) and unit in COUNTED:
        one, many = COUNTED[unit]
        return f"{short_cell(value, unit)} {one if value == 1 else many}"
    return short_cell(value, unit)


def short_cell(value: Value, unit: Unit) -> str:
    """Return a value as shown in a table of the short form: rounded, with its unit in the column's label."""
    if isinstance(value, Decimal) and unit in CURRENCIES:
        return _money_short(value, CURRENCIES[unit])
    write = SHORT.get(unit)
    return write(value) if isinstance(value, Decimal) and write else cell(value, unit)


def short_cells(values: Sequence[Value], unit: Unit) -> list[str]:
    """Return the values of a column, rounded unless that would make two different values look alike."""
    known = {value for value in values if value is not None}
    texts = [short_cell(value, unit) for value in values]
    is_told_apart = len({short_cell(value, unit) for value in known}) == len(known)
    return texts if is_told_apart or unit == "text" else [cell(value, unit) for value in values]


def usd_with_credits(cost: Decimal | None, used: Decimal) -> str:
    """Return $307 (61,400 credits): dollars first, if there are any; usage without cost is free credits."""
    counted = f"{credits_short(used)} {'free ' if used and cost == 0 else ''}{'credit' if used == 1 else 'credits'}"
    return f"{usd_short(cost)} ({counted})" if cost else counted


SHORT: Mapping[Unit, Callable[[Decimal], str]] = {"usd": usd_short, "percent": percent_short, "credits": credits_short}
