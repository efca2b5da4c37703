"""Where the real parts are put together: configuration, clock, warehouse, surfaces.

The one module that knows both `bot` and `sheets_addin`, and is exempt from the rule that they do not meet.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import Config, load_config
from core.errors import NothingImportedError
from core.questions.context import Context
from core.shared_warehouse import SharedWarehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bot.slack.import_listeners import Imported
    from core.questions.question import Question
    from core.warehouse import Warehouse

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
    """Give the warehouse to ask. Raises: NothingImportedError; WarehouseBusyError."""
    path = warehouse_path()
    if not path.exists():
        raise NothingImportedError(
            f"Nothing is imported yet: there is no warehouse at {path}. Import an export first: agentcost import FILE."
        )
    with opened_warehouse() as warehouse:
        yield warehouse


@contextmanager
def opened_warehouse() -> Iterator[Warehouse]:
    """Give the warehouse, made if need be, waiting a little for another process to let go. Raises: WarehouseBusyError."""
    with shared_warehouse(warehouse_path()).opened() as warehouse:
        yield warehouse


@cache
def shared_warehouse(path: Path) -> SharedWarehouse:
    """Return what the threads of this process share a warehouse file by."""
    from core.warehouse import open_warehouse  # noqa: PLC0415 - pricing questions load no DuckDB

    return SharedWarehouse(partial(open_warehouse, path, wait_seconds=WAIT_SECONDS))


def import_shared(paths: Sequence[Path], config_option: str | None = None) -> Imported:
    """Import files that were shared in Slack; their rejected rows go into a file beside the first.

    Raises: ExportError, if there was but one file and it is refused; MachineError.
    """
    from bot.slack.import_listeners import Imported  # noqa: PLC0415 - only the service has them loaded
    from core.wallet.importer import import_files  # noqa: PLC0415
    from core.wallet.reject_file import write_rejects  # noqa: PLC0415

    rejects = paths[0].with_name(f"{paths[0].stem}.rejected.csv")
    with opened_warehouse() as warehouse:
        report = import_files(warehouse, paths, load_config(config_path(config_option)).wallet)
        count = write_rejects(warehouse, paths, rejects)
    return Imported(report.to_answer(), rejects if count else None)


def write_workbook(question: Question, of: Context, path: Path) -> None:
    """Write the question's workbook as .xlsx."""
    from sheets_addin.question_workbook import workbook_for  # noqa: PLC0415 - only a workbook loads its writer
    from sheets_addin.xlsx_writer import write_xlsx  # noqa: PLC0415

    write_xlsx(workbook_for(question, of), path)
