"""Dated exchange rates: the ECB's file as downloaded, or rows of app.yaml; a day without a rate uses the last one before it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import day as shown_day
from core.answer import number
from core.errors import InputError
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

BASE, DOLLAR = "EUR", "USD"
USUAL_REACH_DAYS = 7
ECB_TITLE = "ECB euro reference rates ({name})"
OWN_TITLE = "Your own rates (app.yaml, exchange_rates)"


class NoRateError(InputError):
    """No rate of a currency is known for a day or shortly before it."""


class RateInput(NamedTuple):
    """A rate from app.yaml: the value of one dollar in a currency on a day."""

    day: date
    currency: str
    per_usd: Decimal


class CurrencySettings(NamedTuple):
    """The currency to show beside dollars, None for none; its rates, from the ECB's file or app.yaml; how long one applies."""

    display: str | None = None
    rates_file: Path | None = None
    rates: tuple[RateInput, ...] = ()
    reach_days: int = USUAL_REACH_DAYS


class ExchangeRate(NamedTuple):
    """The value of dollars in a currency on a day: a number of its units per number of dollars, as quoted by the source."""

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
        """Return the rate as quoted, and its day."""
        if self.dollars == 1:
            quoted = f"1 USD = {number(self.units, 6)} {self.currency}"
        else:
            quoted = f"1 {self.currency} = {number(self.dollars / self.units, 6)} USD"
        return f"{quoted} on {shown_day(self.on)}"


class ExchangeRates(NamedTuple):
    """Rates by day and currency, in units per unit of the base, which is euros or dollars."""

    base: str
    by_day: Mapping[date, Mapping[str, Decimal]]
    reach_days: int
    title: str

    def rate(self, currency: str, day: date) -> ExchangeRate:
        """Return the rate of a day, otherwise the last one before it. Raises: NoRateError, if none is within reach."""
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
    """Return the rates that app.yaml names. Raises: NoRateError, if it names none; InputError, if the file is faulty."""
    if settings.rates_file is not None:
        from core.currency.ecb_file import read_ecb_file  # noqa: PLC0415 - the readers of ZIP and CSV are slow to load

        by_day = read_ecb_file(settings.rates_file, DOLLAR)
        return ExchangeRates(BASE, by_day, settings.reach_days, ECB_TITLE.format(name=settings.rates_file.name))
    if settings.rates:
        return ExchangeRates(DOLLAR, _own_rates(settings.rates), settings.reach_days, OWN_TITLE)
    raise NoRateError("No exchange rates are known: name the ECB's file, or rates of your own, under exchange_rates in app.yaml.")


def _own_rates(rates: Sequence[RateInput]) -> Mapping[date, Mapping[str, Decimal]]:
    found: dict[date, dict[str, Decimal]] = {}
    for rate in rates:
        found.setdefault(rate.day, {})[rate.currency] = rate.per_usd
    return found
