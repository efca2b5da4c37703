"""Showback: every name by month, with a filter, and totals that equal the wallet's to the cent."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from core.config.loader import GrantInput
from core.language.parser import parse
from core.questions.asking import answer_to
from core.scope import Scope
from core.warehouse.database import open_warehouse
from sheets_addin.desired_state import build_desired_state, workbook_of
from sheets_addin.workbook.model import Workbook
from sheets_addin.workbook.xlsx_writer import write_xlsx
from sheets_addin.worksheets.showback import ALL_ROW, FIRST_NAME_ROW, GROUPINGS, HEAD_ROW, SHOWN_ROW, WALLET_ROW
from tests.fakes.small_wallet import SmallWallet
from tests.tools.recalculate import by_ironcalc, errors, one, write_uncomputed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.context import Context
    from sheets_addin.workbook.model import Worksheet

AGENTS, FIRST = 80, date(2026, 7, 6)
ODD = {0: "Total", 1: "All departments", 2: "=SUM(A1)", 3: "Shown by the filter"}
HALF_A_CENT = Decimal("0.005")


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Return eighty agents and users over two months, some departments named like totals; a credit costs a third of a cent."""
    folder = tmp_path_factory.mktemp("wallet")
    with open_warehouse(folder / "warehouse.duckdb") as warehouse:
        grant = GrantInput(Decimal(300_000), date(2026, 7, 1), date(2027, 7, 1), usd=Decimal(1000))
        small = SmallWallet(warehouse, folder).grants_said(grant)
        small.events(
            *(
                {
                    "rootresourceidorapiname__c": f"Agent_{nth:02}",
                    "rootresourcetags__c": json.dumps(
                        {"Department": ODD.get(nth, f"Department {nth % 7}"), "UseCase": f"Case {nth % 5}"}
                    ),
                    "eventtime__c": f"{FIRST + timedelta(days=28 * month)}T12:00:00.000Z",
                    "unitsconsumed__c": 7 + nth * (month + 1),
                    "userid__c": f"005{nth:015}" if nth % 9 else "",
                }
                for nth in range(AGENTS)
                for month in range(3)
            )
        )
        found = small.context(date(2026, 9, 20))
        yield replace(found, open_warehouse=lambda: nullcontext(warehouse))


def sheet_of(context: Context, by: str) -> Worksheet:
    """Return the worksheet of a grouping by month."""
    return workbook_of([f"usage by {by} then by month"], context).worksheets[0]


@pytest.mark.parametrize("by", GROUPINGS)
def test_it_adds_up_to_the_wallet(tmp_path: Path, context: Context, by: str) -> None:
    """Every name is there, the sheet's own sums are core's totals for the same days, and no cell shows an error."""
    workbook = Workbook("Showback", "", date(2026, 9, 20), (sheet_of(context, by),))
    write_uncomputed(workbook, tmp_path / "showback.xlsx")
    values = by_ironcalc(tmp_path / "showback.xlsx")
    plain = answer_to(parse(f"usage by {by}"), context)
    for kind, key in (("usd", "usd_used"), ("credits", "used_credits")):
        wanted = plain.figure(key).value
        assert isinstance(wanted, Decimal)
        for cell in (
            one(values, workbook, f"showback_by_{by.replace(' ', '_')}_{kind}_{which}") for which in ("total", "of_wallet")
        ):
            assert abs(Decimal(str(cell)) - wanted) < HALF_A_CENT
    names = {values.get((workbook.worksheets[0].title, FIRST_NAME_ROW + at, 1)) for at in range(len(plain.table("usage").rows))}
    assert (names, errors(values)) == ({row[0] for row in plain.table("usage").rows}, {})


def test_each_cell_is_what_core_answers(context: Context) -> None:
    """The cost of a name in a month equals its row in the answer."""
    sheet = sheet_of(context, "agent")
    heads = {cell.content: column for (row, column), cell in sheet.cells.items() if row == HEAD_ROW and column > 4}
    assert list(heads) == [date(2026, 7, 1), date(2026, 8, 1)]
    rows = {cell.content: row for (row, column), cell in sheet.cells.items() if row >= FIRST_NAME_ROW and column == 1}
    columns = sorted(column for row, column in sheet.cells if row == HEAD_ROW and column > 4)
    for name, month, _, burnt, cost, _ in answer_to(parse("usage by agent then by month"), context).table("usage").rows:
        at = [date(2026, 7, 1), date(2026, 8, 1)].index(month)  # type: ignore[arg-type]  # a day
        found = [sheet.cells[rows[name], columns[at + block]].content for block in (0, 2)]
        assert found == [cost, burnt]


def test_a_filter_leaves_its_own_total(context: Context, tmp_path: Path) -> None:
    """The filter covers headers and names, whose rows can be sorted on the protected sheet; totals lie outside it."""
    write_xlsx(workbook_of(["usage by department then by month"], context), tmp_path / "showback.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "showback.xlsx").worksheets[0]
    first, _, last = sheet.auto_filter.ref.partition(":")
    locked = {row: sheet.cell(row + 1, 3).protection.locked for row in (ALL_ROW, SHOWN_ROW, WALLET_ROW, FIRST_NAME_ROW)}
    assert (first, sheet[last].row, locked) == (
        f"B{HEAD_ROW + 1}",
        FIRST_NAME_ROW + len(answer_to(parse("usage by department"), context).table("usage").rows),
        {ALL_ROW: True, SHOWN_ROW: True, WALLET_ROW: True, FIRST_NAME_ROW: False},
    )
    assert (sheet.protection.sheet, sheet.protection.autoFilter, sheet.protection.sort) == (True, False, False)


def test_parts_of_the_wallet_stand_one_under_another(context: Context) -> None:
    """A spreadsheet of two departments shows each agent's department, and no other department."""
    scope = Scope(departments=("Department 4", "Department 5"))
    sheet = build_desired_state(["usage by agent then by month"], context, scope).workbook.worksheets[0]
    parts = {cell.content for (row, column), cell in sheet.cells.items() if row >= FIRST_NAME_ROW and column == 1}
    texts = " ".join(cell.content for cell in sheet.cells.values() if isinstance(cell.content, str))
    assert (parts, "Department 6" in texts) == ({"department Department 4", "department Department 5"}, False)


def test_the_wallet_s_file_has_all_four(context: Context) -> None:
    """Without a question, the wallet's file has showback by agent, department, user and use case."""
    titles = [sheet.title for sheet in workbook_of([], context).worksheets]
    assert titles[-4:] == [f"Usage by {by} month" for by in GROUPINGS]
