"""Where this process finds its configuration, its warehouse and the service that holds it: enough to forward a question."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.warehouse import local_path, read_address

if TYPE_CHECKING:
    from core.warehouse import PostgresAddress

CONFIG_VARIABLE, WAREHOUSE_VARIABLE = "AGENTCOST_CONFIG", "AGENTCOST_WAREHOUSE"
DEFAULT_CONFIG, DEFAULT_WAREHOUSE = Path("app.yaml"), Path("var/agentcost.duckdb")


def config_path(option: Path | None) -> Path | None:
    """Return the configuration to read: the option's, the environment's, app.yaml if there is one, else none."""
    named = option or os.environ.get(CONFIG_VARIABLE)
    if named:
        return _path(named)
    return DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None


@cache
def _path(named: str | Path) -> Path:
    """Return the path, made once: the service looks at it with every request."""
    return Path(named)


def warehouse_address() -> Path | PostgresAddress:
    """Return the warehouse, a file or a database: the environment's, else the default file."""
    return read_address(os.environ.get(WAREHOUSE_VARIABLE) or str(DEFAULT_WAREHOUSE))


def warehouse_path() -> Path:
    """Return the warehouse file; of a database, the place beside which this machine keeps what belongs to it."""
    address = warehouse_address()
    return address if isinstance(address, Path) else local_path(address)


def is_in_postgres() -> bool:
    """Whether the warehouse is a database that several machines may share."""
    return not isinstance(warehouse_address(), Path)


def service_address(warehouse: Path) -> Path:
    """Return the local socket at which the service that holds a warehouse file takes commands."""
    return warehouse.with_name(f"{warehouse.name}.sock")


def find_local_service() -> Path | None:
    """Return the socket of the service that runs on this machine for the warehouse, None where nobody listens."""
    address = service_address(warehouse_path())
    if not address.exists():
        return None
    import socket  # noqa: PLC0415 - only where a service runs, or was killed

    with socket.socket(socket.AF_UNIX) as caller:
        return address if caller.connect_ex(str(address)) == 0 else None
