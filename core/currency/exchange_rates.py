"""Dated exchange rates: the ECB's file as it is downloaded, or rows of app.yaml; of a day without one, the last one before.

Source: the European Central Bank's euro foreign exchange reference rates, units of a currency for one euro, published on its
working days as zip files: eurofxref-hist, and eurofxref with one day, written as 27 November 2026. A currency without a rate that
day has N/A, and every line ends in a comma.
"""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from core.answer import day as shown_day
from core.answer import number
from core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

BASE, DOLLAR = "EUR", "USD"
USUAL_REACH_DAYS = 7
MAX_BYTES = 32 * 1024 * 1024  # all days since 1999 are two megabytes
ECB_TITLE = "ECB euro reference rates ({name})"
OWN_TITLE = "Your own rates (app.yaml, exchange_rates)"


class NoRateError(InputError):
    """No rate of a currency is known for a day, or near enough before it."""


class RateInput(NamedTuple):
    """A rate that app.yaml states: what one dollar was worth in a currency on a day."""

    day: date
    currency: str
    per_usd: Decimal


class CurrencySettings(NamedTuple):
    """The currency to show beside dollars, None for none; its rates, from the ECB's file or as stated, and how long one holds."""

    display: str | None = None
    rates_file: Path | None = None
    rates: tuple[RateInput, ...] = ()
    reach_days: int = USUAL_REACH_DAYS


class ExchangeRate(NamedTuple):
    """What dollars are worth in a currency on a day: so many units of it for so many dollars, as the source quotes them."""

    currency: str
    on: date
    units: Decimal
    dollars: Decimal
    title: str

    def from_usd(self, usd: Decimal) -> Decimal:
        """Return an amount of dollars in the currency, unrounded."""
        return usd * self.units / self.dollars

    def to_usd(self, amount: Decimal) -> Decimal:
        """Return an amount of the currency in dollars, unrounded."""
        return amount * self.dollars / self.units

    def __str__(self) -> str:
        """Return how the rate is quoted, and of which day it is."""
        if self.dollars == 1:
            quoted = f"1 USD = {number(self.units, 6)} {self.currency}"
        else:
            quoted = f"1 {self.currency} = {number(self.dollars / self.units, 6)} USD"
        return f"{quoted} on {shown_day(self.on)}"


class ExchangeRates(NamedTuple):
    """Rates by day and currency, in units for one of the base, which is euros or dollars."""

    base: str
    by_day: Mapping[date, Mapping[str, Decimal]]
    reach_days: int
    title: str

    def rate(self, currency: str, day: date) -> ExchangeRate:
        """Return the rate of a day, else the last one before it. Raises: NoRateError, where none lies in reach."""
        for back in range(self.reach_days + 1):
            on = day - timedelta(days=back)
            units, dollars = (self._units(one, on) for one in (currency, DOLLAR))
            if units is not None and dollars is not None:
                return ExchangeRate(currency, on, units, dollars, self.title)
        raise NoRateError(
            f"There is no {currency} rate for {shown_day(day)}, or up to {self.reach_days} days before it ({self.title}). "
            f"{self._newest(currency)}Add a newer one: exchange_rates in app.yaml."
        )

    def _units(self, currency: str, on: date) -> Decimal | None:
        return Decimal(1) if currency == self.base else self.by_day[on].get(currency) if on in self.by_day else None

    def _newest(self, currency: str) -> str:
        known = [on for on, units in self.by_day.items() if currency in {self.base, *units}]
        return f"The rates go from {shown_day(min(known))} to {shown_day(max(known))}. " if known else ""


def rates_of(settings: CurrencySettings) -> ExchangeRates:
    """Return the rates that app.yaml names. Raises: NoRateError, where it names none; InputError, where the file is at fault."""
    if settings.rates_file is not None:
        by_day = _read_file(settings.rates_file, _state(settings.rates_file))
        return ExchangeRates(BASE, by_day, settings.reach_days, ECB_TITLE.format(name=settings.rates_file.name))
    if settings.rates:
        return ExchangeRates(DOLLAR, _own_rates(settings.rates), settings.reach_days, OWN_TITLE)
    raise NoRateError("No exchange rates are known: name the ECB's file, or rates of your own, under exchange_rates in app.yaml.")


def _own_rates(rates: Sequence[RateInput]) -> Mapping[date, Mapping[str, Decimal]]:
    found: dict[date, dict[str, Decimal]] = {}
    for rate in rates:
        found.setdefault(rate.day, {})[rate.currency] = rate.per_usd
    return found


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise InputError(f"exchange_rates.file {path} cannot be read: {error.strerror}.") from error
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _read_file(path: Path, state: tuple[int, int]) -> Mapping[date, Mapping[str, Decimal]]:  # noqa: ARG001 - a changed file is read anew
    """Return the rates of the ECB's file by day. Raises: InputError, naming the first line that is none."""
    try:
        rows = list(csv.reader(_unpack(path).decode("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error, zipfile.BadZipFile) as error:
        raise InputError(f"exchange_rates.file {path.name} cannot be read as CSV: {error}.") from error
    head = [name.strip() for name in rows[0]] if rows else []
    if head[:1] != ["Date"] or DOLLAR not in head:
        raise InputError(
            f"exchange_rates.file {path.name} is not the ECB's file: its first line names Date, USD and the other currencies."
        )
    lines = ((place, row) for place, row in enumerate(rows[1:], start=2) if any(map(str.strip, row)))
    return dict(_line(path, head, place, row) for place, row in lines)


def _unpack(path: Path) -> bytes:
    """Return the file, or the CSV file in the ECB's zip file. Raises: InputError, OSError, BadZipFile."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        files = [one for one in packed.infolist() if one.filename.lower().endswith(".csv")]
        if len(files) != 1 or files[0].file_size > MAX_BYTES:
            raise InputError(f"exchange_rates.file {path.name} is not the ECB's zip file, which holds one CSV file.")
        return packed.read(files[0])


def _without_end(cells: Sequence[str]) -> list[str]:
    """Return a line's cells without the empty one that the comma at its end leaves."""
    stripped = [cell.strip() for cell in cells]
    return stripped[:-1] if stripped[-1:] == [""] else stripped


def _line(path: Path, head: Sequence[str], place: int, row: Sequence[str]) -> tuple[date, Mapping[str, Decimal]]:
    try:
        # Strictly as many cells as names, but for the comma at the end: a decimal comma would shift every rate behind it.
        said = dict(zip(_without_end(head), _without_end(row), strict=True))
        units = {name: Decimal(text) for name, text in said.items() if name != "Date" and text not in {"", "N/A"}}
        on = _day(said["Date"])
    except (InvalidOperation, ValueError) as error:
        raise InputError(
            f"exchange_rates.file {path.name}, line {place}, is not a line of rates: {','.join(row)[:60]}."
        ) from error
    if not all(value.is_finite() and value > 0 for value in units.values()):
        raise InputError(f"exchange_rates.file {path.name}, line {place}, has a rate that is not above 0.")
    return on, units


def _day(text: str) -> date:
    """Return a day as either file writes it. Raises: ValueError."""
    if text[:4].isdecimal():
        return date.fromisoformat(text)
    return datetime.strptime(text, "%d %B %Y").replace(tzinfo=UTC).date()
