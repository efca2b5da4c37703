"""The settings for a contract, including a price for each item of the price book, and for currencies and their rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.answer import CURRENCIES
from core.config.setting import Day, ListOf, Number, OneOf, Setting, SettingGroup, Text, Whole
from core.currency import USUAL_REACH_DAYS, CurrencySettings, RateInput
from core.pricing import items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

POSITIVE = Number(above=0)
FIRST_DAY, DAY_AFTER_LAST = Day("2026-07-01"), Day("2027-07-01")
UNITS = {"usd": "dollars"}
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
            "the ECB's file of reference rates, eurofxref-hist.zip or the CSV in it, relative to app.yaml",
            starter="eurofxref-hist.csv",
            remark="as downloaded from the European Central Bank; or `rates` of your own",
        ),
        Setting(
            "rates",
            ListOf(Setting("rate", RATE, "a rate has a day, a currency and per_usd")),
            "rates of your own, each with day, currency and per_usd, in the place of the file",
        ),
        Setting(
            "reach_days",
            Whole(0, 92),
            "how many days a rate holds for days without one, such as weekends",
            USUAL_REACH_DAYS,
            starter="7",
            remark="how long a rate holds for days without one",
        ),
    )
)


def price_shape(item: str) -> Number:
    """Return the valid range of an item's price: above 0, and below 100 if it is a percentage."""
    return Number(above=0, below=100) if items()[item]["unit"] == "percent" else POSITIVE


def _price(item: str) -> Setting:
    unit = items()[item]["unit"]
    return Setting(item, price_shape(item), f"{items()[item]['label']}, as agreed, in {UNITS.get(unit, unit)}")


GRANT = SettingGroup(
    (
        Setting("credits", POSITIVE, "the credits granted", is_required=True),
        Setting("start", FIRST_DAY, "the first day on which the credits can be used", usual="the contract's start"),
        Setting("end", DAY_AFTER_LAST, "the day from which they can no longer be used", usual="the contract's end"),
        Setting("card", Text(), "the consumption card, by its developer name", "FlexCredits"),
        Setting("label", Text(), "a name for people"),
        Setting("usd", Number(0), "what was paid for the grant, in dollars, 0 for free credits"),
        Setting(
            "kind",
            OneOf(("free", "bought")),
            "what the credits are",
            usual="free if the label has Foundations in it, else bought",
        ),
    )
)
TIER = SettingGroup(
    (
        Setting("packs", Whole(1, 1_000_000), "the smallest number of packs in one order at this price", is_required=True),
        Setting("usd_per_pack", POSITIVE, "what each pack of such an order costs, in dollars", is_required=True),
    )
)


def contract() -> SettingGroup:
    """Return the settings of the section; each new item of the price book becomes one of them."""
    return SettingGroup(
        (
            Setting("start", FIRST_DAY, "the first day of the term", starter="2026-07-01", remark="first day of the term"),
            Setting(
                "end", DAY_AFTER_LAST, "the day after the term's last", starter="2027-07-01", remark="the day after its last"
            ),
            Setting(
                "currency",
                OneOf(("USD", *CODES)),
                "the currency of every amount of this section, whatever its name says of dollars",
                "USD",
                starter="USD",
                remark="of every amount here; EUR, GBP and others need exchange_rates",
            ),
            Setting(
                "prices",
                SettingGroup(tuple(map(_price, items()))),
                "your own prices by item of the price book, in force during the term; `agentcost prices --json` lists the items",
                starter="""
  flex.usd_per_pack: 450.00
  payg.usd_per_action: 0.12""",
                remark="what you negotiated, by item; `agentcost prices --json` lists the items",
            ),
            Setting(
                "volume_tiers",
                ListOf(Setting("tier", TIER, "a tier has packs and usd_per_pack")),
                "a list of prices of a pack by the size of the order, each with packs and usd_per_pack",
                starter="""
  - {packs: 10, usd_per_pack: 450.00}""",
                remark="what a pack costs in an order of at least so many",
            ),
            Setting(
                "grants",
                ListOf(Setting("grant", GRANT, "a grant has credits and may have start, end, card, label, usd and kind")),
                "a list of grants of credits, each with credits, start and end",
                starter="""
  - {credits: 1000000, usd: 4500, label: "Order 1"}
  - {credits: 200000, end: 2026-12-31, label: Foundations, kind: free}""",
                remark="credits bought or given, where no ledger export says so",
            ),
        )
    )


def currency_settings(raw: Mapping[str, Any], folder: Path) -> CurrencySettings:
    """Return the currency settings from all of app.yaml."""
    said = raw.get("exchange_rates", {})
    return CurrencySettings(
        display=raw.get("display_currency"),
        rates_file=folder / Path(said["file"]).expanduser() if "file" in said else None,
        rates=tuple(
            RateInput(date.fromisoformat(one["day"]), one["currency"], Decimal(str(one["per_usd"])))
            for one in said.get("rates", ())
        ),
        reach_days=said.get("reach_days", USUAL_REACH_DAYS),
    )


def currency_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the currency settings leave open or state twice."""
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
