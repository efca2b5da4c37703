from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from sheets_addin.desired_state import DesiredState
from sheets_addin.google.errors import BatchRefusedError
from sheets_addin.google.spreadsheet import SHEET_KEY
from sheets_addin.sync.plan import plan
from sheets_addin.sync.sync import SyncJob, SyncOutcome, sync_one
from sheets_addin.sync.view import row_keys
from sheets_addin.workbook.model import Block, Cell, Formula, Workbook, Worksheet
from sheets_addin.workbook.xlsx_writer import write_xlsx
from tests.fakes.sheets_in_process import InProcess

if TYPE_CHECKING:
    from pathlib import Path

    from sheets_addin.google.client import GoogleSheetsClient
    from sheets_addin.google.spreadsheet import Spreadsheet
    from tests.fakes.sheets.server import SheetsServer

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TEXTS = ("=1+1", "+4917", "-1", "@here", "\tindented", "\nnext line", "'quoted", "TRUE", "1,234", "<!channel>")


def workbook(*cells: object, names: bool = True, title: str = "Ours") -> Workbook:
    """Return a worksheet with one column of values, the first of them named `first`."""
    contents = {(row, 1): Cell(content) for row, content in enumerate(cells)}  # type: ignore[arg-type]  # contents of cells
    block = Block(contents, {"first": ((0, 1), (0, 1))} if names else {})
    return Workbook("Ours", "", date(2026, 11, 21), (Worksheet(title=title, block=block, widths={1: 20}),))


def synced(gateway: GoogleSheetsClient, should: Workbook, *, restores: bool = True) -> SyncOutcome:
    """Sync a workbook to the spreadsheet `team`."""
    return sync_one(gateway, SyncJob("team", "team", DesiredState(should, {}), restores), NOON)


def kinds(requests: list[dict[str, Any]]) -> list[str]:
    """Return the kinds of requests in their order."""
    return [next(iter(request)) for request in requests]


def held(server: SheetsServer, title: str, row: int, column: int = 1) -> object:
    """Return the content of a cell at Google."""
    sheet = server.book("team").titled(title)
    assert sheet is not None
    return sheet.cells.get((row, column), {}).get("userEnteredValue")


def there(gateway: GoogleSheetsClient) -> Spreadsheet:
    """Return the spreadsheet as it is, with people's sheets."""
    return gateway.complete(gateway.read("team"))


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text(server: SheetsServer, gateway: GoogleSheetsClient, text: str) -> None:
    """Whatever its first character, text never becomes a formula, number or mention, and is not written twice."""
    synced(gateway, workbook(text))
    assert (held(server, "Ours", 0), synced(gateway, workbook(text)).state) == ({"stringValue": text}, "unchanged")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * 50_001, "x" * 9_999 + "…"),
        ("𝕏" * 20_000, "𝕏" * 9_999 + "…"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("nul\x00 bell\x07", "nul\ufffd bell\ufffd"),
        ("half a sign \ud800", "half a sign \ufffd"),
    ],
    ids=["too long", "too long in UTF-16", "line ends", "control characters", "a surrogate"],
)
def test_text_that_no_cell_holds_is_made_to_fit(
    tmp_path: Path, server: SheetsServer, gateway: GoogleSheetsClient, text: str, shown: str
) -> None:
    """A name that Google or Excel would refuse or change is cut or escaped, alike in both, and is not written twice."""
    synced(gateway, workbook(text))
    write_xlsx(workbook(text), tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["Ours"]["B1"].value == shown
    assert (held(server, "Ours", 0), synced(gateway, workbook(text)).state) == ({"stringValue": shown}, "unchanged")


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (Decimal("-12.5"), {"numberValue": -12.5}),
        (Formula("1+1"), {"formulaValue": "=1+1"}),
        (date(2026, 11, 21), {"numberValue": 46347}),
        (datetime(2026, 11, 21, 6, tzinfo=UTC), {"numberValue": 46347.25}),
    ],
)
def test_values_are_what_they_are(
    server: SheetsServer, gateway: GoogleSheetsClient, content: object, value: dict[str, Any]
) -> None:
    """A negative number is a number, a formula a formula, days and instants are Google's serial numbers."""
    synced(gateway, workbook(content))
    assert (held(server, "Ours", 0), synced(gateway, workbook(content)).state) == (value, "unchanged")


def test_one_changed_figure_is_one_rectangle(gateway: GoogleSheetsClient) -> None:
    """One of a thousand cells changed: the batch is the guard, the state and one value, without formats."""
    synced(gateway, workbook(*map(Decimal, range(1000))))
    changed = [Decimal(row if row != 500 else -1) for row in range(1000)]
    assert kinds(plan(there(gateway), workbook(*changed)).requests) == [
        "createDeveloperMetadata",
        "updateDeveloperMetadata",
        "updateCells",
    ]


def test_a_title_that_people_use_is_left_to_them(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """People have a sheet with that title: ours takes another title, and theirs is not touched."""
    server.edit("team", {"addSheet": {"properties": {"title": "ours"}}})
    server.type_into("team", "ours!B1", ["theirs"])
    synced(gateway, workbook("mine"))
    assert (held(server, "ours", 0), held(server, "Ours (agentcost)", 0)) == ({"stringValue": "theirs"}, {"stringValue": "mine"})


def test_a_name_that_people_use_is_left_to_them(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """People's named range keeps its cells; ours takes another name, and formulas follow it."""
    theirs = {"name": "First", "range": {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1}}
    server.edit("team", {"addNamedRange": {"namedRange": theirs}})
    synced(gateway, workbook(Decimal(7), Formula('first+LEN("first")')))
    names = {name["name"] for name in server.book("team").names}
    assert (names, held(server, "Ours", 1)) == (
        {"First", "agentcost_first"},
        {"formulaValue": '=agentcost_first+LEN("first")'},
    )


def test_a_name_that_people_gave_to_ours_stays(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """Our named range, renamed by people, keeps their name, and nothing is left to do."""
    should = workbook(Decimal(7), Formula("first*2"))
    synced(gateway, should)
    server.edit(
        "team", {"updateNamedRange": {"namedRange": {"namedRangeId": "agentcost_first", "name": "start"}, "fields": "name"}}
    )
    synced(gateway, should)
    assert ([name["name"] for name in server.book("team").names], synced(gateway, should).state) == (["start"], "unchanged")


def test_figures_people_have_in_the_way_are_not_written_over(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """Where a cell with people's text becomes ours, theirs stays, and the report says so."""
    synced(gateway, Workbook("", "", date(2026, 11, 21), (Worksheet(title="Ours", block=Block({(1, 1): Cell("b")}), widths={}),)))
    server.type_into("team", "Ours!B1", ["theirs"])
    outcome = synced(gateway, workbook("a", "b"))
    assert (held(server, "Ours", 0), [edit.outcome for edit in outcome.plan.edits]) == ({"stringValue": "theirs"}, ["in the way"])


def test_a_figure_that_goes_is_cleared_unless_people_changed_it(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """Of two dropped figures, the one that people overwrote stays."""
    synced(gateway, workbook("a", Decimal(1), Decimal(2)))
    server.type_into("team", "Ours!B3", ["theirs"])
    synced(gateway, workbook("a"))
    texts = [
        cell.get("userEnteredValue")
        for sheet in server.book("team").sheets
        if sheet.title == "Ours"
        for cell in sheet.cells.values()
    ]
    assert ({"numberValue": 1} in texts, {"stringValue": "theirs"} in texts) == (False, True)


def test_of_two_syncs_at_once_the_second_is_refused_and_planned_anew(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """A plan made before another sync is refused as a whole; made anew, it finds nothing to do."""
    synced(gateway, workbook("z"))
    stale = plan(there(gateway), workbook("a"))
    synced(gateway, workbook("a"))
    writes = server.count("write")
    with pytest.raises(BatchRefusedError):
        gateway.write("team", stale.requests)
    assert (synced(gateway, workbook("a")).state, server.count("write")) == ("unchanged", writes + 1)


def test_a_sync_many_generations_late_is_refused(gateway: GoogleSheetsClient) -> None:
    """A plan that waited while others wrote several times is refused as well."""
    synced(gateway, workbook("a", Decimal(0)))
    stale = plan(there(gateway), workbook("a", Decimal(99)))
    for figure in range(1, 5):
        synced(gateway, workbook("a", Decimal(figure)))
    with pytest.raises(BatchRefusedError):
        gateway.write("team", stale.requests)


def test_a_deleted_log_comes_back(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """The next sync makes a new Log, and nothing else."""
    synced(gateway, workbook("a"))
    log = server.book("team").titled("Log")
    assert log is not None
    server.edit("team", {"deleteSheet": {"sheetId": log.id}})
    synced(gateway, workbook("a"))
    assert (server.book("team").titled("Log") is not None, synced(gateway, workbook("a")).state) == (True, "unchanged")


def test_a_copy_of_our_sheet_is_people_s(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """People's copy stays as it was, even where Google gave its tag a lower number; ours is refreshed."""
    synced(gateway, workbook(Decimal(1)))
    ours = server.book("team").titled("Ours")
    assert ours is not None
    server.edit("team", {"duplicateSheet": {"sourceSheetId": ours.id, "newSheetName": "October"}})
    for tag in server.book("team").tags:
        if tag["location"].get("sheetId") not in {None, ours.id} and tag["metadataKey"] == SHEET_KEY:
            tag["metadataId"] = 5 if tag["metadataValue"] == "Ours" else tag["metadataId"]
    synced(gateway, workbook(Decimal(2)))
    assert (held(server, "October", 0), held(server, "Ours", 0)) == ({"numberValue": 1}, {"numberValue": 2})
    assert synced(gateway, workbook(Decimal(2))).state == "unchanged"


@pytest.mark.parametrize("columns", [100, 4])
def test_edits_are_told_in_big_sheets_too(server: SheetsServer, gateway: GoogleSheetsClient, columns: int) -> None:
    """On a sheet of 100 rows by 100 columns, of which only rows are remembered, an edit beside unchanged figures is reported."""
    cells = {(row, column): Cell(Decimal(row * column)) for row in range(100) for column in range(columns)}
    should = Workbook("", "", date(2026, 11, 21), (Worksheet(title="Ours", block=Block(cells), widths={}),))
    synced(gateway, should)
    server.type_into("team", "Ours!C3", ["theirs"])
    outcome = synced(gateway, should)
    assert ([edit.cell for edit in outcome.plan.edits], held(server, "Ours", 2, 2)) == (["C3"], {"numberValue": 4})


def test_five_thousand_rows_fit(server: SheetsServer) -> None:
    """Tags and memory of 5,000 rows by 20 columns stay within Google's limit on metadata, and nothing is written twice."""
    sheets = InProcess(server.service)
    server.add_book("team")
    cells = {(row, column): Cell(Decimal(row * column)) for row in range(5_000) for column in range(20)}
    should = Workbook("", "", date(2026, 11, 21), (Worksheet(title="Ours", block=Block(cells), widths={}),))
    sheets.bring_up_to_date("team", should)
    assert plan(sheets.read("team"), should).requests == []


def test_rows_about_things_that_read_alike_have_keys_of_their_own(gateway: GoogleSheetsClient) -> None:
    """Names that differ only in blanks are two rows, and nothing is written twice."""
    block = Block({(row, 0): Cell(Decimal(row)) for row in range(3)})
    sheet = Worksheet(title="Ours", block=block, widths={}, row_keys={0: "Sales EMEA", 1: "Sales\u00a0EMEA", 2: "Sales  EMEA"})
    should = Workbook("", "", date(2026, 11, 21), (sheet,))
    assert (len(set(row_keys(sheet))), synced(gateway, should).state, synced(gateway, should).state) == (
        3,
        "written",
        "unchanged",
    )
