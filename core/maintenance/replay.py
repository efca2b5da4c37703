"""A warehouse as it was at an instant: the newest backup before, and the exports that came in since, where they were kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from core.errors import MachineError
from core.maintenance.backup import restore
from core.maintenance.backup_place import backup_before
from core.records import NamedTuple
from core.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from core.config import Bucket
    from core.maintenance.backup_place import Backup


class Restored(NamedTuple):
    """What was put in place, and what is to be imported to come to the instant.

    backup: where it lies, and when it was made. aside: where the warehouse before lies now; None if there was none.
    exports: kept files, in the order in which they came in. missing: names of files that came in and were not kept.
    is_known: whether the warehouse before could be asked what came in; else nobody knows.
    """

    backup: Backup
    aside: Path | None
    exports: tuple[Path, ...]
    missing: tuple[str, ...]
    is_known: bool


def restore_until(backups: Path | Bucket, warehouse_file: Path, instant: datetime, kept: Iterable[Path]) -> Restored:
    """Put the newest backup before an instant in the warehouse's place, and say which exports lead from there to the instant.

    kept: folders of exports that were imported. Raises: as `restore`; InputError, if there is no backup before.
    """
    backup = backup_before(backups, instant)
    with backup.place.fetched(backup.name, warehouse_file.expanduser().resolve().parent) as file:
        aside = restore(file, warehouse_file)
    if aside is None:
        return Restored(backup, None, (), (), is_known=False)
    try:
        with open_warehouse(aside) as before:
            came = before.query("imports_between", after=backup.made, until=instant)
    except MachineError:
        return Restored(backup, aside, (), (), is_known=False)
    files = {_sha256(path): path for folder in kept if folder.is_dir() for path in sorted(folder.iterdir()) if path.is_file()}
    wanted = {row["container_sha256"]: row["file_name"] for row in came}
    exports = tuple(files[sha256] for sha256 in wanted if sha256 in files)
    return Restored(backup, aside, exports, tuple(name for sha256, name in wanted.items() if sha256 not in files), is_known=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
