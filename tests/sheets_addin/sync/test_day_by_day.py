"""A spreadsheet that is brought up to date each day is, on each day, as one that is made on that day."""

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
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets_in_process import InProcess

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
    """Yield each morning after the day before was imported, alerts decided and, on Mondays, the digest issued."""
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
    """Return all that our sheets hold and show, whatever Google's ids are."""
    titles = {str(sheet.id): sheet.title for sheet in book.sheets}
    names = {name["name"]: (titles[str(name["range"]["sheetId"])], _without_ids(name["range"])) for name in book.names}
    return {"names": names} | {sheet.title: _on(sheet) for sheet in book.sheets if sheet.title not in OF_SYNCS}


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
    """Days roll, alerts and digests come: cells, formats, names, charts, rules and protection are those of a new spreadsheet."""
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
