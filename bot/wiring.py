"""Where the real parts are put together: configuration, clock, warehouse, surfaces.

The one module that knows both `bot` and `sheets_addin`, and is exempt from the rule that they do not meet.
"""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import Config, load_config
from core.errors import NothingImportedError, WarehouseBusyError
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
COMMAND_LINE, SLACK, WATCHED_FOLDER = "command line", "Slack", "watched folder"


class HeldByServiceError(WarehouseBusyError):
    """The running service holds the warehouse; it takes commands at `address`."""

    def __init__(self, busy: WarehouseBusyError, address: Path) -> None:
        """Say who holds it, and where it can be asked."""
        self.address = address
        super().__init__(busy.path, busy.holder)


def config_path(option: Path | None) -> Path | None:
    """Return the configuration to read: the option's, the environment's, app.yaml if there is one, else none."""
    named = option or os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    return DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None


def warehouse_path() -> Path:
    """Return the warehouse file: the environment's, else the default one."""
    return Path(os.environ.get(WAREHOUSE_VARIABLE) or DEFAULT_WAREHOUSE)


def context(config_option: Path | None = None, as_of: date | None = None) -> Context:
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
    """Give the warehouse, made if need be, waiting a little for another process to let go.

    Raises: HeldByServiceError, if that process is the service, which can be asked instead; WarehouseBusyError.
    """
    with shared_warehouse(warehouse_path()).opened() as warehouse:
        yield warehouse


@cache
def shared_warehouse(path: Path) -> SharedWarehouse:
    """Return what the threads of this process share a warehouse file by."""
    return SharedWarehouse(partial(_opened, path))


@contextmanager
def _opened(path: Path) -> Iterator[Warehouse]:
    from core.warehouse import open_warehouse  # noqa: PLC0415 - pricing questions load no DuckDB

    with ExitStack() as open_until_the_end:
        try:
            warehouse = open_until_the_end.enter_context(open_warehouse(path))
        except WarehouseBusyError as busy:
            _require_no_service(path, busy)
            warehouse = open_until_the_end.enter_context(open_warehouse(path, wait_seconds=WAIT_SECONDS))
        yield warehouse


def import_shared(paths: Sequence[Path], who: str, config_option: Path | None = None) -> Imported:
    """Import files that a member shared in Slack; their rejected rows go into a file beside the first.

    Raises: ExportError, if there was but one file and it is refused; MachineError.
    """
    from bot.slack.import_listeners import Imported  # noqa: PLC0415 - only the service has them loaded
    from bot.taking_in import take_in  # noqa: PLC0415
    from core.wallet.reject_file import write_rejects  # noqa: PLC0415

    rejects = paths[0].with_name(f"{paths[0].stem}.rejected.csv")
    with opened_warehouse() as warehouse:
        report = take_in(warehouse, paths, context(config_option), who=who, source=SLACK)
        count = write_rejects(warehouse, paths, rejects)
    return Imported(report.to_answer(), rejects if count else None)


def service_address(warehouse: Path) -> Path:
    """Return the local socket at which the service that holds a warehouse file takes commands."""
    return warehouse.with_name(f"{warehouse.name}.sock")


def _require_no_service(path: Path, busy: WarehouseBusyError) -> None:
    address = service_address(path)
    with socket.socket(socket.AF_UNIX) as caller:
        if caller.connect_ex(str(address)) == 0:
            raise HeldByServiceError(busy, address) from busy


def write_workbook(question: Question, of: Context, path: Path) -> None:
    """Write the question's workbook as .xlsx."""
    from sheets_addin.question_workbook import workbook_for  # noqa: PLC0415 - only a workbook loads its writer
    from sheets_addin.xlsx_writer import write_xlsx  # noqa: PLC0415

    write_xlsx(workbook_for(question, of), path)
