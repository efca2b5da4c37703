"""A spreadsheet that is synced each day equals, on each day, one that is made on that day.

Only the order of names on Usage differs: there a name keeps its first column.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from core.alerts.evaluation import evaluate_alerts
from core.config.loader import load_config
from core.context import Context
from core.digests.issue import issue_digest
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import open_warehouse
from sheets_addin.desired_state import DesiredState, build_desired_state
from sheets_addin.sync.sync import SyncJob, sync_one
from sheets_addin.workbook.model import column_letters
from sheets_addin.worksheets.usage import HEAD_ROW
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets_in_process import InProcess
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.config.loader import Config
    from core.warehouse.database import Warehouse
    from tests.fakes.sheets.book import Book, Sheet

SETTINGS = """
contract: {start: 2026-07-01, end: 2027-07-01, grants: [{credits: 60000, usd: 300, label: Order 1}]}
alerts: {levels: [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]}
teams: {Finance: {channels: [C0123ABCDEG], weekly_digest: Mon 08:00}}
"""
QUESTIONS = ("wallet", "usage by agent last 14 days", "alerts", "digests", "compare 10000 interactions 18 actions")
BEGIN, DAYS, KNOWN_DAYS = date(2026, 7, 1), 64, 45
OF_SYNCS = {"Log", "Sheet1"}


def mornings(folder: Path, warehouse: Warehouse, config: Config) -> Iterator[tuple[datetime, DesiredState]]:
    """Yield each morning after the day before was imported, alerts evaluated and, on Mondays, the digest issued."""
    for nth in range(DAYS):
        export, day = folder / f"{nth}.csv", BEGIN + timedelta(days=nth)
        write_events(export, 60, seed=nth, first_day=day, days=1)
        import_files(warehouse, [export], config.wallet)
        if nth >= KNOWN_DAYS:
            now = datetime.combine(day + timedelta(days=1), time(8), UTC)
            context = Context(now.date(), config, lambda: nullcontext(warehouse), has_warehouse=True)
            with warehouse.writing() as session:
                evaluate_alerts(session, context, now)
                if now.weekday() == 0:
                    issue_digest(session, context, config.teams[0], "weekly", now)
            yield now, build_desired_state(QUESTIONS, context)


def shown(book: Book) -> dict[str, Any]:
    """Return everything that our sheets show, without Google's ids."""
    titles = {str(sheet.id): sheet.title for sheet in book.sheets}
    names = {name["name"]: (titles[str(name["range"]["sheetId"])], _without_ids(name["range"])) for name in book.names}
    found = {"names": names} | {sheet.title: _on(sheet) for sheet in book.sheets if sheet.title not in OF_SYNCS}
    return found | {"Usage": _by_heading(book)}


def _by_heading(book: Book) -> dict[tuple[str, object, object], Any]:
    """Return the tables of Usage by table, day and name, with formulas replaced by what they sum up."""
    sheet = book.titled("Usage")
    assert sheet is not None
    filled = {place: cell["userEnteredValue"] for place, cell in sheet.cells.items() if "userEnteredValue" in cell}
    entered = {place: next(iter(value.values())) for place, value in filled.items()}
    (first, *others) = sorted(column for (row, column), value in entered.items() if row == HEAD_ROW and value == "Day")
    return {
        ("agent" if column < others[0] else "department", entered.get((row, first)), entered.get((HEAD_ROW, column))): value
        for (row, column), value in entered.items()
        if row > HEAD_ROW and not str(value).startswith("=")
    }


def _on(sheet: Sheet) -> dict[str, Any]:
    held = {place: cell for place, cell in sheet.cells.items() if cell.get("userEnteredValue") or cell.get("note")}
    frozen = {key: value for key, value in sheet.properties["gridProperties"].items() if key.startswith("frozen")}
    objects = {kind: sorted(json.dumps(_without_ids(one)) for one in found) for kind, found in sheet.objects.items()}
    return {"cells": held, "frozen": frozen, "lines": sheet.lines, **objects}


def _without_ids(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _without_ids(one) for key, one in sorted(value.items()) if not key.endswith("Id")}
    return [_without_ids(one) for one in value] if isinstance(value, list) else value


def test_kept_day_by_day_is_as_made_today(tmp_path: Path) -> None:
    """Days move on, alerts and digests arrive: cells, formats, names, charts, rules and protection equal a new spreadsheet's."""
    (tmp_path / "app.yaml").write_text(SETTINGS, encoding="utf-8")
    server = SheetsServer()
    gateway = InProcess(server.service)
    server.add_book("kept")
    with open_warehouse(tmp_path / "wallet.duckdb") as warehouse:
        for now, wanted in mornings(tmp_path, warehouse, load_config(tmp_path / "app.yaml")):
            server.add_book("new")
            states = [sync_one(gateway, SyncJob(book, book, wanted), now).state for book in ("kept", "new", "kept")]
            assert states == ["written", "written", "unchanged"], now
            assert shown(server.book("kept")) == shown(server.book("new")), now


def test_a_person_s_formula_keeps_its_meaning(tmp_path: Path) -> None:
    """While agents overtake each other, `=Usage!…*0.005` always prices the agent that it was written for."""
    (tmp_path / "app.yaml").write_text(SETTINGS, encoding="utf-8")
    server, agents = SheetsServer(), [f"Agent_{letter}" for letter in "ABCDEFGHIJKL"]
    gateway = InProcess(server.service)
    server.add_book("kept")
    with open_warehouse(tmp_path / "wallet.duckdb") as warehouse:
        wallet = SmallWallet(warehouse, tmp_path)
        for nth in range(20):
            day = BEGIN + timedelta(days=nth)
            wallet.events(
                *(
                    {
                        "rootresourceidorapiname__c": agent,
                        "eventtime__c": f"{day}T12:00:00.000Z",
                        "unitsconsumed__c": _credits(nth, at),
                    }
                    for at, agent in enumerate(agents)
                    if nth or at < 6
                )
            )
            now = datetime.combine(day + timedelta(days=1), time(8), UTC)
            context = Context(now.date(), load_config(tmp_path / "app.yaml"), lambda: nullcontext(warehouse), has_warehouse=True)
            outcome = sync_one(gateway, SyncJob("kept", "kept", build_desired_state(["usage by agent"], context)), now)
            assert outcome.troubles == []
            headings = _headings(server.book("kept"))
            if nth == 0:
                meant = {agent: headings[agent] for agent in agents[:6]}
                for row, (agent, letters) in enumerate(meant.items(), 1):
                    server.type_into("kept", f"Sheet1!A{row}", [agent, f"=Usage!{letters}{HEAD_ROW + 2}*0.005"])
            formulas = {
                row: next(iter(cell["userEnteredValue"].values()))
                for (row, column), cell in server.book("kept").sheets[0].cells.items()
                if column == 1
            }
            assert [f"=Usage!{headings[agent]}{HEAD_ROW + 2}*0.005" for agent in agents[:6]] == [
                formulas[row] for row in range(6)
            ]


def _credits(day: int, agent: int) -> int:
    """Return credits that make another agent the biggest each day."""
    return 20 * (1 + (agent * 5 + day * 7) % 12) * (day + 1)


def _headings(book: Book) -> dict[str, str]:
    """Return the column letters of each name in the first table of Usage."""
    sheet = book.titled("Usage")
    assert sheet is not None
    heads = {
        column: cell["userEnteredValue"]["stringValue"]
        for (row, column), cell in sorted(sheet.cells.items())
        if row == HEAD_ROW and "userEnteredValue" in cell
    }
    days = [column for column, head in heads.items() if head == "Day"]
    return {head: column_letters(column) for column, head in heads.items() if column < days[1]}
