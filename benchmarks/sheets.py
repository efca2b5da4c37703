"""Spreadsheets: requests of a sync beside a writer of single cells, planning, and 200 spreadsheets within Google's quota.

All against the tests' fake Google, over HTTP on loopback. The quota's minutes are simulated, without waiting.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sheets_addin.desired_state import DesiredState
from sheets_addin.google.client import number
from sheets_addin.sync.sync import SyncJob, plan_sync, sync_all, sync_one
from sheets_addin.workbook.model import Block, Cell, Formula, Workbook, Worksheet
from tests.fakes.sheets.clients import Clock, google, gspread_client
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets.trouble import Quota

if TYPE_CHECKING:
    from collections.abc import Callable

AT, DAY = datetime(2026, 11, 21, 12, tzinfo=UTC), date(2026, 11, 21)
COLUMNS, SIZES, PLANNED_CELLS, SPREADSHEETS, ROUNDS = 100, (100, 1_000), 100_000, 200, 5
WRITES_A_MINUTE = 60
PATIENCE_SECONDS = 120.0


def main() -> None:
    """Print the results beside their targets."""
    for size in SIZES:
        _requests(size)
    _planning()
    _many()


def _desired(cells: int, figure: int) -> DesiredState:
    """Return a workbook of that many cells; one cell of each row is a formula, and all others depend on the figure."""
    rows = range(cells // COLUMNS)
    values = {(row, column): Cell(Decimal(figure + row * column)) for row in rows for column in range(1, COLUMNS)}
    sums = {(row, 0): Cell(Formula(f"SUM(B{row + 1}:CV{row + 1})")) for row in rows}
    return DesiredState(Workbook("Benchmark", "", DAY, (Worksheet(title="Figures", block=Block(sums | values), widths={}),)), {})


def _job(spreadsheet_id: str, cells: int, figure: int) -> SyncJob:
    return SyncJob(spreadsheet_id, spreadsheet_id, _desired(cells, figure))


def _requests(size: int) -> None:
    with SheetsServer(quota=Quota(per_user=10**9, per_project=10**9)) as server:
        server.add_book("ours"), server.add_book("theirs")
        gateway = google(server, Clock(), timeout_seconds=PATIENCE_SECONDS)
        sync_one(gateway, _job("ours", size, 1), AT)
        unchanged = _counted(server, "ours", lambda: sync_one(gateway, _job("ours", size, 1), AT))
        changed = _counted(server, "ours", lambda: sync_one(gateway, _job("ours", size, 2), AT))
        naive = _counted(server, "theirs", lambda: _cell_by_cell(server, size))
    print(f"{size:,} cells, unchanged     {_said(unchanged)}; should be 1 and 0")
    print(f"{size:,} cells, all changed   {_said(changed)}; should be 1 and 1")
    print(f"{size:,} cells, update_cell   {_said(naive)}; Google's quota makes it {naive[1] // WRITES_A_MINUTE} minutes")


def _counted(server: SheetsServer, spreadsheet: str, act: Callable[[], object]) -> tuple[int, int, float]:
    before = (server.count("read", spreadsheet), server.count("write", spreadsheet))
    began = time.perf_counter()
    act()
    seconds = time.perf_counter() - began
    return server.count("read", spreadsheet) - before[0], server.count("write", spreadsheet) - before[1], seconds


def _said(counted: tuple[int, int, float]) -> str:
    reads, writes, seconds = counted
    return f"{reads} read, {writes:5} writes {seconds:7.2f} s"


def _cell_by_cell(server: SheetsServer, size: int) -> None:
    """Write the figures as the first example of any tutorial does."""
    sheet = gspread_client(server).open_by_key("theirs").sheet1
    sheet.resize(cols=COLUMNS)
    for row in range(size // COLUMNS):
        for column in range(COLUMNS):
            sheet.update_cell(row + 1, column + 1, row * column)


def _planning() -> None:
    with SheetsServer() as server:
        server.add_book("ours")
        gateway = google(server, Clock(), timeout_seconds=PATIENCE_SECONDS)
        sync_one(gateway, _job("ours", PLANNED_CELLS, 1), AT)
        there = gateway.read("ours")
    same, other = _desired(PLANNED_CELLS, 1), _desired(PLANNED_CELLS, 2)
    batch = plan_sync(there, other, AT).requests
    rows = (
        ("nothing changed", _fastest(lambda: plan_sync(there, same, AT)), "; at most 1"),
        ("all changed", _fastest(lambda: plan_sync(there, other, AT)), "; at most 1"),
        ("its batch as JSON", _fastest(lambda: json.dumps({"requests": batch}, default=number)), " beside it"),
    )
    for what, seconds, limit in rows:
        print(f"planning {PLANNED_CELLS:,} cells, {what:18} {seconds:6.2f} s{limit}")


def _fastest(act: Callable[[], object]) -> float:
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        found.append(time.perf_counter() - began)
    return min(found)


def _many() -> None:
    clock = Clock()
    with SheetsServer(quota=Quota(clock=clock)) as server:
        names = [f"s{index}" for index in range(SPREADSHEETS)]
        for name in names:
            server.add_book(name)
        gateway = google(server, clock)
        for what, figure in (("made", 1), ("changed", 2), ("unchanged", 2)):
            clock.advance(60)
            began, before, real = clock.now, (server.count("read"), server.count("write")), time.perf_counter()
            sync_all(gateway, [_job(name, COLUMNS, figure) for name in names], AT)
            most = max(server.count("read") - before[0], server.count("write") - before[1])
            forced, took = 60 * ((most - 1) // server.quota.per_user), clock.now - began
            refused = sum(1 for call in server.calls if call.status != 200)  # noqa: PLR2004 - HTTP's OK
            beside = f"the quota forces {forced} s; at most 1.1 times: {took / forced:.2f}; refused {refused}"
            print(f"{SPREADSHEETS} spreadsheets {what:9} {took:4.0f} s by the quota's clock, {beside}")
            print(f"    of which computing {time.perf_counter() - real:.1f} s")


if __name__ == "__main__":
    main()
