"""Where the real parts are put together: configuration, clock, warehouse, surfaces.

The one module that knows both `bot` and `sheets_addin`, and is exempt from the rule that they do not meet.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import Config, load_config
from core.errors import InputError
from core.questions.context import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from datetime import date

    from starlette.applications import Starlette

    from core.questions.question import Question
    from core.warehouse import Warehouse
    from sheets_addin.api.asking import Now
    from sheets_addin.api.tokens import TokenStore

CONFIG_VARIABLE, WAREHOUSE_VARIABLE = "AGENTCOST_CONFIG", "AGENTCOST_WAREHOUSE"
CERTIFICATES_VARIABLE, TOKENS_FILE = "AGENTCOST_GOOGLE_CERTS_URL", "sheet_tokens.json"
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


def write_workbook(question: Question, of: Context, path: Path) -> None:
    """Write the question's workbook as .xlsx."""
    from sheets_addin.question_workbook import workbook_for  # noqa: PLC0415 - only a workbook loads its writer
    from sheets_addin.xlsx_writer import write_xlsx  # noqa: PLC0415

    write_xlsx(workbook_for(question, of), path)


def token_store() -> TokenStore:
    """Return the tokens of spreadsheets, which stand in a file beside the warehouse."""
    from sheets_addin.api.tokens import TokenStore  # noqa: PLC0415 - as above

    return TokenStore(warehouse_path().with_name(TOKENS_FILE))


def formula_api(config_option: str | None, refresh: Callable[[str], str] | None = None) -> Starlette:
    """Return the formula API as an ASGI application. refresh: writes a spreadsheet anew, and says what came of it."""
    from sheets_addin.api.app import FormulaApi, create_app  # noqa: PLC0415 - as above
    from sheets_addin.api.auth import Doorkeeper  # noqa: PLC0415
    from sheets_addin.api.identity import GOOGLE_CERTS, Certificates  # noqa: PLC0415

    certificates = Certificates(os.environ.get(CERTIFICATES_VARIABLE) or GOOGLE_CERTS)
    return create_app(FormulaApi(Moment(config_option).now, Doorkeeper(token_store(), certificates), refresh))


class Moment:
    """What answers rest on right now, read again only where a file has changed."""

    def __init__(self, config_option: str | None) -> None:
        """Read nothing yet."""
        self._config_option = config_option
        self._warehouse = str(warehouse_path())
        self._read: tuple[Hashable, Config] | None = None

    def now(self) -> Now:
        """Return the context, and a stamp of the day and of the state of every file that it rests on. Raises: ConfigError."""
        from sheets_addin.api.asking import Now  # noqa: PLC0415 - as above

        path = config_path(self._config_option)
        state = _state(str(path)) if path else None
        if self._read is None or self._read[0] != state:
            self._read = state, load_config(path)
        config, stored = self._read[1], _state(self._warehouse)
        day = today(config)
        context = Context(day, config, asked_warehouse, has_warehouse=stored is not None)
        return Now(context, (day, state, stored, _state(f"{self._warehouse}.wal")))


def _state(path: str) -> Hashable:
    """Return what tells one state of a file from another; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked with every request, and a Path takes twice as long
    except OSError:
        return None
    return path, found.st_mtime_ns, found.st_size, found.st_ino
