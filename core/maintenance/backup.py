"""A copy of the warehouse made while it is in use, and the way back."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.alerts import mark_for_recheck
from core.errors import InputError, MachineError, WarehouseBusyError
from core.wallet.ingest import require_checks
from core.warehouse import open_warehouse, write_ahead_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.warehouse import Warehouse


def back_up(warehouse: Warehouse, path: Path) -> None:
    """Write the warehouse as it stands into one new file, which is opened and checked before it gets its name.

    Reading goes on meanwhile; writing waits. Raises: InputError, if the file is there already or cannot be written;
    MachineError, if the copy does not pass the checks.
    """
    if path.exists():
        raise InputError(f"{path} is already there and was left as it is. Name another file: agentcost backup FILE.")
    with _half_done(path) as copy:
        try:
            warehouse.write_copy(copy)
        except OSError as trouble:
            raise InputError(f"{path} cannot be written: {trouble.strerror}.") from trouble
        _require_sound(copy)
        copy.rename(path)


def restore(path: Path, warehouse_file: Path) -> Path | None:
    """Put a backup in the warehouse's place; return where the one that was there lies now, None if there was none.

    The backup itself stays as it is. Raises: InputError, if there is no such backup; MachineError, if it is none or
    does not pass the checks; WarehouseBusyError, if a process holds the warehouse.
    """
    if not path.is_file():
        raise InputError(f"There is no backup at {path}.")
    warehouse_file.parent.mkdir(parents=True, exist_ok=True)
    with _half_done(warehouse_file) as copy, _nobody_else_in(warehouse_file):
        shutil.copyfile(path, copy)
        _require_sound(copy)
        with open_warehouse(copy) as warehouse, warehouse.writing() as session:
            mark_for_recheck(session)
        aside = _moved_aside(warehouse_file)
        copy.rename(warehouse_file)
    return aside


@contextmanager
def _half_done(path: Path) -> Iterator[Path]:
    """Give a name beside the path for what is not finished; nothing is left there in the end."""
    copy = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        yield copy
    finally:
        for left in (copy, write_ahead_log(copy)):
            left.unlink(missing_ok=True)


def _require_sound(copy: Path) -> None:
    with open_warehouse(copy) as warehouse, warehouse.reading() as session:
        require_checks(session)


@contextmanager
def _nobody_else_in(warehouse_file: Path) -> Iterator[None]:
    """Hold the warehouse; a damaged one, which cannot be opened, is held by nobody."""
    with ExitStack() as held:
        if warehouse_file.exists():
            try:
                held.enter_context(open_warehouse(warehouse_file))
            except WarehouseBusyError:
                raise
            except MachineError:
                pass
        yield


def _moved_aside(warehouse_file: Path) -> Path | None:
    if not warehouse_file.exists():
        return None
    aside = warehouse_file.with_name(f"{warehouse_file.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    log = write_ahead_log(warehouse_file)
    if log.exists():
        log.rename(write_ahead_log(aside))
    return warehouse_file.rename(aside)
