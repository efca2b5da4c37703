"""What other vendors' customer-service agents cost: dated, sourced rows, one file a vendor in `prices/vendors/`.

A row without a source, or without the day it was read, is refused: `python -m core.pricing.vendor_prices` names every fault. A
vendor without a published price is named with that reason, and has no row.
"""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, cast

from core.answer import Source
from core.errors import MachineError
from core.pricing.price_book import PRICES
from core.records import NamedTuple
from core.toml_files import read_toml_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from core.pricing.workload import Audience

VENDORS = PRICES / "vendors"

# The parts of a workload that a vendor can bill by.
Driver = Literal["interactions", "resolutions", "messages", "actions", "seats"]
DRIVERS: tuple[Driver, ...] = ("interactions", "resolutions", "messages", "actions", "seats")
KINDS = ("published", "transcribed", "assumption")
AMOUNTS = ("usd", "pack", "minimum", "included", "fee_usd")
VENDOR_FIELDS = {"vendor", "words", "offer", "unpriced"}
OFFER_FIELDS = {"key", "label", "audience", "unit", "counts", "billable", "beside", "price"}
PRICE_FIELDS = {*AMOUNTS, "kind", "valid_from", "valid_until", "read_on", "note", "source"}
UNPRICED_FIELDS = {"key", "label", "reason", "read_on", "source"}
SOURCE_FIELDS = {"title", "url", "dated"}


class VendorPricesError(MachineError):
    """Vendor price rows that cannot be verified; every fault at once."""

    def __init__(self, problems: list[str]) -> None:
        """Join the problems, one line each."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class VendorPrice(NamedTuple):
    """One price on the half-open days [valid_from, valid_until), as somebody read it.

    usd: of a billed unit, or of a whole pack of so many where there are packs, which are bought by the month. minimum, included:
    units a month that are billed at least, and that cost nothing. fee_usd: a month's, whatever the use. dated: the day that the
    newest source speaks for.
    """

    usd: Decimal
    kind: str
    valid_from: date
    valid_until: date | None
    sources: tuple[Source, ...]
    urls: tuple[str, ...]
    dated: date
    read_on: date
    pack: Decimal | None = None
    minimum: Decimal = Decimal(0)
    included: Decimal = Decimal(0)
    fee_usd: Decimal = Decimal(0)
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the price is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


class VendorOffer(NamedTuple):
    """One way to pay a vendor.

    vendor: the key of its file. unit: what is billed, in the plural. counts: billed units for each interaction, resolution,
    message, action or seat. billable, beside: what counts, and what comes on top, in words. audience: whom it serves, None for
    both.
    """

    vendor: str
    vendor_name: str
    key: str
    label: str
    audience: Audience | None
    unit: str
    counts: Mapping[Driver, Decimal]
    billable: str
    beside: str
    prices: tuple[VendorPrice, ...]

    def price_on(self, day: date) -> VendorPrice | None:
        """Return the price in force on a day; None before the first one that was read."""
        return next((price for price in self.prices if price.holds_on(day)), None)


class UnpricedOffer(NamedTuple):
    """What a vendor sells without a price that could be sourced, and why."""

    vendor: str
    vendor_name: str
    key: str
    label: str
    reason: str
    sources: tuple[Source, ...]


@cache
def vendor_words() -> Mapping[str, tuple[str, ...]]:
    """Return what a question calls each vendor, the usual word first, by the vendor's key."""
    return {vendor: tuple(raw["words"]) for vendor, raw in _files().items()}


@cache
def vendor_offers() -> tuple[VendorOffer, ...]:
    """Return what every vendor offers at a price that has a source. Raises: VendorPricesError."""
    return tuple(
        VendorOffer(
            vendor,
            raw["vendor"],
            offer["key"],
            offer["label"],
            offer.get("audience"),
            offer["unit"],
            {cast("Driver", driver): Decimal(each) for driver, each in offer["counts"].items()},
            offer["billable"],
            offer.get("beside", ""),
            tuple(_price(price) for price in offer["price"]),
        )
        for vendor, raw in _files().items()
        for offer in raw.get("offer", ())
    )


@cache
def offers_without_price() -> tuple[UnpricedOffer, ...]:
    """Return what is sold at no price that could be sourced. Raises: VendorPricesError."""
    return tuple(
        UnpricedOffer(vendor, raw["vendor"], one["key"], one["label"], one["reason"], _sources(one))
        for vendor, raw in _files().items()
        for one in raw.get("unpriced", ())
    )


def _price(raw: Mapping[str, Any]) -> VendorPrice:
    amounts: dict[str, Any] = {name: Decimal(raw[name]) for name in AMOUNTS if name in raw}
    return VendorPrice(
        kind=raw["kind"],
        valid_from=raw["valid_from"],
        valid_until=raw.get("valid_until"),
        sources=_sources(raw),
        urls=tuple(source["url"] for source in raw["source"]),
        dated=max(source["dated"] for source in raw["source"]),
        read_on=raw["read_on"],
        note=raw.get("note", ""),
        **amounts,
    )


def _sources(raw: Mapping[str, Any]) -> tuple[Source, ...]:
    return tuple(Source(source["title"], raw["read_on"]) for source in raw["source"])


@cache
def _files() -> Mapping[str, dict[str, Any]]:
    """Return every vendor's file, read and checked, by its name. Raises: VendorPricesError."""
    return read_vendor_files(VENDORS)


def read_vendor_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the files of a folder, by their names. Raises: VendorPricesError, naming every fault."""
    found = read_toml_files(folder)
    problems = [f"{name}.toml: {problem}" for name, raw in found.items() for problem in vendor_problems(raw)]
    keys = [one.get("key") for raw in found.values() for one in chain(raw.get("offer", ()), raw.get("unpriced", ()))]
    problems += [f"{key} appears in two places." for key in dict.fromkeys(keys) if keys.count(key) > 1]
    if problems:
        raise VendorPricesError(problems)
    return found


def vendor_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield every fault of a vendor's file, one sentence each."""
    yield from _wrong_fields("the file", raw, VENDOR_FIELDS, {"vendor", "words"})
    if not (raw.get("offer") or raw.get("unpriced")):
        yield "it offers nothing, and does not say that no price is published."
    for offer in raw.get("offer", ()):
        yield from _offer_problems(offer)
    for one in raw.get("unpriced", ()):
        name = f"{one.get('key', 'an unpriced offer')}"
        yield from _wrong_fields(name, one, UNPRICED_FIELDS, UNPRICED_FIELDS)
        yield from _reading_problems(name, one)


def _offer_problems(offer: Mapping[str, Any]) -> Iterator[str]:
    name = f"{offer.get('key', 'an offer')}"
    yield from _wrong_fields(name, offer, OFFER_FIELDS, OFFER_FIELDS - {"audience", "beside"})
    if offer.get("audience") not in {None, "customers", "employees"}:
        yield f"{name}: audience is {offer['audience']}: it is customers or employees."
    counts = offer.get("counts", {})
    for driver, each in counts.items():
        if driver not in DRIVERS:
            yield f"{name}: counts has {driver}: it takes {', '.join(DRIVERS)}."
        if _amount(each) is None:
            yield f"{name}: counts.{driver} is {each!r}: write a number above 0 as text."
    last_end: date | None = date.min
    for price in offer.get("price", ()):
        yield from _price_problems(name, price)
        start = price.get("valid_from")
        if isinstance(start, date) and (last_end is None or start < last_end):
            yield f"{name}: the price from {start} begins before the one before it ends."
        last_end = price.get("valid_until")


def _price_problems(name: str, price: Mapping[str, Any]) -> Iterator[str]:
    optional = {"pack", "minimum", "included", "fee_usd", "valid_until", "note"}
    yield from _wrong_fields(f"{name}: a price", price, PRICE_FIELDS, PRICE_FIELDS - optional)
    for amount in AMOUNTS:
        if amount in price and _amount(price[amount]) is None:
            yield f"{name}: {amount} is {price[amount]!r}: write a number above 0 as text."
    if price.get("kind", KINDS[0]) not in KINDS:
        yield f"{name}: kind is {price['kind']}: it is {', '.join(KINDS)}."
    start, end, read_on = price.get("valid_from"), price.get("valid_until"), price.get("read_on")
    for field, value in (("valid_from", start), ("valid_until", end)):
        if value is not None and not isinstance(value, date):
            yield f"{name}: {field} is {value!r}: write a day."
    if isinstance(start, date) and isinstance(end, date) and end <= start:
        yield f"{name}: valid_until {end} is the day after the last, so it comes after {start}."
    if isinstance(start, date) and isinstance(read_on, date) and read_on < start:
        yield f"{name}: it was read on {read_on}, before the {start} from which it holds."
    yield from _reading_problems(name, price)


def _reading_problems(name: str, raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with where, and when, something was read."""
    read_on = raw.get("read_on")
    if read_on is not None and not isinstance(read_on, date):
        yield f"{name}: read_on is {read_on!r}: write a day."
    sources = raw.get("source", ())
    if "source" in raw and not sources:
        yield f"{name}: source is empty: a row without a source is none."
    for source in sources:
        yield from _wrong_fields(f"{name}: a source", source, SOURCE_FIELDS, SOURCE_FIELDS)
        if not str(source.get("url", "https://")).startswith("https://"):
            yield f"{name}: the source {source['url']} is not an https:// address."
        dated = source.get("dated")
        if dated is not None and not isinstance(dated, date):
            yield f"{name}: dated is {dated!r}: write a day."
        if isinstance(dated, date) and isinstance(read_on, date) and read_on < dated:
            yield f"{name}: a source of {dated} cannot have been read on {read_on}."


def _wrong_fields(name: str, raw: Mapping[str, Any], known: set[str], needed: set[str]) -> Iterator[str]:
    yield from (f"{name} has no {field}." for field in sorted(needed) if raw.get(field) in (None, "", [], {}))
    yield from (f"{name} has {field}, which nothing reads." for field in sorted(raw.keys() - known))


def _amount(value: object) -> Decimal | None:
    """Return a number above 0 that is written as text, so that no binary fraction comes near it; None for anything else."""
    try:
        found = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and found > 0 else None


if __name__ == "__main__":
    try:
        _files()
    except VendorPricesError as error:
        sys.exit(str(error))
