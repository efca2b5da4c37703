"""Where the real parts are put together: configuration, clock, warehouse, surfaces.

The one module that knows both `bot` and `sheets_addin`, and is exempt from the rule that they do not meet.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import Config, load_config
from core.errors import AgentcostError, InputError
from core.questions.context import Context

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from core.answer import Answer
    from core.spreadsheets import SpreadsheetSaid
    from core.warehouse import Warehouse
    from sheets_addin.sync import Job

CONFIG_VARIABLE, WAREHOUSE_VARIABLE = "AGENTCOST_CONFIG", "AGENTCOST_WAREHOUSE"
DEFAULT_CONFIG, DEFAULT_WAREHOUSE = Path("app.yaml"), Path("var/agentcost.duckdb")
WAIT_SECONDS = 10.0


def config_path(option: str | None) -> Path | None:
    """Return the configuration to read: the option's, the environment's, app.yaml if there is one, else none."""
    named = option or os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    return DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None


def warehouse_path() -> Path:
    """Return the warehouse file: the environment's, else the default one."""
    return Path(os.environ.get(WAREHOUSE_VARIABLE) or DEFAULT_WAREHOUSE)


def context(config_option: str | None = None, as_of: date | None = None) -> Context:
    """Return what answers rest on here and now. Raises: ConfigError."""
    config = load_config(config_path(config_option))
    return Context(as_of or today(config), config, asked_warehouse, has_warehouse=warehouse_path().exists())


def today(config: Config) -> date:
    """Return the day in the team's time zone."""
    return datetime.now(config.zone).date()


@contextmanager
def asked_warehouse() -> Iterator[Warehouse]:
    """Give the warehouse to ask. Raises: InputError, if nothing was ever imported; WarehouseBusyError."""
    path = warehouse_path()
    if not path.exists():
        raise InputError(
            f"Nothing is imported yet: there is no warehouse at {path}. Import an export first: agentcost import FILE."
        )
    with opened_warehouse() as warehouse:
        yield warehouse


@contextmanager
def opened_warehouse() -> Iterator[Warehouse]:
    """Give the warehouse, made if need be, waiting a little for another process to let go. Raises: WarehouseBusyError."""
    from core.warehouse import open_warehouse  # noqa: PLC0415 - pricing questions load no DuckDB

    with open_warehouse(warehouse_path(), wait_seconds=WAIT_SECONDS) as warehouse:
        yield warehouse


def write_workbook(questions: Sequence[str], of: Context, path: Path) -> None:
    """Write the questions' workbook as .xlsx; the wallet's worksheets too, where anything was imported. Raises: InputError."""
    from sheets_addin.spreadsheet_workbook import workbook_of  # noqa: PLC0415 - only a workbook loads its writer
    from sheets_addin.xlsx_writer import write_xlsx  # noqa: PLC0415

    write_xlsx(workbook_of(questions, of), path)


def synced_spreadsheets(
    said: Sequence[SpreadsheetSaid], of: Context, *, dry_run: bool = False
) -> tuple[Answer, list[AgentcostError]]:
    """Bring spreadsheets up to date; return the report and every trouble. Raises: ConfigError, without a service account."""
    from sheets_addin import sync, sync_report  # noqa: PLC0415 - only a sync loads them
    from sheets_addin.google import google_from_environment  # noqa: PLC0415
    from sheets_addin.limiter import Limiter  # noqa: PLC0415

    google = google_from_environment(Limiter())
    jobs = [spreadsheet_job(one, of) for one in said]
    outcomes = sync.sync_all(google, jobs, datetime.now(UTC).replace(microsecond=0), dry_run=dry_run)
    return sync_report.report(outcomes, of.as_of, dry_run=dry_run), [error for one in outcomes for error in one.troubles]


def spreadsheet_job(said: SpreadsheetSaid, of: Context) -> Job:
    """Return what a spreadsheet of app.yaml should hold, or the trouble that keeps us from knowing."""
    from sheets_addin.spreadsheet_workbook import desired  # noqa: PLC0415 - only a sync loads it
    from sheets_addin.sync import Job  # noqa: PLC0415
    from sheets_addin.wallet_workbook import Scope  # noqa: PLC0415

    restores = said.on_edit == "restore"
    try:
        wanted = desired(said.questions, of, Scope(said.org, said.departments, said.agents), said.name)
    except AgentcostError as error:
        return Job(said.id, said.name, error, restores)
    return Job(said.id, said.name, wanted, restores)


def spreadsheet_problems(config: Config) -> Iterator[str]:
    """Yield what is missing before spreadsheets can be synced: the key, and questions that show something."""
    from core.errors import ConfigError  # noqa: PLC0415 - only the doctor asks
    from sheets_addin.google import google_from_environment  # noqa: PLC0415
    from sheets_addin.limiter import Limiter  # noqa: PLC0415
    from sheets_addin.spreadsheet_workbook import check_questions  # noqa: PLC0415

    try:
        google_from_environment(Limiter())
    except ConfigError as error:
        yield from error.problems
    for one in config.spreadsheets:
        try:
            check_questions(one.questions)
        except InputError as error:
            yield f"app.yaml: spreadsheets, {one.name}: {error}"
