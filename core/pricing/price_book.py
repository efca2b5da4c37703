"""The price book: every price is a dated, sourced row, and the day asked for selects the row.

A row is a reading: who said it, and for which days. If readings of one day differ, the vendor's newest applies, and the others
are kept with it. Terms are readings in prose. The rows live in `core/pricing/prices/*.toml`. A contract's own prices override
them for the days of its term.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast

from core.answer import Source, Unit
from core.answer import day as shown_day
from core.errors import InputError
from core.records import NamedTuple
from core.toml_files import read_toml_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PRICES = Path(__file__).with_name("prices")
PRICE_FILES = ("conversations", "flex_credits", "metered", "data_360", "seats", "on_top", "assumptions")

Kind = Literal["published", "transcribed", "assumption", "contract"]
Voice = Literal["vendor", "partner", "analyst", "contract"]


class NoPriceError(InputError):
    """The price book has no row for that item on that day."""

    def __init__(self, item: str, label: str, on: date, first_day: date | None) -> None:
        """Say from which day there is one, or that only the contract says it, and which setting takes it."""
        self.item, self.label, self.on, self.first_day = item, label, on, first_day
        super().__init__(f"The price book has no row for “{label}” on {shown_day(on)}. {self._where_else()}")

    def _where_else(self) -> str:
        if self.first_day:
            return f"The first one is of {shown_day(self.first_day)}. Ask for a later day."
        return f"Nobody publishes one: {setting_said(self.item)}."


def setting_said(item: str) -> str:
    """Return where a contract's own price of the item goes, for a sentence."""
    return f"take it from your contract and set contract.prices.{item} in app.yaml"


class PriceRow(NamedTuple):
    """One price on the half-open days [valid_from, valid_until), as somebody read it.

    value: in `unit`; low, high: the published range around an assumed value, else None.
    figure: the key under which an answer shows it; topics: the words that ask for it.
    voice: who says so; dated: the day that the source describes, which orders readings. others: other readings of the same day
    that differ.
    """

    item: str
    label: str
    figure: str
    unit: Unit
    topics: tuple[str, ...]
    value: Decimal
    valid_from: date
    valid_until: date | None
    kind: Kind
    source: Source
    low: Decimal | None = None
    high: Decimal | None = None
    dating: str = "exact"
    note: str | None = None
    voice: Voice = "contract"
    dated: date = date.min
    others: tuple[PriceRow, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


class PriceTerm(NamedTuple):
    """A statement in prose about how things are billed, on the half-open days [valid_from, valid_until).

    topics: the words that ask for it; items: prices that it is about.
    """

    key: str
    label: str
    says: str
    valid_from: date
    valid_until: date | None
    voice: Voice
    dated: date
    source: Source
    topics: tuple[str, ...]
    items: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether the reading is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


class UseCase(NamedTuple):
    """What a typical interaction of one kind takes, in actions; both ends included."""

    key: str
    label: str
    actions_low: int
    actions_high: int
    source: Source


class Claim(NamedTuple):
    """A published sentence that the arithmetic contradicts, and what the arithmetic gives."""

    key: str
    claim: str
    finding: str
    source: Source


class NegotiationAsk(NamedTuple):
    """Something to ask for when a contract is negotiated; the numbers behind its worth, 0 if it has none.

    from_credits: a year's credits from which it can be asked for. days: how long it lasts. low, high: percent.
    insist_usd, standard_usd: a year's spend from which it can be insisted on, and is granted as a rule.
    """

    key: str
    label: str
    wording: str
    source: Source
    from_credits: Decimal
    days: Decimal
    low: Decimal
    high: Decimal
    insist_usd: Decimal
    standard_usd: Decimal


class ContractPrices(NamedTuple):
    """What a team negotiated: values by price item, in force on [start, end); None leaves that end open."""

    values: Mapping[str, Decimal] = MappingProxyType({})
    start: date | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the contract's prices are in force on that day."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


NO_CONTRACT = ContractPrices()


class Prices(NamedTuple):
    """The rows in force on one day; contract prices override list prices."""

    on: date
    list_rows: Mapping[str, PriceRow]
    contract_rows: Mapping[str, PriceRow]

    def row(self, item: str) -> PriceRow:
        """Return the row in force. Raises: NoPriceError, if the book has none that day."""
        # A signed price overrides a published one, whatever the list has said since.
        row = self.contract_rows.get(item) or self.list_rows.get(item)
        if row is None:
            raise no_price(item, self.on)
        return row

    def value(self, item: str) -> Decimal:
        """Return the value in force. Raises: NoPriceError, if the book has none that day."""
        return self.row(item).value

    def list_price(self, item: str) -> Decimal:
        """Return the list price in force, whatever the contract says. Raises: NoPriceError, if the book has none that day."""
        if item not in self.list_rows:
            raise no_price(item, self.on)
        return self.list_rows[item].value

    def has(self, item: str) -> bool:
        """Whether a price is in force for the item."""
        return item in self.contract_rows or item in self.list_rows

    def rows(self) -> list[PriceRow]:
        """Return all rows in force, in the book's order."""
        return [self.row(item) for item in items() if self.has(item)]


def no_price(item: str, on: date) -> NoPriceError:
    """Return the error that says from which day on the item has a price."""
    later = (row.valid_from for row in rows_by_item().get(item, ()) if row.valid_from > on)
    return NoPriceError(item, items()[item]["label"], on, min(later, default=None))


def prices_on(day: date, contract: ContractPrices = NO_CONTRACT) -> Prices:
    """Return the prices in force on a day, the contract's own ones first."""
    agreed = contract.values if contract.holds_on(day) else {}
    return Prices(day, list_rows_on(day), {item: _contract_row(item, value, contract, day) for item, value in agreed.items()})


@lru_cache(maxsize=400)
def list_rows_on(day: date) -> Mapping[str, PriceRow]:
    """Return the rows of the book in force on a day, by item. Cached: the thousands of questions of a range are about one day."""
    found = ((item, [row for row in rows if row.holds_on(day)]) for item, rows in rows_by_item().items())
    return {item: deciding(rows) for item, rows in found if rows}


def deciding(rows: Sequence[PriceRow]) -> PriceRow:
    """Return the reading that applies among those of one day, with those that differ."""
    # Only readings of another value are a dispute; the same value from two sources confirms it.
    first = max(rows, key=_standing)
    return first._replace(others=tuple(row for row in rows if row.value != first.value))


def _standing(reading: PriceRow | PriceTerm) -> tuple[bool, date, date]:
    """Return the sort key of readings: the vendor's first, then the newest, then the latest change."""
    # A bill comes from the vendor: its page outweighs a later article that quotes an older one.
    return reading.voice == "vendor", reading.dated, reading.valid_from


def terms_on(day: date) -> Mapping[str, PriceTerm]:
    """Return the terms in prose in force on a day, by key: the newest reading of the vendor, else the newest."""
    found = ((key, [term for term in said if term.holds_on(day)]) for key, said in terms_by_key().items())
    return {key: max(said, key=_standing) for key, said in found if said}


def other_terms(term: PriceTerm, day: date) -> tuple[PriceTerm, ...]:
    """Return the readings of the same thing on that day that differ."""
    return tuple(other for other in terms_by_key()[term.key] if other.holds_on(day) and other.says != term.says)


def _contract_row(item: str, value: Decimal, contract: ContractPrices, day: date) -> PriceRow:
    source = Source("Your contract (app.yaml, contract.prices)", None)
    return PriceRow(
        # A contract without a start applies on the day asked for; no earlier day is assumed.
        value=value,
        valid_from=contract.start or day,
        valid_until=contract.end,
        kind="contract",
        source=source,
        **items()[item],
    )


@cache
def rows_by_item() -> Mapping[str, tuple[PriceRow, ...]]:
    """Return every row of the book, oldest first under each item."""
    book: dict[str, list[PriceRow]] = {}
    for name in PRICE_FILES:
        for raw in _table(name, "price"):
            book.setdefault(raw["item"], []).append(_row(raw))
    return {item: tuple(sorted(rows, key=lambda row: (row.valid_from, row.dated))) for item, rows in book.items()}


@cache
def terms_by_key() -> Mapping[str, tuple[PriceTerm, ...]]:
    """Return every reading of a term in words, oldest first under each key."""
    book: dict[str, list[PriceTerm]] = {}
    for raw in _table("terms", "term"):
        book.setdefault(raw["key"], []).append(_term(raw))
    return {key: tuple(sorted(said, key=lambda term: (term.valid_from, term.dated))) for key, said in book.items()}


@cache
def items() -> Mapping[str, dict[str, Any]]:
    """Return every item that has or may have a price, in the book's order, with the words that describe it."""
    return {raw["item"]: _read_row(raw) for name in (*PRICE_FILES, "contract_only") for raw in _table(name, "price")}


@cache
def topics() -> Mapping[str, tuple[str, ...]]:
    """Return the items that each topic word asks for; none for a word that asks for terms alone."""
    found: dict[str, list[str]] = {}
    for item, words in items().items():
        for topic in words["topics"]:
            found.setdefault(topic, []).append(item)
    for said in terms_by_key().values():
        # The newest reading says which words ask for the term; older wordings are kept for their own days only.
        for topic in said[-1].topics:
            found.setdefault(topic, [])
    return {topic: tuple(found[topic]) for topic in found}


@cache
def use_cases() -> tuple[UseCase, ...]:
    """Return the published use cases."""
    return tuple(
        UseCase(raw["key"], raw["label"], raw["actions_low"], raw["actions_high"], _source(raw))
        for raw in _table("use_cases", "use_case")
    )


@cache
def claims() -> Mapping[str, Claim]:
    """Return the published claims that do not hold, by key."""
    found = (Claim(raw["key"], raw["claim"], raw["finding"], _source(raw)) for raw in _table("claims", "claim"))
    return {claim.key: claim for claim in found}


@cache
def asks() -> Mapping[str, NegotiationAsk]:
    """Return what to ask for in a contract, by key."""
    numbers = ("from_credits", "days", "low", "high", "insist_usd", "standard_usd")
    found = (
        NegotiationAsk(raw["key"], raw["label"], raw["wording"], _source(raw), *(Decimal(raw.get(name, 0)) for name in numbers))
        for raw in _table("asks", "ask")
    )
    return {ask.key: ask for ask in found}


def _row(raw: dict[str, Any]) -> PriceRow:
    return PriceRow(
        value=Decimal(raw["value"]),
        low=Decimal(raw["low"]) if "low" in raw else None,
        high=Decimal(raw["high"]) if "high" in raw else None,
        valid_from=raw["valid_from"],
        valid_until=raw.get("valid_until"),
        dating=raw["dating"],
        kind=cast("Kind", raw["kind"]),
        source=_source(raw),
        note=raw.get("note"),
        voice=_files()["sources"][raw["source"]]["voice"],
        dated=_files()["sources"][raw["source"]]["dated"],
        **_read_row(raw),
    )


def _term(raw: dict[str, Any]) -> PriceTerm:
    source = _files()["sources"][raw["source"]]
    return PriceTerm(
        raw["key"],
        raw["label"],
        raw["says"],
        raw["valid_from"],
        raw.get("valid_until"),
        source["voice"],
        source["dated"],
        _source(raw),
        tuple(raw["topics"]),
        tuple(raw.get("items", ())),
    )


def _read_row(raw: dict[str, Any]) -> dict[str, Any]:
    described = {key: raw[key] for key in ("item", "label", "figure", "unit")}
    return described | {"topics": tuple(raw.get("topics", ()))}


def _source(raw: dict[str, Any]) -> Source:
    return Source(_files()["sources"][raw["source"]]["title"], raw.get("read_on"))


def _table(name: str, key: str) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", _files()[name][key])


@cache
def _files() -> Mapping[str, dict[str, Any]]:
    return read_toml_files(PRICES)
