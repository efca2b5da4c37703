"""Where scheduled backups lie: named by when they were made, the newest few kept, in a folder or in a bucket."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from core.config import Bucket, bucket_of
from core.errors import ConfigError, InputError, MachineError
from core.maintenance.backup import ONE_BACKUP_AT_A_TIME, back_up, write_to_disk
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from core.warehouse import Warehouse

NAMED = re.compile(r"agentcost-(?P<made>\d{8}T\d{6}Z)\.duckdb")
FORM = "%Y%m%dT%H%M%SZ"
FOLDER_OF_OWNER = 0o700


class Place(Protocol):
    """A place for backups, by their names."""

    def address(self, name: str) -> str:
        """Return where a backup lies."""

    def names(self) -> Iterable[str]:
        """Return the names of everything there, of what is not ours too."""

    def names_lately(self) -> Iterable[str]:
        """Return the same as far as it was known within the last minutes."""

    def add(self, warehouse: Warehouse, name: str) -> None:
        """Write a checked backup of a warehouse."""

    def remove(self, name: str) -> None:
        """Remove a backup, if it is there."""

    def fetched(self, name: str, folder: Path) -> AbstractContextManager[Path]:
        """Give a backup as a file. folder: where it may be laid meanwhile."""


class FolderPlace:
    """A folder of backups."""

    def __init__(self, folder: Path) -> None:
        """Make nothing yet."""
        self._folder = folder

    def address(self, name: str) -> str:
        """Return the path of a backup."""
        return str(self._folder / name)

    def names(self) -> tuple[str, ...]:
        """Return the names of all files; none where there is no folder."""
        return tuple(file.name for file in self._folder.iterdir() if file.is_file()) if self._folder.is_dir() else ()

    names_lately = names

    def add(self, warehouse: Warehouse, name: str) -> None:
        """Write a checked backup of a warehouse. Raises: InputError, if it cannot be written; MachineError."""
        try:
            self._folder.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
        except OSError as trouble:
            raise InputError(f"The folder {self._folder} for backups cannot be made: {trouble.strerror}.") from trouble
        back_up(warehouse, self._folder / name)

    def remove(self, name: str) -> None:
        """Remove a backup, if it is there, and see that it is gone from the disk."""
        (self._folder / name).unlink(missing_ok=True)
        write_to_disk(self._folder)

    @contextmanager
    def fetched(self, name: str, folder: Path) -> Iterator[Path]:  # noqa: ARG002 - as Place has it
        """Give the file itself. Raises: InputError, if there is none."""
        if not (self._folder / name).is_file():
            raise InputError(f"There is no backup at {self._folder / name}.")
        yield self._folder / name


class Backup(NamedTuple):
    """A backup at its place. made: when, UTC."""

    place: Place
    name: str
    made: datetime

    def __str__(self) -> str:
        """Return where it lies."""
        return self.place.address(self.name)


def place_at(to: Path | Bucket) -> Place:
    """Return the place that app.yaml names. Raises: ConfigError or InputError, where a bucket lacks what it wants."""
    if isinstance(to, Bucket):
        from core.maintenance.bucket import BucketPlace  # noqa: PLC0415 - loads an extra

        return BucketPlace(to)
    return FolderPlace(to)


def newest_backup(to: Path | Bucket, *, lately: bool = False) -> datetime | None:
    """Return when the newest backup at a place was made; None where there is none.

    lately: whether it may be as it was a few minutes ago. Raises: MachineError, where a bucket cannot be asked.
    """
    place = place_at(to)
    return max(_made_by_name(place.names_lately() if lately else place.names()).values(), default=None)


def add_backup(warehouse: Warehouse, to: Path | Bucket, now: datetime, keep: int) -> str:
    """Write a checked backup to a place, remove all but the newest so many, and return where it lies.

    Raises: InputError or MachineError, if it cannot be written, or does not pass the checks: then none is removed.
    """
    place, name = place_at(to), f"agentcost-{now.astimezone(UTC).strftime(FORM)}.duckdb"
    with ONE_BACKUP_AT_A_TIME:
        place.add(warehouse, name)
        for old in list(_made_by_name(place.names()))[:-keep]:
            place.remove(old)
    return place.address(name)


def bucket_problems(to: Path | Bucket) -> Iterator[str]:
    """Yield what keeps backups from a bucket; nothing is written there. A folder has no such problems."""
    if isinstance(to, Bucket):
        try:
            place_at(to).names()
        except ConfigError as error:
            yield from error.problems
        except (InputError, MachineError) as error:
            yield str(error)


def backup_before(to: Path | Bucket, instant: datetime) -> Backup:
    """Return the newest backup made at or before an instant. Raises: InputError, if there is none."""
    place = place_at(to)
    before = [Backup(place, name, made) for name, made in _made_by_name(place.names()).items() if made <= instant]
    if not before:
        raise InputError(f"There is no backup in {to} that was made before {instant:%Y-%m-%d %H:%M} UTC.")
    return before[-1]


@contextmanager
def fetch_backup(address: str, folder: Path) -> Iterator[Path]:
    """Give the backup at an address, a path or s3://…, as a file. folder: where one out of a bucket may be laid meanwhile.

    Raises: InputError, if there is none; MachineError.
    """
    of, _, name = address.rpartition("/")
    bucket = bucket_of(of)
    if bucket is None:
        yield Path(address)
        return
    folder.mkdir(parents=True, exist_ok=True)
    with place_at(bucket).fetched(name, folder) as file:
        yield file


def _made_by_name(names: Iterable[str]) -> dict[str, datetime]:
    """Return when backups were made, by their names, oldest first; other names are not ours."""
    found = {name: _made(match["made"]) for name in names if (match := NAMED.fullmatch(name))}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _made(text: str) -> datetime:
    return datetime.strptime(text, FORM).replace(tzinfo=UTC)
