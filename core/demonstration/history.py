"""The fictional company's year in a warehouse: every export imported on its delivery day, with the alerts of that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from core.demonstration import company
from core.demonstration.exports import write_directory, write_exports
from core.ingestion import evaluate, ingest
from core.questions import ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.context import Context
    from core.warehouse import Warehouse

DECIDED_AT, KEPT_FORECASTS = time(6, 0), 4
WHO, SOURCE = "demonstration", "demonstration"
DIRECTORY = "users.csv"
CONFIGURATION_HEAD = "# The invented company of the demonstration."


def write_configuration(path: Path, last_day: date) -> None:
    """Write the company's app.yaml. Raises: OSError."""
    start = company.term_start(last_day)
    path.write_text(
        f"""\
{CONFIGURATION_HEAD}
time_zone: Europe/Berlin
users: {DIRECTORY}
contract:
  start: {start}
  end: {start + timedelta(days=company.TERM_DAYS)}
teams:
  FinOps:
    weekly_digest: Mon 08:00
    owner: Kim
  Service:
    departments: [Service]
    weekly_digest: Mon 08:00
    owner: Ada
budgets:
  - {{per: year, usd: 60000}}
  - {{department: Service, per: month, usd: 1800}}
  - {{department: Field Service, per: month, usd: 700}}
  - {{agent: Sales_SDR, per: quarter, credits: 400000, rollover: true}}
""",
        encoding="utf-8",
    )


def replay(
    warehouse: Warehouse, folder: Path, last_day: date, context: Context, progress: Callable[[int, int], None] | None = None
) -> int:
    """Write the company's files to a folder, import each on its delivery day, and return the number of new rows.

    Alerts are evaluated after each delivery, at an instant of its day, and once while exports are missing; forecasts are made
    at the last deliveries too, so that the scorecard has content.
    progress: called with the number of finished deliveries and the total. Raises: OSError, ExportError, MachineError.
    """
    write_directory(folder / DIRECTORY)
    deliveries = write_exports(folder, last_day)
    rows = 0
    for done, delivery in enumerate(deliveries, start=1):
        now = datetime.combine(delivery.day, DECIDED_AT, UTC)
        then = replace(context, as_of=delivery.day)
        report = ingest(warehouse, delivery.paths, then, who=WHO, source=SOURCE, clock=partial(_same, now))
        rows += report.total("rows_new")
        if (last_day - delivery.day).days == company.EXPORT_GAP - 1:
            later = now + timedelta(days=company.DAYS_WITHOUT_EXPORT)
            evaluate(warehouse, replace(context, as_of=later.date()), later)
        if done > len(deliveries) - KEPT_FORECASTS:
            ask("forecast", then)
        if progress:
            progress(done, len(deliveries))
    return rows


def _same(now: datetime) -> datetime:
    return now
