"""`backup` and `restore`: the warehouse in one file, made while it is in use, and put back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import say
from core.errors import InputError, WarehouseBusyError
from core.maintenance import add_backup, back_up
from core.maintenance import restore as put_back

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from core.warehouse import Warehouse


def backup(options: Namespace) -> None:
    """Write a copy of the warehouse and say where. Raises: InputError, if the file is there; MachineError.

    Without a name it goes where app.yaml says, as if its time had come.
    """
    with wiring.open_for_questions() as warehouse:
        path = options.path or _add_scheduled(options, warehouse)
        if options.path:
            back_up(warehouse, path)
    say(f"Wrote {path}. Put it back with: agentcost restore {path}")


def _add_scheduled(options: Namespace, warehouse: Warehouse) -> Path:
    settings = wiring.context(options.config).config.backup
    if settings is None:
        raise InputError("Name a file: agentcost backup FILE. Or say in app.yaml where backups go: backup: {to: backups}.")
    return add_backup(warehouse, settings.to, datetime.now(UTC), settings.keep)


def restore(options: Namespace) -> None:
    """Put a backup in the warehouse's place, and say where the old one lies. Raises: InputError, MachineError."""
    path = wiring.warehouse_path()
    try:
        aside = put_back(options.path, path)
    except WarehouseBusyError as busy:
        raise InputError(f"{busy.path} is in use by {busy.holder}. Stop it, restore, and start it again.") from busy
    say(f"{path} is as it was in {options.path}." + (f" The one before lies at {aside}." if aside else ""))
