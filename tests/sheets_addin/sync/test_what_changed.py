"""A refresh says which worksheets and figures changed, and when by the team's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from core.config.loader import GrantInput
from core.warehouse.database import open_warehouse
from sheets_addin.desired_state import DesiredState, build_desired_state, workbook_of
from sheets_addin.sync.edit_log import entries_of
from sheets_addin.sync.report import report
from sheets_addin.sync.sync import SyncJob, sync_one
from sheets_addin.workbook import styles
from sheets_addin.workbook.model import Block, Cell, Formula, Workbook, Worksheet
from sheets_addin.workbook.xlsx_writer import write_xlsx
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets_in_process import InProcess
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.context import Context
    from sheets_addin.sync.sync import SyncOutcome

AT = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
BERLIN = "Europe/Berlin"
JULY = date(2026, 7, 1)


def state(left: int, share: str, day: date, zone: str = "UTC") -> DesiredState:
    """Return a worksheet of four named figures: a number, a percentage, a day, and a formula."""
    rows: tuple[tuple[str, Decimal | date, str], ...] = (
        ("Left", Decimal(left), styles.COUNT),
        ("Used", Decimal(share), styles.PERCENT),
        ("Runs out", day, styles.DAY),
    )
    cells = {(row, 0): Cell(label) for row, (label, _, _) in enumerate(rows)}
    cells |= {(row, 1): Cell(content, styles.number_format(number)) for row, (_, content, number) in enumerate(rows)}
    cells |= {(3, 0): Cell("Twice"), (3, 1): Cell(Formula("left_credits*2"))}
    names = {name: ((row, 1), (row, 1)) for row, name in enumerate(("left_credits", "used", "runs_out", "twice"))}
    sheet = Worksheet(title="Figures", block=Block(cells, names), widths={0: 20})
    return DesiredState(Workbook("Figures", "", JULY, (sheet,)), {}, zone)


@pytest.fixture
def gateway() -> InProcess:
    """Give a way to a spreadsheet `team`."""
    server = SheetsServer()
    server.add_book("team")
    return InProcess(server.service)


def synced(gateway: InProcess, wanted: DesiredState, at: datetime = AT) -> SyncOutcome:
    """Return the outcome of a sync."""
    return sync_one(gateway, SyncJob("team", "team", wanted), at)


def test_the_report_says_which_figures_moved(gateway: InProcess) -> None:
    """The report has the first two changed figures as people read them, and no unchanged one."""
    synced(gateway, state(1_200, "0.25", date(2027, 1, 5)))
    outcome = synced(gateway, state(900, "0.25", date(2026, 12, 31)))
    (row,) = report([outcome], JULY).table("spreadsheets").rows
    assert row[2] == "Figures: 2 cells (Left 1,200 → 900; Runs out 5 Jan 2027 → 31 Dec 2026)"
    assert synced(gateway, state(900, "0.255", date(2026, 12, 31))).plan.sheets[0].moved[0][1:] == ("25%", "25.5%")


def test_a_figure_that_people_wrote_over_is_an_edit_and_no_move(gateway: InProcess) -> None:
    """A restored figure is reported as an edit; the figure itself did not change."""
    synced(gateway, state(1_200, "0.25", JULY))
    sheet = gateway.service.books["team"].titled("Figures")
    assert sheet
    sheet.cells[0, 1]["userEnteredValue"] = {"numberValue": 7}
    plan = synced(gateway, state(1_200, "0.25", JULY)).plan
    assert ([edit.found for edit in plan.edits], plan.sheets[0].moved) == ([7.0], ())


def when(gateway: InProcess) -> tuple[str, list[object]]:
    """Return the heading of the Log's instants, and the instants, newest first."""
    sheet = gateway.read("team").sheets_of_ours["Log"]
    assert sheet.cells
    (heading,) = (cell.entered for cell in sheet.cells.values() if str(cell.entered).startswith("When"))
    return str(heading), [entry.at for entry in sorted(entries_of(sheet), key=lambda entry: -entry.number)]


def test_stamps_are_by_the_team_s_clock(gateway: InProcess) -> None:
    """23:30 UTC is 00:30 of the next day in Berlin; lines written under another clock keep their instant."""
    synced(gateway, state(1, "0.1", JULY))
    assert when(gateway) == ("When (UTC)", [AT])
    later = AT + timedelta(hours=1)
    synced(gateway, state(2, "0.1", JULY, BERLIN), later)
    heading, instants = when(gateway)
    shown = gateway.read("team").sheets_of_ours["Log"].cells or {}
    newest = next(cell.entered for place, cell in sorted(shown.items()) if isinstance(cell.entered, float))
    assert (heading, instants, newest % 1) == (f"When ({BERLIN})", [later, AT], pytest.approx(1.5 / 24))


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """Return a wallet with ten days of a team in Berlin, data through 10 July, 13:00 UTC."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        small = SmallWallet(warehouse, tmp_path).configured(time_zone=BERLIN)
        small.grants_said(GrantInput(Decimal(100_000), JULY, date(2027, 7, 1)))
        yield small.days_of_use(JULY, *[100] * 10).context(date(2026, 7, 11))


@pytest.mark.parametrize("question", ["summary", "wallet", "forecast"])
def test_every_worksheet_shows_data_through_by_that_clock(context: Context, tmp_path: Path, question: str) -> None:
    """13:00 UTC on 10 July is 15:00 in Berlin, and the label names the zone, in a file and at Google alike."""
    write_xlsx(workbook_of([question], context), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]
    through = [(row[1].value, row[2].value) for row in sheet.iter_rows() if str(row[1].value).startswith("Data through")]
    assert [(label, str(instant)) for label, instant in through] == [(f"Data through ({BERLIN})", "2026-07-10 15:00:00")] * len(
        through
    )
    instants = [
        cell.content
        for sheet in build_desired_state([question], context).workbook.worksheets
        for cell in sheet.cells.values()
        if isinstance(cell.content, datetime)
    ]
    assert {one.tzinfo for one in instants} <= {ZoneInfo(BERLIN)}
    assert question == "forecast" or through
