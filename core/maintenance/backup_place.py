"""The folder of scheduled backups: named by when they were made, the newest few kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.errors import InputError
from core.maintenance.backup import back_up, write_to_disk

if TYPE_CHECKING:
    from pathlib import Path

    from core.warehouse import Warehouse

NAMED = re.compile(r"agentcost-(?P<made>\d{8}T\d{6}Z)\.duckdb")
FORM = "%Y%m%dT%H%M%SZ"
FOLDER_OF_OWNER = 0o700


def backups_in(folder: Path) -> dict[datetime, Path]:
    """Return the backups in a folder by the instant when they were made, oldest first; other files are not ours."""
    files = folder.iterdir() if folder.is_dir() else ()
    found = {_made(match["made"]): file for file in files if (match := NAMED.fullmatch(file.name)) and file.is_file()}
    return dict(sorted(found.items()))


def newest_backup(folder: Path) -> datetime | None:
    """Return when the newest backup in a folder was made; None where there is none."""
    return max(backups_in(folder), default=None)


def add_backup(warehouse: Warehouse, folder: Path, now: datetime, keep: int) -> Path:
    """Write a checked backup into a folder, remove all but the newest so many, and return where it lies.

    Raises: InputError, if it cannot be written; MachineError, if it does not pass the checks: then none is removed.
    """
    path = folder / f"agentcost-{now.astimezone(UTC).strftime(FORM)}.duckdb"
    try:
        folder.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
    except OSError as trouble:
        raise InputError(f"The folder {folder} for backups cannot be made: {trouble.strerror}.") from trouble
    back_up(warehouse, path)
    for old in list(backups_in(folder).values())[:-keep]:
        old.unlink(missing_ok=True)
    write_to_disk(folder)
    return path


def backup_before(folder: Path, instant: datetime) -> Path:
    """Return the newest backup made at or before an instant. Raises: InputError, if there is none."""
    made = [when for when in backups_in(folder) if when <= instant]
    if not made:
        raise InputError(f"There is no backup in {folder} that was made before {instant:%Y-%m-%d %H:%M} UTC.")
    return backups_in(folder)[made[-1]]


def made_at(backup: Path) -> datetime:
    """Return when a backup of a backup folder was made. Raises: InputError, for another file."""
    match = NAMED.fullmatch(backup.name)
    if match is None:
        raise InputError(f"{backup} is no scheduled backup: its name does not say when it was made.")
    return _made(match["made"])


def _made(text: str) -> datetime:
    return datetime.strptime(text, FORM).replace(tzinfo=UTC)
