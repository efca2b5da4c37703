"""In which currency amounts are shown beside dollars, and where its rates come from: `display_currency`, `exchange_rates`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from core.answer import CURRENCIES
from core.config.setting import Day, ListOf, Number, OneOf, Setting, SettingGroup, Text, Whole
from core.currency import RateInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CODES = tuple(code.upper() for code in CURRENCIES)
RATE = SettingGroup(
    (
        Setting("day", Day("2026-11-02"), "the day from which the rate holds", is_required=True),
        Setting("currency", OneOf(CODES), "the currency", is_required=True),
        Setting("per_usd", Number(above=0), "what one dollar was worth in it", is_required=True),
    )
)
EXCHANGE_RATES = SettingGroup(
    (
        Setting(
            "file",
            Text(),
            "the ECB's file of reference rates as it is downloaded (eurofxref-hist.csv), from app.yaml's own folder on",
            starter="eurofxref-hist.csv",
            remark="as downloaded from the European Central Bank; or rates of your own:",
        ),
        Setting(
            "rates",
            ListOf(Setting("rate", RATE, "a rate has a day, a currency and per_usd")),
            "rates of your own, each with day, currency and per_usd, in the place of the file",
            starter="""
  - {day: 2026-11-02, currency: EUR, per_usd: 0.92}""",
        ),
        Setting(
            "reach_days",
            Whole(0, 92),
            "how many days a rate holds for days without one, such as weekends",
            7,
            starter="7",
            remark="so long holds a rate for days without one",
        ),
    )
)


class CurrencySettings(NamedTuple):
    """The currency to show beside dollars, None for none; its rates, from the ECB's file or as stated, and how long one holds."""

    display: str | None = None
    rates_file: Path | None = None
    rates: tuple[RateInput, ...] = ()
    reach_days: int = EXCHANGE_RATES.default("reach_days")


def currency_settings(raw: Mapping[str, Any], folder: Path) -> CurrencySettings:
    """Return what the whole of app.yaml says of currencies."""
    said = raw.get("exchange_rates", {})
    return CurrencySettings(
        display=raw.get("display_currency"),
        rates_file=folder / Path(said["file"]).expanduser() if "file" in said else None,
        rates=tuple(
            RateInput(date.fromisoformat(one["day"]), one["currency"], Decimal(str(one["per_usd"])))
            for one in said.get("rates", ())
        ),
        reach_days=said.get("reach_days", EXCHANGE_RATES.default("reach_days")),
    )


def currency_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the settings of currencies leave open, or say twice."""
    said = raw.get("exchange_rates")
    rates = said if isinstance(said, dict) else {}
    contract = raw.get("contract")
    of_contract = contract.get("currency", "USD") if isinstance(contract, dict) else "USD"
    named = {"display_currency": raw.get("display_currency"), "contract.currency": None if of_contract == "USD" else of_contract}
    for name, currency in named.items():
        if currency is not None and not (rates.get("file") or rates.get("rates")):
            yield f"{name} is {currency}: it needs rates, so name the ECB's file or rates of your own under exchange_rates."
    if rates.get("file") and rates.get("rates"):
        yield "exchange_rates has both a file and rates: leave one of them out."
    seen = set()
    for index, one in enumerate(rates.get("rates") or ()):
        if isinstance(one, dict):
            day = one.get("day")
            try:
                date.fromisoformat(str(day))
            except ValueError:
                yield f'exchange_rates.rates[{index}].day is "{day}": there is no such day.'
            key = day, one.get("currency")
            if key in seen:
                yield f"exchange_rates.rates[{index}] states {key[1]} of {key[0]} again: leave one of them out."
            seen.add(key)
