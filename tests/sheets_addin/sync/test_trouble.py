"""Syncs with errors: nothing is lost, the message helps, and no other spreadsheet is affected."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.errors import MachineError
from sheets_addin.desired_state import DesiredState
from sheets_addin.google.errors import (
    BatchRefusedError,
    ClockError,
    FullSpreadsheetError,
    GoogleTroubleError,
    KeyRefusedError,
    MissingScopeError,
    NoSpreadsheetError,
    NotGoogleError,
    NotSharedError,
    OfficeFileError,
    ProtectedSheetError,
    QuotaSpentError,
    SheetsOffError,
)
from sheets_addin.sync.sync import SyncJob, sync_all, sync_one
from sheets_addin.workbook.model import Block, Cell, Formula, Workbook, Worksheet
from tests.fakes.sheets.clients import google
from tests.fakes.sheets.trouble import Fault

if TYPE_CHECKING:
    from sheets_addin.google.client import GoogleSheetsClient
    from sheets_addin.google.spreadsheet import Json, Spreadsheet
    from sheets_addin.sync.sync import SyncOutcome
    from tests.fakes.sheets.clients import Clock
    from tests.fakes.sheets.server import SheetsServer

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
SPREADSHEETS = 200


def desired(figure: int = 42) -> DesiredState:
    """Return a workbook with one worksheet: a figure and its double."""
    cells = {(0, 0): Cell("Credits"), (0, 1): Cell(Decimal(figure)), (1, 0): Cell("Twice"), (1, 1): Cell(Formula("credits*2"))}
    sheet = Worksheet(title="Figures", block=Block(cells, {"credits": ((0, 1), (0, 1))}), widths={0: 20})
    return DesiredState(Workbook("Figures", "a test", date(2026, 11, 21), (sheet,)), {})


def job(spreadsheet_id: str, figure: int = 42) -> SyncJob:
    """Return the job of bringing a spreadsheet to a figure."""
    return SyncJob(spreadsheet_id, spreadsheet_id, desired(figure))


def figures(server: SheetsServer, spreadsheet_id: str) -> list[object]:
    """Return every number on our sheets with the figure, as people see it in the browser."""
    sheets = [sheet for sheet in server.book(spreadsheet_id).sheets if sheet.title == "Figures"]
    return [sheet.cells[0, 1]["userEnteredValue"]["numberValue"] for sheet in sheets]


def states(outcomes: list[SyncOutcome]) -> list[str]:
    """Return the outcome of each job."""
    return [outcome.state for outcome in outcomes]


def test_unchanged_is_one_read_and_no_write(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """An unchanged spreadsheet costs one read."""
    sync_one(gateway, job("team"), AT)
    reads, writes = server.count("read"), server.count("write")
    assert sync_one(gateway, job("team"), AT).state == "unchanged"
    assert (server.count("read") - reads, server.count("write") - writes) == (1, 0)


def test_changed_is_one_read_and_one_write(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """A new figure costs one read and one batch."""
    sync_one(gateway, job("team"), AT)
    reads, writes = server.count("read"), server.count("write")
    assert sync_one(gateway, job("team", 43), AT).state == "written"
    assert (server.count("read") - reads, server.count("write") - writes, figures(server, "team")) == (1, 1, [43])


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("kind", ["read", "write"])
def test_trouble_that_passes_is_not_noticed(server: SheetsServer, gateway: GoogleSheetsClient, status: int, kind: str) -> None:
    """Temporary rate limits and errors of Google's cost time, and nothing else."""
    server.faults.append(Fault(status=status, times=2, kind="read" if kind == "read" else "write"))
    assert sync_one(gateway, job("team"), AT).state == "written"
    assert figures(server, "team") == [42]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=503, times=99, spreadsheet="b"), GoogleTroubleError),
        (Fault(status=429, times=99, spreadsheet="b"), QuotaSpentError),
        (Fault(status=403, times=99, spreadsheet="b"), NotSharedError),
        (Fault(status=404, times=99, spreadsheet="b"), NoSpreadsheetError),
        (Fault("cut", times=99, spreadsheet="b"), GoogleTroubleError),
    ],
    ids=["503", "429", "403", "404", "cut"],
)
def test_trouble_with_one_leaves_the_others_alone(
    server: SheetsServer, clock: Clock, fault: Fault, error: type[Exception]
) -> None:
    """One of three spreadsheets fails and says so; the other two are updated."""
    for name in "abc":
        server.add_book(name)
    server.faults.append(replace(fault))
    outcomes = sync_all(google(server, clock), [job(name) for name in "abc"], AT)
    assert states(outcomes) == ["written", "failed", "written"]
    assert isinstance(outcomes[1].trouble, error)
    assert [figures(server, name) for name in "abc"] == [[42], [], [42]]


def test_trouble_leaves_the_old_figures(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """A write that Google never accepts leaves the old figures, and the next sync corrects them."""
    sync_one(gateway, job("team"), AT)
    server.faults.append(fault := Fault(status=500, times=99, kind="write"))
    assert (sync_one(gateway, job("team", 43), AT).state, figures(server, "team")) == ("failed", [42])
    fault.times = 0
    assert (sync_one(gateway, job("team", 43), AT).state, figures(server, "team")) == ("written", [43])


def test_a_revoked_key_is_told_for_each(server: SheetsServer, clock: Clock) -> None:
    """A revoked key is reported for every spreadsheet, and nothing is written."""
    for name in "ab":
        server.add_book(name)
    gateway = google(server, clock)
    server.accounts.revoked.add(gateway.account)
    outcomes = sync_all(gateway, [job(name) for name in "ab"], AT)
    assert [type(outcome.trouble) for outcome in outcomes] == [KeyRefusedError, KeyRefusedError]


def test_an_office_file_is_told_as_one(server: SheetsServer, clock: Clock) -> None:
    """The API cannot read an .xlsx in Drive: the message says what to do, and the other spreadsheet is written."""
    for name in "ab":
        server.add_book(name)
    server.office_files.add("a")
    outcomes = sync_all(google(server, clock), [job(name) for name in "ab"], AT)
    assert (states(outcomes), type(outcomes[0].trouble)) == (["failed", "written"], OfficeFileError)
    assert "File › Save as Google Sheets" in str(outcomes[0].trouble)


@pytest.mark.parametrize("ahead_hours", [-3, 3])
def test_a_wrong_clock_is_told_as_one(server: SheetsServer, gateway: GoogleSheetsClient, ahead_hours: int) -> None:
    """If this machine's clock is hours off, Google refuses every key: the message does not ask for a new one."""
    server.accounts.clock_ahead_seconds = ahead_hours * 3600
    trouble = sync_one(gateway, job("team"), AT).trouble
    assert (type(trouble), "new key" in str(trouble)) == (ClockError, False)


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (403, "Request had insufficient authentication scopes.", MissingScopeError),
        (403, "Google Sheets API has not been used in project 1 before or it is disabled.", SheetsOffError),
        (403, "The caller does not have permission", NotSharedError),
        (400, "This action would increase the number of cells above the limit of 10000000 cells.", FullSpreadsheetError),
        (400, "Invalid requests[3].updateCells: something new", BatchRefusedError),
        (418, "I am a teapot", BatchRefusedError),
    ],
)
def test_google_s_reason_decides(
    server: SheetsServer, gateway: GoogleSheetsClient, status: int, message: str, error: type[Exception]
) -> None:
    """One status stands for several errors with different remedies: Google's words tell them apart."""
    server.faults.append(Fault(status=status, times=99, message=message))
    assert type(sync_one(gateway, job("team"), AT).trouble) is error


PAGE, QUOTA = b"<html>login</html>", {"code": 403, "message": "Quota exceeded for quota metric 'Read requests'", "status": "P"}
HALF = b'{"spreadsheetId": "b", "sheets": [{}]}'
ODD: list[tuple[str, int, bytes, type[Exception]]] = [
    *(("read", 200, body, NotGoogleError) for body in (PAGE, b"", b"[]", b"null", b'"x"', b"{}", b"\xff", HALF)),
    *(("write", 200, body, NotGoogleError) for body in (PAGE, b"", b"[]", b"null", b"{}", HALF)),
    *((kind, status, PAGE, NotGoogleError) for kind in ("read", "write") for status in (400, 403, 404, 407, 413)),
    ("read", 404, b"<html><title>Error 404 (Not Found)!!1</title></html>", NoSpreadsheetError),
    ("write", 413, b"<html><title>Error 413 (Request Entity Too Large)!!1</title></html>", BatchRefusedError),
    ("read", 400, b'{"error": "invalid_request"}', NotGoogleError),
    ("write", 502, PAGE, GoogleTroubleError),
    ("read", 429, b"", QuotaSpentError),
    ("read", 403, json.dumps({"error": QUOTA}).encode(), QuotaSpentError),
    ("token", 200, PAGE, NotGoogleError),
    ("token", 403, PAGE, NotGoogleError),
]


@pytest.mark.parametrize(("kind", "status", "body", "error"), ODD)
def test_an_odd_answer_ends_one_spreadsheet_with_its_own_sentence(
    server: SheetsServer, clock: Clock, kind: str, status: int, body: bytes, error: type[Exception]
) -> None:
    """A proxy's page, half an answer or an unknown form of error never counts as written, and does not end the other jobs."""
    for name in "abc":
        server.add_book(name)
    theirs = None if kind == "token" else "b"
    server.faults.append(Fault("body", status, kind=kind, spreadsheet=theirs, times=99, body=body))  # type: ignore[arg-type] # a kind of it
    outcomes = sync_all(google(server, clock), [job(name) for name in "abc"], AT)
    assert states(outcomes) == (["failed"] * 3 if kind == "token" else ["written", "failed", "written"])
    assert type(outcomes[1].trouble) is error
    assert "<html>" not in str(outcomes[1].trouble)


def test_what_breaks_here_ends_one_spreadsheet_too(server: SheetsServer, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """A fault of our own in one spreadsheet is reported and logged, and the two others are updated."""
    for name in "abc":
        server.add_book(name)
    broken = SyncJob("b", "b", desired()._replace(troubles=None))  # type: ignore[arg-type] # a fault of ours
    outcomes = sync_all(google(server, clock), [job("a"), broken, job("c")], AT)
    assert (states(outcomes), type(outcomes[1].trouble)) == (["written", "failed", "written"], MachineError)
    assert ("the log says where" in str(outcomes[1].trouble), "the sync of spreadsheet b failed" in caplog.text) == (True, True)


def protect(server: SheetsServer, title: str, *, editors: list[str], description: str = "") -> None:
    """Restrict who may edit a sheet, as its owner does under Data › Protect sheets and ranges."""
    sheet = server.book("team").titled(title)
    assert sheet is not None
    said = {"range": {"sheetId": sheet.id}, "description": description, "editors": {"users": editors}}
    server.edit("team", {"addProtectedRange": {"protectedRange": said}})


def harden(server: SheetsServer, title: str, editors: list[str]) -> int:
    """Turn the warning on a sheet of ours into a protection, as people do with one click; return its id."""
    (warning,) = [one for sheet, one in server.book("team").objects("protectedRanges") if sheet.title == title]
    said = {"protectedRangeId": warning["protectedRangeId"], "warningOnly": False, "editors": {"users": editors}}
    server.edit("team", {"updateProtectedRange": {"protectedRange": said, "fields": "warningOnly,editors"}})
    return int(warning["protectedRangeId"])


def two_sheets(figure: int, rows: int = 1) -> DesiredState:
    """Return a workbook of two worksheets with a figure each; the first has it in that many rows."""
    cells = {(row, column): Cell(Decimal(figure)) for row in range(rows) for column in range(2)}
    keys = {row: f"row-{row}" for row in range(rows)}
    sheets = (
        Worksheet(title="Figures", block=Block(cells), widths={0: 20}, row_keys=keys),
        Worksheet(title="Other", block=Block({(0, 1): Cell(Decimal(figure))}), widths={0: 20}),
    )
    return DesiredState(Workbook("Figures", "a test", date(2026, 11, 21), sheets), {})


def shown(server: SheetsServer, title: str) -> float:
    """Return the figure on a sheet."""
    sheet = server.book("team").titled(title)
    assert sheet is not None
    return float(sheet.cells[0, 1]["userEnteredValue"]["numberValue"])


def test_a_sheet_that_people_protect_is_theirs(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """If only Dana may edit a sheet of ours, its figures stay and that is reported; the other sheet is refreshed."""
    sync_one(gateway, SyncJob("team", "team", two_sheets(42)), AT)
    its_id = harden(server, "Figures", ["dana@example.com"])
    outcome = sync_one(gateway, SyncJob("team", "team", two_sheets(43)), AT)
    assert (outcome.state, shown(server, "Figures"), shown(server, "Other")) == ("written", 42, 43)
    (trouble,) = outcome.troubles
    assert (type(trouble), gateway.account in str(trouble)) == (ProtectedSheetError, True)
    kept = [one for _, one in server.book("team").objects("protectedRanges") if one["protectedRangeId"] == its_id]
    assert kept[0]["editors"] == {"users": ["dana@example.com"]}


def test_a_protected_sheet_that_is_right_is_no_trouble(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """If nothing on the protected sheet changes, there is nothing to report."""
    sync_one(gateway, SyncJob("team", "team", two_sheets(42)), AT)
    harden(server, "Figures", ["dana@example.com"])
    outcome = sync_one(gateway, SyncJob("team", "team", two_sheets(42)), AT)
    assert (outcome.state, outcome.troubles) == ("unchanged", [])


def test_a_protection_that_lets_us_in_stays(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """Finance turns our warning into a protection and adds us as an editor: rows change, and the protection stays."""
    sync_one(gateway, SyncJob("team", "team", two_sheets(42)), AT)
    its_id = harden(server, "Figures", ["dana@example.com", gateway.account])
    for rows in (3, 2, 5):
        assert sync_one(gateway, SyncJob("team", "team", two_sheets(43, rows)), AT).troubles == []
        (kept,) = [one for sheet, one in server.book("team").objects("protectedRanges") if sheet.title == "Figures"]
        assert (kept["protectedRangeId"], kept["warningOnly"]) == (its_id, False)
        assert kept["editors"] == {"users": ["dana@example.com", gateway.account]}
    assert shown(server, "Figures") == 43


def test_a_sheet_that_people_protect_anew_gets_no_second_protection(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """Google allows one protection of a whole sheet: beside people's own, our warning is not set."""
    sync_one(gateway, SyncJob("team", "team", two_sheets(42)), AT)
    (warning,) = [one for sheet, one in server.book("team").objects("protectedRanges") if sheet.title == "Figures"]
    server.edit("team", {"deleteProtectedRange": {"protectedRangeId": warning["protectedRangeId"]}})
    protect(server, "Figures", editors=[gateway.account], description="Finance")
    outcome = sync_one(gateway, SyncJob("team", "team", two_sheets(43, rows=3)), AT)
    assert (outcome.troubles, shown(server, "Figures")) == ([], 43)


def merge_first_row(server: SheetsServer) -> None:
    """Merge the first two cells of Figures, as people do to centre a heading."""
    sheet = server.book("team").titled("Figures")
    assert sheet is not None
    area = {"sheetId": sheet.id, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
    server.edit("team", {"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})


def test_a_merge_over_our_cells_is_undone_once(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """Cells under a merge are invisible: it is undone and reported as an edit, and then nothing is left to do."""
    sync_one(gateway, SyncJob("team", "team", two_sheets(42)), AT)
    merge_first_row(server)
    outcomes = [sync_one(gateway, SyncJob("team", "team", two_sheets(42)), AT) for _ in range(2)]
    assert [(one.state, len(one.plan.edits)) for one in outcomes] == [("written", 1), ("unchanged", 0)]
    merges = [sheet.objects["merges"] for sheet in server.book("team").sheets if sheet.title == "Figures"]
    assert (merges, shown(server, "Figures")) == ([[]], 42)


def test_a_merge_is_left_where_edits_are(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """With `on_edit: leave`, the merge stays, and no later sync writes under it."""
    sync_one(gateway, SyncJob("team", "team", two_sheets(42)), AT)
    merge_first_row(server)
    for figure in (42, 43, 43):
        outcome = sync_one(gateway, SyncJob("team", "team", two_sheets(figure), restores=False), AT)
    (sheet,) = [sheet for sheet in server.book("team").sheets if sheet.title == "Figures"]
    assert (outcome.state, len(sheet.objects["merges"]), "userEnteredValue" in sheet.cells[0, 1]) == ("unchanged", 1, False)


def test_cells_of_people_may_be_protected(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """A range beside our cells that only Dana may edit does not stop our refresh."""
    sync_one(gateway, SyncJob("team", "team", two_sheets(42)), AT)
    sheet = server.book("team").titled("Figures")
    assert sheet is not None
    beside = {"sheetId": sheet.id, "startColumnIndex": 5, "endColumnIndex": 7}
    said = {"range": beside, "editors": {"users": ["dana@example.com"]}}
    server.edit("team", {"addProtectedRange": {"protectedRange": said}})
    outcome = sync_one(gateway, SyncJob("team", "team", two_sheets(43)), AT)
    assert (outcome.troubles, shown(server, "Figures")) == ([], 43)


@pytest.mark.parametrize("is_accepted", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize("fault", [Fault("cut"), Fault("silence"), Fault(status=503)], ids=["cut", "silence", "503"])
def test_a_write_whose_answer_never_comes_is_done_once(
    server: SheetsServer, clock: Clock, fault: Fault, *, is_accepted: bool
) -> None:
    """Whether or not Google wrote before the connection broke, everything is there once in the end."""
    server.add_book("team")
    server.faults.append(replace(fault, kind="write", is_accepted=is_accepted))
    gateway = google(server, clock, timeout_seconds=0.5)
    outcome = sync_one(gateway, job("team"), AT)
    names = [name["name"] for name in server.book("team").names]
    assert (outcome.trouble, figures(server, "team"), len(names)) == (None, [42], len(set(names)))
    assert sync_one(gateway, job("team"), AT).state == "unchanged"


class ReadsTogether:
    """A gateway that continues after its first read only when another one has read too."""

    def __init__(self, gateway: GoogleSheetsClient, both: threading.Barrier) -> None:
        self._gateway, self._both, self._readings = gateway, both, 0
        self.account = gateway.account

    def read(self, spreadsheet_id: str) -> Spreadsheet:
        """Read; the first time, wait for the other."""
        there = self._gateway.read(spreadsheet_id)
        self._readings += 1
        if self._readings == 1:
            self._both.wait(10)
        return there

    def complete(self, there: Spreadsheet) -> Spreadsheet:
        """Read more."""
        return self._gateway.complete(there)

    def write(self, spreadsheet_id: str, requests: list[Json]) -> list[Json]:
        """Write."""
        return self._gateway.write(spreadsheet_id, requests)


def test_two_syncs_at_once_do_not_garble(server: SheetsServer, clock: Clock) -> None:
    """Two syncs read the same empty spreadsheet and both write: everything is there once, and both succeed."""
    server.add_book("team")
    both = threading.Barrier(2)
    gateways = [ReadsTogether(google(server, clock), both) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(lambda gateway: sync_one(gateway, job("team"), AT), gateways))
    assert [outcome.trouble for outcome in outcomes] == [None, None]
    assert figures(server, "team") == [42]
    assert sorted(sheet.title for sheet in server.book("team").sheets) == ["Figures", "Log", "Sheet1"]


def test_200_spreadsheets_within_the_quota(server: SheetsServer, clock: Clock) -> None:
    """No request of 200 spreadsheets is refused, and they take at most a tenth longer than Google's quota forces."""
    jobs = [job(f"s{number}") for number in range(SPREADSHEETS)]
    for one in jobs:
        server.add_book(one.spreadsheet_id)
    gateway = google(server, clock)
    for figure in (42, 43):
        began, before = clock.now, server.count("read")
        outcomes = sync_all(gateway, [job(one.spreadsheet_id, figure) for one in jobs], AT)
        forced = 60 * ((server.count("read") - before - 1) // server.quota.per_user)
        assert states(outcomes) == ["written"] * SPREADSHEETS
        assert clock.now - began <= 1.1 * forced
        clock.advance(60)
    assert {call.status for call in server.calls} == {200}


@pytest.mark.parametrize(("rows", "count"), [(900, 0), (4_000, 1)])
def test_a_table_too_long_to_be_kept_is_told_and_the_others_are_written(
    gateway: GoogleSheetsClient, server: SheetsServer, rows: int, count: int
) -> None:
    """900 named rows are remembered; 4,000 exceed the metadata, which is an error of that worksheet only."""
    names = [f"005Hs{nth:013}" for nth in range(rows)]
    cells = {(row, column): Cell(f"{name} {column}") for row, name in enumerate(names) for column in range(12)}
    people = Worksheet(title="People", block=Block(cells), widths={}, row_keys=dict(enumerate(names)))
    one = desired()
    wanted = one._replace(workbook=replace(one.workbook, worksheets=(*one.workbook.worksheets, people)))
    outcome = sync_one(gateway, SyncJob("team", "team", wanted), AT)
    said = [str(error) for error in outcome.troubles]
    assert (outcome.state, len(said), figures(server, "team")) == ("written", count, [42.0])
    assert all("People has 4,000 named rows" in text for text in said)
    assert (server.book("team").titled("People") is None) == bool(count)
