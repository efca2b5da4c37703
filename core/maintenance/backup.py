"""A copy of the warehouse made while it is in use, and the way back."""

from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.alerts import mark_for_recheck
from core.errors import InputError, MachineError, WarehouseBusyError
from core.paths import copy_file
from core.wallet.ingest import require_checks
from core.warehouse import hold_warehouse, lock_file, open_warehouse, write_ahead_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.warehouse import Warehouse

UNFINISHED = ".unfinished"
PROCESS = re.compile(r"\.(?P<pid>\d+)\.unfinished")

ONE_BACKUP_AT_A_TIME = threading.RLock()
"""Two of one process would otherwise write into the same unfinished file, or remove each other's."""

_at_work: set[str] = set()


def back_up(warehouse: Warehouse, path: Path) -> None:
    """Write the warehouse as it stands into one new file, which is opened and checked before it gets its name.

    Reading goes on meanwhile; writing waits. Both the file and its name are on the disk at the end.
    Raises: InputError, if the file is there already or cannot be written; MachineError, if the copy does not pass the checks.
    """
    with ONE_BACKUP_AT_A_TIME:
        if path.exists():
            raise InputError(f"{path} already exists and was not changed. Name another file: agentcost backup FILE.")
        remove_unfinished(path.parent)
        with half_done(path) as copy:
            try:
                warehouse.write_copy(copy)
                _require_sound(copy)
                _name_for_good(copy, path)
            except OSError as trouble:
                raise InputError(f"{path} cannot be written: {trouble.strerror}.") from trouble


def restore(path: Path, warehouse_file: Path) -> Path | None:
    """Put a backup in the warehouse's place; return where the one that was there lies now, None if there was none.

    The backup itself stays as it is. Raises: InputError, if there is no such backup; MachineError, if it is none or
    does not pass the checks; WarehouseBusyError, if a process holds the warehouse.
    """
    if not path.is_file():
        raise InputError(f"There is no backup at {path}.")
    warehouse_file = warehouse_file.expanduser().resolve()
    warehouse_file.parent.mkdir(parents=True, exist_ok=True)
    with hold_warehouse(warehouse_file), half_done(warehouse_file) as copy:
        _require_nobody_in(warehouse_file)
        remove_unfinished(warehouse_file.parent)
        try:
            copy_file(path, copy)
            _require_sound(copy)
            with open_warehouse(copy) as warehouse, warehouse.writing() as session:
                mark_for_recheck(session)
            aside = _put_in_place(copy, warehouse_file)
        except OSError as trouble:
            raise MachineError(f"{warehouse_file} cannot be written: {trouble.strerror}.") from trouble
    return aside


def remove_unfinished(folder: Path) -> None:
    """Remove what a backup or restore that was killed left in a folder; what a living process is at stays."""
    for path in folder.glob(f"*{UNFINISHED}*"):
        found = PROCESS.search(path.name)
        if found and not _is_at_work(int(found["pid"]), path.name):
            path.unlink(missing_ok=True)


def _is_at_work(pid: int, name: str) -> bool:
    if pid == os.getpid():  # in a container the one that was killed had the same number
        return any(name.startswith(mine) for mine in _at_work)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def half_done(path: Path) -> Iterator[Path]:
    """Give a name beside the path for what is not finished; nothing is left there in the end."""
    copy = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    _at_work.add(copy.name)
    try:
        yield copy
    finally:
        _at_work.discard(copy.name)
        for left in (copy, write_ahead_log(copy), lock_file(copy)):
            left.unlink(missing_ok=True)


def _name_for_good(copy: Path, path: Path) -> None:
    """Give a file its name, so that neither is lost with the power."""
    write_to_disk(copy)
    copy.rename(path)
    write_to_disk(path.parent)


def write_to_disk(path: Path) -> None:
    """Return once the content of a file or folder is on the disk. Raises: OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _require_sound(copy: Path) -> None:
    with open_warehouse(copy) as warehouse, warehouse.reading() as session:
        require_checks(session)


def _require_nobody_in(warehouse_file: Path) -> None:
    """Raise WarehouseBusyError, if a program that knows nothing of our lock has the file; a damaged one nobody has."""
    if warehouse_file.exists():
        try:
            with open_warehouse(warehouse_file):
                pass
        except WarehouseBusyError:
            raise
        except MachineError:
            pass


def _put_in_place(copy: Path, warehouse_file: Path) -> Path | None:
    """Put the copy in the warehouse's place, which is never empty meanwhile; return where the one before lies now."""
    aside = _keep_aside(warehouse_file) if warehouse_file.exists() else None
    _name_for_good(copy, warehouse_file)
    return aside


def _keep_aside(warehouse_file: Path) -> Path:
    aside = warehouse_file.with_name(f"{warehouse_file.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    log = write_ahead_log(warehouse_file)
    if log.exists():  # only a damaged one still has a log; a sound one was closed just now
        log.rename(write_ahead_log(aside))
    try:
        aside.hardlink_to(warehouse_file)
    except OSError:  # a file system without second names
        warehouse_file.rename(aside)
    return aside
