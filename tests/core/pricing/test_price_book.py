"""The price book: every row is dated, sourced and exact; every day has a price."""

import re
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from core.answer.figure_catalog import FIGURES
from core.pricing import price_book
from core.pricing.plans import PLANS
from core.pricing.price_book import ContractPrices, NoPriceError, PriceRow, prices_on

ROWS = [row for rows in price_book.rows_by_item().values() for row in rows]
FIRST_MONTH, LAST_READ = date(2025, 6, 1), date(2026, 11, 21)
PLANS_OF_2025 = (
    *("per_conversation", "flex_credits", "flex_pre_purchase", "flex_pre_commit", "flex_pay_as_you_go", "user_license"),
    *("per_user_add_on", "per_user_industries", "edition_sales", "edition_service"),
)
FIELDS = {"item", "label", "figure", "unit", "value", "low", "high", "valid_from", "valid_until"} | {
    "dating",
    "kind",
    "source",
    "read_on",
    "topics",
    "note",
}


@pytest.mark.parametrize("path", sorted(price_book.PRICES.glob("*.toml")), ids=lambda path: path.name)
def test_price_files_hold_no_floats(path: Path) -> None:
    """A price in a file is text, so that it never becomes a binary fraction."""
    floats: list[str] = []
    tomllib.loads(path.read_text(encoding="utf-8"), parse_float=lambda text: floats.append(text) or 0)  # type: ignore[func-returns-value]
    assert floats == []


@pytest.mark.parametrize("name", price_book.PRICE_FILES)
def test_rows_have_every_field_and_no_other(name: str) -> None:
    """Each row has item, value, days, kind, source and reading date; misspelt fields are rejected."""
    raw = tomllib.loads((price_book.PRICES / f"{name}.toml").read_text(encoding="utf-8"))["price"]
    optional = {"low", "high", "valid_until", "topics", "note", "read_on"}
    assert [row["item"] for row in raw if not FIELDS - optional <= row.keys() <= FIELDS] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.item}@{row.valid_from}")
def test_a_row_is_sourced_and_of_a_known_kind(row: PriceRow) -> None:
    """A row has a source and a certainty, and was read no later than today; if the day is unknown, the title gives the period."""
    assert row.kind in {"published", "transcribed", "assumption"}
    assert row.voice in {"vendor", "partner", "analyst"}
    assert row.source.read_on <= LAST_READ if row.source.read_on else re.search(r"20\d\d", row.source.title)
    assert row.dated <= LAST_READ


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.item}@{row.valid_from}")
def test_a_row_has_a_figure_of_its_unit(row: PriceRow) -> None:
    """The figure that shows a row is published and has the same unit."""
    assert FIGURES[row.figure].unit == row.unit


@pytest.mark.parametrize("row", [row for row in ROWS if row.low is not None], ids=lambda row: row.item)
def test_an_assumed_value_lies_in_its_published_range(row: PriceRow) -> None:
    """The assumed value lies between the published ends."""
    assert row.low is not None
    assert row.high is not None
    assert row.low <= row.value <= row.high


@pytest.mark.parametrize("item", sorted(price_book.rows_by_item()))
def test_the_days_of_an_item_leave_no_gap_and_no_doubt(item: str) -> None:
    """From its first row on, an item has a reading on every day when one begins or ends, and exactly one decides."""
    rows = price_book.rows_by_item()[item]
    days = {day for row in rows for day in (row.valid_from, row.valid_until) if day}
    for day in days:
        held = [row for row in rows if row.holds_on(day)]
        standings = [(row.voice == "vendor", row.dated, row.valid_from) for row in held]
        assert held, day
        assert standings.count(max(standings)) == 1, day


def test_the_vendors_newest_reading_holds_and_the_others_stay_beside_it() -> None:
    """A vendor takes precedence over a later analyst, a newer reading over an older one; equal values are not a dispute."""

    def read(value: int, voice: str, dated: date) -> PriceRow:
        row = price_book.rows_by_item()["add_on.usd"][0]
        return row._replace(value=Decimal(value), voice=voice, dated=dated)  # type: ignore[arg-type]  # a voice

    readings = [
        read(100, "analyst", date(2026, 11, 1)),
        read(110, "vendor", date(2026, 1, 1)),
        read(120, "vendor", date(2026, 5, 1)),
        read(120, "partner", date(2026, 6, 1)),
    ]
    for order in permutations(readings):
        held = price_book.deciding(order)
        assert (held.value, {other.value for other in held.others}) == (Decimal(120), {Decimal(100), Decimal(110)})


@pytest.mark.parametrize(
    ("day", "item", "value"),
    [
        (date(2026, 2, 28), "foundations.credits", 100_000),
        (date(2026, 3, 1), "foundations.credits", 200_000),
        (date(2026, 6, 6), "foundations.credits", 200_000),
        (date(2026, 6, 6), "foundations.data_360_credits", 250_000),
        (date(2026, 9, 15), "edition_sales.usd", 550),
        (date(2026, 9, 10), "edition_core.usd", 195),
        (date(2026, 9, 10), "edition_advanced.usd", 395),
        (date(2025, 6, 30), "data_cloud.usd_per_pack", 1000),
        (date(2026, 3, 31), "data_cloud.usd_per_pack", 500),
        (date(2026, 7, 1), "resolution.sandbox_credits", 0),
        (date(2026, 3, 19), "data_360.unify_credits", 75_000),
    ],
)
def test_a_later_reading_holds_from_the_day_it_speaks_of(day: date, item: str, value: int) -> None:
    """A later reading about an earlier day applies on that day."""
    assert prices_on(day).value(item) == value


def test_a_term_in_words_is_decided_like_a_price() -> None:
    """Overage is the vendor's contracted rate, and the analyst's premium remains as a disputed reading."""
    held = price_book.terms_on(LAST_READ)["overage"]
    assert (held.voice, "contract's own rate" in held.says) == ("vendor", True)
    assert ["premium" in other.says for other in price_book.other_terms(held, LAST_READ)] == [True]


@pytest.mark.parametrize("key", PLANS_OF_2025)
def test_plans_of_summer_2025_have_had_a_price_since(key: str) -> None:
    """Their items are priced on every day since then; later items and plans start on their own first day."""
    rows = price_book.rows_by_item()
    firsts = {item: rows[item][0].valid_from for item in PLANS[key].items if item in rows}
    assert firsts
    assert {item: day for item, day in firsts.items() if day > FIRST_MONTH} == {}


@pytest.mark.parametrize(
    ("day", "credits_per_year"),
    [
        (date(2026, 8, 31), 1_000_000),
        (date(2026, 9, 1), 2_500_000),
        (date(2026, 9, 9), 2_500_000),
        (date(2026, 9, 10), 2_750_000),
    ],
)
def test_the_row_of_the_day_is_picked(day: date, credits_per_year: int) -> None:
    """A row applies on its first day, and no longer on its end day."""
    assert prices_on(day).value("edition.credits") == credits_per_year


def test_a_row_no_longer_holds_on_the_day_it_ends() -> None:
    """The days of a row are half-open, whatever comes after it."""
    first = price_book.rows_by_item()["edition.credits"][0]
    days = [date(2025, 5, 31), date(2025, 6, 1), date(2026, 8, 31), date(2026, 9, 1)]
    assert [first.holds_on(day) for day in days] == [False, True, True, False]


def test_before_the_first_row_there_is_no_price() -> None:
    """For a day before an item's first price, the error says from when it has one."""
    with pytest.raises(NoPriceError, match=re.escape("Help Agent resolution” on 31 Jan 2026. The first one is of 26 Jun 2026")):
        prices_on(date(2026, 1, 31)).row("resolution.credits")


def test_a_contract_price_holds_on_the_days_of_the_contract() -> None:
    """The contract's price overrides the list price from its first day to the day before its end."""
    contract = ContractPrices({"flex.usd_per_pack": Decimal(450)}, date(2026, 7, 1), date(2027, 7, 1))
    days = [date(2026, 7, 1) - timedelta(1), date(2026, 7, 1), date(2027, 7, 1) - timedelta(1), date(2027, 7, 1)]
    assert [prices_on(day, contract).value("flex.usd_per_pack") for day in days] == [500, 450, 450, 500]


def test_a_contract_price_says_that_it_is_one() -> None:
    """The kind of a negotiated price is `contract`."""
    assert prices_on(LAST_READ, ContractPrices({"conversation.usd": Decimal("1.80")})).row("conversation.usd").kind == "contract"


def test_claims_and_use_cases_are_sourced() -> None:
    """Every published claim and use case says where it was read."""
    sources = [*(one.source for one in price_book.claims().values()), *(one.source for one in price_book.use_cases())]
    assert all(source.title and source.read_on for source in sources)
