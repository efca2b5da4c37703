"""`export focus`: purchases, usage and the rest add up, and the specification's own validator accepts the file."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.config.loader import Config, GrantInput
from core.errors import InputError
from core.focus.columns import COLUMNS
from core.focus.export import write_focus
from core.pricing.price_book import prices_on
from core.warehouse.database import Warehouse, open_warehouse

if TYPE_CHECKING:
    from tests.fakes.small_wallet import SmallWallet

JULY, NOVEMBER, NEXT_JULY = date(2026, 7, 1), date(2026, 11, 1), date(2027, 7, 1)
PRICES = prices_on(date(2026, 11, 21))
VALIDATOR = os.environ.get("FOCUS_VALIDATOR") or shutil.which("focus-validator")
WE_CLAIM = (
    "ACCOUNT_NAMING_SUPPORTED,COMMITMENT_DISCOUNT_SUPPORTED,MULTIPLE_PRICING_CATEGORIES_SUPPORTED,"
    "MULTIPLE_SUB_ACCOUNT_TYPES_SUPPORTED,MULTIPLE_BILLING_ACCOUNT_TYPES_SUPPORTED,NEGOTIATED_PRICING_SUPPORTED,"
    "PUBLIC_PRICE_LIST_SUPPORTED,USAGE_MEASUREMENT_SUPPORTED,UNIT_PRICING_SUPPORTED,SUB_ACCOUNT_SUPPORTED,"
    "BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED,RESOURCE_TYPE_ASSIGNMENT_SUPPORTED,VIRTUAL_CURRENCY_SUPPORTED,"
    "TAGGING_SUPPORTED"
)
OTHER_HALF_OF_AN_OR = {"InvoiceId-C-005-C"}

Row = dict[str, str]
Exported = Callable[..., list[Row]]


@pytest.fixture
def exported(tmp_path: Path) -> Exported:
    """Export days of a warehouse and read the CSV back."""

    def rows(warehouse: Warehouse, first: date = JULY, end: date = NOVEMBER, config: Config | None = None) -> list[Row]:
        csv_file, _ = write_focus(warehouse, config or Config(), PRICES, first, end, tmp_path / "out")
        with csv_file.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows


def total(rows: list[Row], column: str, **where: str) -> Decimal:
    """Return the sum of a column over the rows with these values."""
    found = (row[column] for row in rows if all(row[name] == value for name, value in where.items()))
    return sum((Decimal(cell) for cell in found if cell), Decimal(0))


def test_usage_and_unused_add_up_to_purchases(invented: Warehouse, exported: Exported) -> None:
    """What was billed for grants equals the cost of usage and of what is left."""
    rows = exported(invented)
    carried = total(rows, "EffectiveCost", ChargeCategory="Usage") + total(rows, "x_UnusedCost")
    assert carried == total(rows, "BilledCost", ChargeCategory="Purchase")


def test_purchases_are_what_was_paid(invented: Warehouse, exported: Exported) -> None:
    """1,000,000 credits at $0.005 less 15,000 taken back; Foundations and the reimbursement were free."""
    assert total(exported(invented), "BilledCost") == (1_000_000 - 15_000) * Decimal("0.005")


def test_every_credit_used_is_on_a_row(invented: Warehouse, exported: Exported, truth: dict[str, Any]) -> None:
    """Credits and actions of the usage rows are the wallet's."""
    rows = exported(invented)
    found = (total(rows, "PricingCurrencyEffectiveCost"), total(rows, "ConsumedQuantity"))
    assert found == (truth["credits"], truth["actions"])


def test_a_month_holds_the_use_of_its_days(invented: Warehouse, exported: Exported, truth: dict[str, Any]) -> None:
    """August has August's credits and no purchase: July's grants were bought in July."""
    rows = exported(invented, date(2026, 8, 1), date(2026, 9, 1))
    august = sum(used for day, used in truth["by_day_utc"].items() if day.startswith("2026-08"))
    assert (total(rows, "PricingCurrencyEffectiveCost"), {row["ChargeCategory"] for row in rows}) == (august, {"Usage"})


def test_a_free_grant_makes_use_free_until_it_is_used_up(small: SmallWallet, exported: Exported) -> None:
    """200 Foundations credits end sooner and are used first: the last 100 of 300 credits cost $0.50."""
    year = ("2026-07-01", "2027-07-01", "Add")
    small.ledger((1000, *year, ""), (200, "2026-07-01", "2026-12-31", "Add", "Foundations")).days_of_use(JULY, 150, 150)
    rows = exported(small.warehouse)
    assert [Decimal(row["EffectiveCost"]) for row in rows if row["ChargeCategory"] == "Usage"] == [0, 0, Decimal("0.50")]


def test_any_price_is_carried_to_the_last_cent(small: SmallWallet, exported: Exported) -> None:
    """$100 for 999 credits, each a periodic fraction of a cent: usage and rest are exactly $100 together."""
    small.days_of_use(JULY, 333, 100, 7).grants_said(GrantInput(Decimal(999), JULY, NEXT_JULY, usd=Decimal(100)))
    rows = exported(small.warehouse, config=small.config)
    first = next(row for row in rows if row["ChargeCategory"] == "Usage")
    assert Decimal(first["EffectiveCost"]) == Decimal("33.333333")
    assert total(rows, "EffectiveCost") + total(rows, "x_UnusedCost") == 100


def test_a_price_in_app_yaml_holds_for_the_ledger_s_row(small: SmallWallet, exported: Exported) -> None:
    """app.yaml repeats the ledger's grant and knows its price."""
    small.ledger((1000, "2026-07-01", "2027-07-01", "Add", "")).days_of_use(JULY, 20)
    small.grants_said(GrantInput(Decimal(1000), JULY, NEXT_JULY, usd=Decimal(3)))
    assert total(exported(small.warehouse, config=small.config), "BilledCost") == 3


def test_two_grants_of_one_label_are_billed_each(small: SmallWallet, exported: Exported) -> None:
    """app.yaml has two grants named `Order`: $10 and $100 are billed, and carried by their usage and rest."""
    small.days_of_use(JULY, 600, 600).grants_said(
        GrantInput(Decimal(1000), JULY, NEXT_JULY, label="Order", usd=Decimal(10)),
        GrantInput(Decimal(3000), JULY, date(2027, 8, 1), label="Order", usd=Decimal(100)),
    )
    rows = exported(small.warehouse, config=small.config)
    billed = [Decimal(row["BilledCost"]) for row in rows if row["ChargeCategory"] == "Purchase"]
    carried = total(rows, "EffectiveCost", ChargeCategory="Usage") + total(rows, "x_UnusedCost")
    assert (billed, carried) == ([10, 100], 110)


def test_a_ledger_row_of_no_credits_is_no_purchase(small: SmallWallet, exported: Exported) -> None:
    """A grant of 0 credits beside one of 1,000 has no price and no row."""
    year = ("2026-07-01", "2027-07-01", "Add", "")
    small.ledger((0, *year), (1000, *year)).days_of_use(JULY, 20)
    assert [row["ChargeCategory"] for row in exported(small.warehouse)] == ["Purchase", "Usage"]


def test_what_expires_unused_is_a_row_of_its_own(small: SmallWallet, exported: Exported) -> None:
    """1,000 credits to the end of July, 20 used: 980 expire unused and carry $4.90, and nothing is left."""
    small.ledger((1000, "2026-07-01", "2026-08-01", "Add", "")).days_of_use(JULY, 20)
    rows = exported(small.warehouse)
    unused = total(rows, "EffectiveCost", CommitmentDiscountStatus="Unused")
    assert (unused, total(rows, "x_UnusedCost")) == (980 * Decimal("0.005"), 0)


def test_use_that_no_grant_covers_is_billed_where_it_happens(small: SmallWallet, exported: Exported) -> None:
    """10 of 30 credits exceed the grant: billed in arrears at the contract's half a cent, without a penalty."""
    rows = exported(small.ledger((20, "2026-07-01", "2027-07-01", "Add", "")).days_of_use(JULY, 30).warehouse)
    billed = total(rows, "BilledCost", ChargeCategory="Usage")
    assert billed == 10 * Decimal("0.005")


def test_unit_prices_times_quantity_are_the_costs(invented: Warehouse, exported: Exported) -> None:
    """Each row's list and contracted cost is exactly its unit price times its quantity."""
    rows = exported(invented)
    wrong = [
        row
        for row in rows
        for kind in ("List", "Contracted")
        if Decimal(row[f"{kind}UnitPrice"]) * Decimal(row["PricingQuantity"]) != Decimal(row[f"{kind}Cost"])
    ]
    assert wrong == []


def test_a_sandbox_action_lists_at_16_credits(invented: Warehouse, exported: Exported) -> None:
    """An action lists at 20 credits, 16 in a sandbox; by voice 30 and 24."""
    rows = [row for row in exported(invented) if row["ChargeCategory"] == "Usage"]
    found = {(row["x_Environment"], "Voice" in row["SkuId"], Decimal(row["PricingCurrencyListUnitPrice"])) for row in rows}
    assert {each for *_, each in found} <= {16, 20, 24, 30}
    assert ("sandbox", False, 16) in found


def test_hostile_names_stay_in_their_cell(small: SmallWallet, exported: Exported) -> None:
    """A name with quotes, commas and a line feed comes back unchanged."""
    nasty = 'a "quoted", name\nwith two lines'
    small.events({"rootresourceidorapiname__c": nasty})
    assert [row["ResourceId"] for row in exported(small.warehouse)] == [nasty]


def test_nothing_to_export_is_an_error(invented: Warehouse, exported: Exported) -> None:
    """Days without usage and grants write no empty file."""
    with pytest.raises(InputError, match="nothing to export"):
        exported(invented, date(2025, 1, 1), date(2025, 2, 1))


def test_parquet_and_csv_say_the_same(invented: Warehouse, tmp_path: Path) -> None:
    """The Parquet file has the same rows, with exact decimals and instants."""
    csv_file, parquet_file = write_focus(invented, Config(), PRICES, JULY, NOVEMBER, tmp_path / "out")
    with open_warehouse(tmp_path / "other.duckdb") as other, other.spool() as spool, other.reading() as session:
        shutil.copy(parquet_file, spool / "rows.parquet")
        described = session.execute(f"DESCRIBE FROM '{spool}/rows.parquet'")
        cost = session.value(f"SELECT sum(ListCost) FROM '{spool}/rows.parquet'")
    with csv_file.open(encoding="utf-8", newline="") as file:
        listed = total(list(csv.DictReader(file)), "ListCost")
    assert ({row[0]: row[1] for row in described}, cost) == (dict(COLUMNS), listed)


@pytest.mark.outside
@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.skipif(
    VALIDATOR is None, reason="focus-validator is not installed (it needs Python 3.12; set FOCUS_VALIDATOR to it)"
)
def test_the_validator_accepts_it(invented: Warehouse, tmp_path: Path, kind: str) -> None:
    """No applicable rule of FOCUS 1.2 fails.

    InvoiceId-C-003-C holds if one of two rules does: every InvoiceId is null, or none is. The validator counts the other
    one as failed for any data.
    """
    files = write_focus(invented, Config(), PRICES, JULY, NOVEMBER, tmp_path / "out")
    report = _validated(next(file for file in files if file.suffix == f".{kind}"))
    failed = set(re.findall(r"^- (\S+): violations=", report, re.MULTILINE))
    assert (failed, "✅ InvoiceId-C-003-C: PASS" in report) == (OTHER_HALF_OF_AN_OR, True), report[-3000:]


def _validated(file: Path) -> str:
    """Return the validator's report; it finds its list of currencies only in its own folder."""
    program = Path(VALIDATOR or "")
    folder = next(program.resolve().parent.parent.glob("lib/python3*/site-packages"))
    options = ("--validate-version", "1.2", "--block-download", "--applicability-criteria", WE_CLAIM)
    done = subprocess.run([program, "--data-file", file, *options], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def test_no_text_of_the_csv_is_a_formula(small: SmallWallet, tmp_path: Path) -> None:
    """A cell that a spreadsheet would run gets an apostrophe in the CSV, but not in the Parquet file, nor with verbatim."""
    small.events(
        {"rootresourceidorapiname__c": '=HYPERLINK("http://evil.example")', "usagereportingorgid__c": "@SUM(A1)"},
        {"rootresourceidorapiname__c": "plain"},
    )
    hot = ("=", "+", "@", "\t", "\r")

    def cells(*, is_verbatim: bool) -> set[str]:
        csv_file, _ = write_focus(small.warehouse, Config(), PRICES, JULY, NOVEMBER, tmp_path / "out", is_verbatim=is_verbatim)
        with csv_file.open(encoding="utf-8", newline="") as file:
            return {cell for row in csv.reader(file) for cell in row}

    assert {cell for cell in cells(is_verbatim=False) if cell.startswith(hot)} == set()
    assert {cell.removeprefix("'") for cell in cells(is_verbatim=False)} == cells(is_verbatim=True)
