"""`backup`, `restore` and `migrate-warehouse`: the warehouse in one file, restored, and moved to or from PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

from bot import locations, wiring
from bot.cli.console import ANSWERED, INPUT_AT_FAULT, complain, say
from bot.cli.runner import print_answer
from core.answer import group_digits, number
from core.errors import InputError, WarehouseBusyError
from core.ingestion import ingest
from core.maintenance import add_backup, back_up, fetch_backup, kept_exports, migrate_warehouse, restore_until
from core.maintenance import restore as put_back
from core.warehouse import read_address

if TYPE_CHECKING:
    from argparse import Namespace

    from core.warehouse import Warehouse


TAKEN = "done"


def backup(options: Namespace) -> None:
    """Write a copy of the warehouse and say where. Raises: InputError, if the file exists; MachineError.

    Without a name it goes where app.yaml says, as a scheduled backup would.
    """
    with wiring.open_for_questions() as warehouse:
        path = options.path or _add_scheduled(options, warehouse)
        if options.path:
            back_up(warehouse, options.path)
    say(f"Wrote {path}. Restore it with: agentcost restore {path}")


def _add_scheduled(options: Namespace, warehouse: Warehouse) -> str:
    settings = wiring.context(options.config).config.backup
    if settings is None:
        raise InputError("Name a file: agentcost backup FILE. Or say in app.yaml where backups go: backup: {to: backups}.")
    return add_backup(warehouse, settings.to, datetime.now(UTC), settings.keep)


def restore(options: Namespace) -> int:
    """Replace the warehouse with a backup, and say where the old one is; return 2 if not everything could be restored.

    Raises: InputError, MachineError.
    """
    if locations.is_in_postgres():
        address = locations.warehouse_address()
        raise InputError(f"{address} is restored with PostgreSQL's own tools: pg_restore, or your provider's snapshots.")
    path = locations.warehouse_path()
    try:
        if options.until:
            return _restore_until(options, path)
        with fetch_backup(options.path, path.absolute().parent) as file:
            aside = put_back(file, path)
    except WarehouseBusyError as busy:
        raise InputError(f"{busy.path} is in use by {busy.holder}. Stop it, restore, and start it again.") from busy
    say(f"{path} is as it was in {options.path}." + (f" The previous one is at {aside}." if aside else ""))
    return ANSWERED


def _restore_until(options: Namespace, path: Path) -> int:
    """Restore the newest backup before an instant, and import the kept exports up to then."""
    context = wiring.context(options.config)
    settings, watched = context.config.backup, context.config.service.watched_folder
    if settings is None:
        raise InputError("app.yaml names no place for backups (backup: {to: backups}), so name a file: agentcost restore FILE.")
    until = options.until if options.until.tzinfo else options.until.replace(tzinfo=context.config.zone)
    restored = restore_until(settings.to, path, until.astimezone(UTC), kept_exports(watched, TAKEN))
    say(f"{path} is as it was in {restored.backup}." + (f" The previous one is at {restored.aside}." if restored.aside else ""))
    if restored.exports:
        with wiring.open_for_writing() as warehouse:
            report = ingest(warehouse, restored.exports, context, who=getuser(), source=wiring.COMMAND_LINE)
        print_answer(report.to_answer(), options)
    if not restored.is_known:
        complain(
            "What was imported after this backup is unknown: the previous warehouse cannot be read. Import the exports again."
        )
    for name in restored.missing:
        complain(f"{name} was imported after this backup and not kept. Import it again: agentcost import FILE.")
    return ANSWERED if restored.is_known and not restored.missing else INPUT_AT_FAULT


def migrate(options: Namespace) -> None:
    """Copy the warehouse from a file into a database, or back, and print a summary. Raises: InputError, MachineError."""
    source, target = read_address(options.source), read_address(options.target)
    if isinstance(source, Path) and not source.exists():
        raise InputError(f"There is no warehouse at {source}.")
    try:
        copied = migrate_warehouse(source, target)
    except WarehouseBusyError as busy:
        raise InputError(
            f"{busy.path} is in use by {busy.holder}. Stop it first: what it writes meanwhile would be lost."
        ) from busy
    say(
        f"{target} holds what {source} does: {group_digits(copied.rows)} rows of {copied.tables} tables, "
        f"{number(copied.credits)} credits."
        f" Every cell was compared. To use it: {locations.WAREHOUSE_VARIABLE}={target}"
    )
