"""Who holds a warehouse: a lock file of its own, locked from opening to closing.

DuckDB locks the warehouse file itself, but with POSIX record locks, which are released when the process closes any descriptor of
that file. `flock` on a file that nobody else opens ends only with the process or on release.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.errors import MachineError, WarehouseBusyError
from core.paths import OWNER_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHERS = 0o077
RECORD_BYTES = 256
"""The record has a fixed length from the start, so that a full disk does not prevent taking the lock again."""


class WarehouseLock:
    """A lock file that this process holds, exclusively for writing or shared for reading.

    epoch: one more than that of the holder before; 0 for readers, who write nothing into the file.
    """

    def __init__(self, file: Path, *, is_shared: bool) -> None:
        """Take the lock of a warehouse file. Raises: WarehouseBusyError; MachineError, if there can be no lock file."""
        self.warehouse, self.path, self.is_shared = file, lock_file(file), is_shared
        self.users = 0
        self._descriptor = self._take()
        self.epoch = 0 if self._descriptor is None or is_shared else self._enter(self._descriptor)

    def require_held(self) -> None:
        """Raise MachineError, if the lock file is no longer the one that was locked, or names another holder."""
        if self._descriptor is None or self.is_shared:
            raise MachineError(f"{self.warehouse} is open for reading only.")
        is_same_file = _identity(self.path) == _identity(self._descriptor)
        if not is_same_file or _read(self._descriptor).get("epoch") != self.epoch:
            raise MachineError(
                f"{self.path} was removed or taken over while this process held {self.warehouse}, so nothing was written. "
                "Stop every agentcost on this warehouse and start one again."
            )

    def release(self) -> None:
        """Release. The file stays: removing it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.close(self._descriptor)

    def _take(self) -> int | None:
        """Return the locked descriptor; None for a reader where no lock file can be made, as on a medium for reading only."""
        while True:
            descriptor = self._open()
            if descriptor is None:
                return None
            try:
                fcntl.flock(descriptor, (fcntl.LOCK_SH if self.is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = _holder(_read(descriptor))
                os.close(descriptor)
                raise WarehouseBusyError(self.warehouse, holder) from None
            except OSError as trouble:
                os.close(descriptor)
                raise MachineError(f"{self.path} cannot be locked: {trouble.strerror}.") from trouble
            if _identity(descriptor) == _identity(self.path):
                return descriptor
            os.close(descriptor)  # somebody removed it between our opening and locking it

    def _open(self) -> int | None:
        access = os.O_RDONLY if self.is_shared else os.O_RDWR
        try:
            return os.open(self.path, access | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, OWNER_ONLY)
        except OSError as trouble:
            if self.is_shared:
                return None
            raise MachineError(
                f"{self.path}, by which {self.warehouse} is held, cannot be opened: {trouble.strerror}."
            ) from trouble

    def _enter(self, descriptor: int) -> int:
        """Record the new holder, and return the epoch."""
        epoch = int(_read(descriptor).get("epoch", 0)) + 1
        record = {"pid": os.getpid(), "epoch": epoch, "since": datetime.now(UTC).isoformat(timespec="seconds")}
        try:
            os.pwrite(descriptor, json.dumps(record).ljust(RECORD_BYTES - 1).encode() + b"\n", 0)
        except OSError as trouble:
            os.close(descriptor)
            raise MachineError(f"{self.path} cannot be written: {trouble.strerror}.") from trouble
        return epoch


_held: dict[tuple[int, Path], WarehouseLock] = {}
_taking = threading.Lock()
_usual_mask: list[int] = []


@contextmanager
def hold_warehouse(file: Path, *, is_shared: bool = False) -> Iterator[WarehouseLock]:
    """Hold a warehouse until the end of the block; reentrant within a process.

    Files created meanwhile are readable only by the owner. is_shared: with other readers, which a writer waits for. Raises:
    WarehouseBusyError, if another process holds it, or this one the other way; MachineError.
    """
    lock = _join(file, is_shared=is_shared)
    try:
        yield lock
    finally:
        _leave(file, lock)


def lock_file(file: Path) -> Path:
    """Return the lock file beside a warehouse."""
    return file.with_name(f"{file.name}.lock")


def is_held(path: Path) -> bool:
    """Return whether a path leads to a warehouse that this process holds; nothing else may then open that file."""
    found = _identity(path)
    with _taking:
        return found is not None and any(pid == os.getpid() and _identity(file) == found for pid, file in _held)


def _join(file: Path, *, is_shared: bool) -> WarehouseLock:
    with _taking:
        lock = _held.get((os.getpid(), file))
        if lock is None:
            lock = WarehouseLock(file, is_shared=is_shared)
            if not _held:
                _usual_mask.append(os.umask(OTHERS))
            _held[os.getpid(), file] = lock
        elif lock.is_shared != is_shared:
            raise WarehouseBusyError(file, "this process, which opened it another way")
        lock.users += 1
        return lock


def _leave(file: Path, lock: WarehouseLock) -> None:
    with _taking:
        lock.users -= 1
        if not lock.users:
            del _held[os.getpid(), file]
            lock.release()
            if not _held:
                os.umask(_usual_mask.pop())


def _read(descriptor: int) -> dict[str, Any]:
    try:
        record = json.loads(os.pread(descriptor, RECORD_BYTES, 0) or b"{}")
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _holder(record: dict[str, Any]) -> str:
    """Return who holds a lock by its record; a record whose writer is gone says nothing of the readers that hold it now."""
    try:
        os.kill(int(record["pid"]), 0)
    except (KeyError, ProcessLookupError):
        return "another process"
    except PermissionError:
        pass
    return f"agentcost (process {record['pid']})"


def _identity(place: Path | int) -> tuple[int, int] | None:
    """Return a file's identity, without opening it; None if there is none."""
    try:
        found = os.stat(place)  # noqa: PTH116 - of a descriptor too
    except OSError:
        return None
    return found.st_dev, found.st_ino
