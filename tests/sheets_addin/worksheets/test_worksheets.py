from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.answer.model import Answer, Column, Table
from core.errors import InputError
from core.language.parser import parse
from core.questions.asking import answer_to
from core.scope import Scope
from sheets_addin.desired_state import workbook_of
from sheets_addin.workbook.model import Formula, Workbook
from sheets_addin.worksheets import alerts
from sheets_addin.worksheets.registry import usage_worksheet, wallet_worksheet
from tests.fakes.asking import wallet_context
from tests.fakes.cells import number
from tests.tools.recalculate import by_ironcalc, column, errors, one, write_uncomputed
from tests.tools.scenarios import asked_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.context import Context
    from sheets_addin.workbook.model import Worksheet
    from tests.tools.recalculate import Values

WALLET, USAGE = parse("wallet"), parse("usage by agent")
HALF_A_CENT = Decimal("0.005")
COMPUTED = (
    "remaining_credits",
    "used_percent",
    "burn_credits_per_week",
    "burn_credits_per_month",
    "pace_percent",
    "granted_credits",
    "usd_used",
    "expiring_usd",
)


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    """Return the sample wallet."""
    with wallet_context() as found:
        yield found


def computed(folder: Path, *sheets: Worksheet) -> tuple[Values, Workbook]:
    """Return the worksheets' cells as computed by ironcalc."""
    workbook = Workbook("Wallet", "wallet", date(2026, 11, 21), sheets)
    write_uncomputed(workbook, folder / "wallet.xlsx")
    return by_ironcalc(folder / "wallet.xlsx"), workbook


@pytest.mark.parametrize("key", COMPUTED)
def test_every_figure_is_the_answer_s(tmp_path: Path, context: Context, key: str) -> None:
    """The computed sheet equals core's answer to the cent; percentages are fractions of 1."""
    values, workbook = computed(tmp_path, wallet_worksheet(WALLET, context))
    figure = answer_to(WALLET, context).figure(key)
    cell = one(values, workbook, f"wallet_{key}")
    assert isinstance(cell, float)
    assert abs(Decimal(cell) * (100 if figure.unit == "percent" else 1) - Decimal(str(figure.value))) < HALF_A_CENT


def test_what_is_left_of_each_grant_is_the_answer_s(tmp_path: Path, context: Context) -> None:
    """Granted − used − taken back − expired of each line is core's rest of that grant; empty if unknown."""
    values, workbook = computed(tmp_path, wallet_worksheet(WALLET, context))
    table = answer_to(WALLET, context).table("grants")
    left = [column.key for column in table.columns].index("remaining_credits")
    assert column(values, workbook, "grants_remaining_credits") == [row[left] for row in table.rows]


def test_no_cell_shows_an_error(tmp_path: Path, context: Context) -> None:
    """Every formula of the wallet's worksheets has a value."""
    values, _ = computed(tmp_path, wallet_worksheet(WALLET, context), usage_worksheet(USAGE, context))
    assert errors(values) == {}


@pytest.mark.parametrize("by", ["agent", "department"])
def test_the_table_of_days_adds_up_to_the_answer(tmp_path: Path, context: Context, by: str) -> None:
    """The sheet's own sum of all days and names is core's number of credits."""
    values, workbook = computed(tmp_path, usage_worksheet(USAGE, context))
    wanted = answer_to(USAGE, context).figure("used_credits").value
    assert one(values, workbook, f"usage_by_{by}_total") == wanted


@pytest.mark.parametrize("key", ["used_credits", "usd_used", "actions", "burn_credits_per_day", "provisional_credits"])
def test_a_scope_of_departments_shows_their_use_only(tmp_path: Path, context: Context, key: str) -> None:
    """A sheet for Sales and IT is the sum of the two, asked one by one."""
    values, workbook = computed(tmp_path, wallet_worksheet(WALLET, context, Scope(departments=("Sales", "IT"))))
    each = [number(answer_to(parse(f"wallet department {name}"), context).figure(key).value) for name in ("Sales", "IT")]
    cell = one(values, workbook, f"wallet_{key}")
    assert isinstance(cell, float)
    assert abs(Decimal(cell) - sum(each, Decimal(0))) < HALF_A_CENT


def test_a_scope_shows_no_name_of_others(context: Context) -> None:
    """A sheet for Sales has a column for Sales only."""
    sheet = usage_worksheet(USAGE, context, Scope(departments=("Sales",)))
    texts = {cell.content for cell in sheet.cells.values() if isinstance(cell.content, str)}
    assert ("Sales" in texts, texts & {"HR", "IT", "Service", "Field Service"}) == (True, set())


def test_the_wallet_prints_on_one_page(context: Context) -> None:
    """With few grants, figures, grants and chart fit on one portrait page; no heading stands alone at its foot."""
    sheet = wallet_worksheet(WALLET, context)
    assert (sheet.is_one_page, sheet.is_landscape) == (True, False)


def test_days_keep_their_rows(context: Context) -> None:
    """Each day's row is keyed by the day, so that people's notes stay beside it."""
    assert list(usage_worksheet(USAGE, context).row_keys.values())[:2] == ["2026-07-01", "2026-07-02"]


ALERTS = Answer(
    question="alerts",
    title="Alerts",
    headline="1 alert is open.",
    as_of=date(2026, 11, 21),
    tables=(
        Table(
            "alerts",
            "Open and past",
            tuple(Column(key, key, "text") for key in ("key", "level", "state", "words")),
            (("level-75", "75", "open", "=cmd()"), ("stale", None, "open", "long " * 40), ("stale", None, "closed", None)),
        ),
    ),
)


def test_alerts_are_the_table_of_the_answer() -> None:
    """The first column says what happened, levels are numbers, text is text, and each row has a key of its own."""
    sheet = alerts.worksheet([ALERTS])
    lines = [[sheet.cells[row, column].content for column in (1, 2, 3, 4)] for row in (6, 7, 8)]
    assert lines == [
        ["=cmd()", Decimal(75), "open", "level-75"],
        ["long " * 40, None, "open", "stale"],
        [None, None, "closed", "stale"],
    ]
    assert len(set(sheet.row_keys.values())) == 3


def test_a_row_is_as_high_as_its_words_need() -> None:
    """200 letters in a column of some 58 letters need four lines; a few letters need one."""
    heights = alerts.worksheet([ALERTS]).heights
    assert (heights[6], heights[7]) == (18, 4.5 + 4 * 13.5)


def test_alerts_of_two_teams_stand_one_under_another_once_each() -> None:
    """Two answers with the same rows are one table."""
    assert alerts.worksheet([ALERTS, ALERTS]).row_keys == alerts.worksheet([ALERTS]).row_keys


def test_a_workbook_holds_what_was_asked(context: Context) -> None:
    """A comparison's workbook is the comparison; without a question it is the wallet's worksheets."""
    compared = [sheet.title for sheet in workbook_of(["compare 10000 interactions 18 actions"], context).worksheets]
    alone = [sheet.title for sheet in workbook_of([], context).worksheets]
    assert (compared, alone[:3]) == (["Compare", "Break-even", "Workings", "Prices"], ["Summary", "Wallet", "Usage"])


def test_without_a_wallet_a_workbook_needs_a_question() -> None:
    """Without imports and without a question there is nothing to show, and the error says what to do."""
    with pytest.raises(InputError, match="Import an export, or name a question"):
        workbook_of([], asked_on(date(2026, 11, 21)))


def test_wallet_formulas_work_in_all_three_programs(context: Context) -> None:
    """The wallet's worksheets use five functions, which Google Sheets, Excel and LibreOffice 7.4 know."""
    sheets = workbook_of([], context).worksheets
    formulas = [cell.content.text for sheet in sheets for cell in sheet.cells.values() if isinstance(cell.content, Formula)]
    assert {name for text in formulas for name in re.findall(r"([A-Z]+)\(", text)} == {"IF", "N", "OR", "SUBTOTAL", "SUM"}
