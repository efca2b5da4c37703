"""`backup` and `restore`: the warehouse in one file, made while it is in use, and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import say
from core.errors import InputError, WarehouseBusyError
from core.maintenance import back_up
from core.maintenance import restore as put_back

if TYPE_CHECKING:
    from argparse import Namespace


def backup(options: Namespace) -> None:
    """Write a copy of the warehouse and say where. Raises: InputError, if the file is there; MachineError."""
    with wiring.open_for_questions() as warehouse:
        back_up(warehouse, options.path)
    say(f"Wrote {options.path}. Put it back with: agentcost restore {options.path}")


def restore(options: Namespace) -> None:
    """Put a backup in the warehouse's place, and say where the old one lies. Raises: InputError, MachineError."""
    path = wiring.warehouse_path()
    try:
        aside = put_back(options.path, path)
    except WarehouseBusyError as busy:
        raise InputError(f"{busy.path} is in use by {busy.holder}. Stop it, restore, and start it again.") from busy
    say(f"{path} is as it was in {options.path}." + (f" The one before lies at {aside}." if aside else ""))
