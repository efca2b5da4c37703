"""A small text that is kept beside the warehouse, such as the tokens of spreadsheets: read often, seldom changed."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from core.errors import MachineError
from core.paths import OWNER_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class KeptText(Protocol):
    """A text that any process can change; `str()` says where it is. may_block: whether reading can take seconds."""

    may_block: bool

    def read(self) -> str | None:
        """Return the text, the same object until it is changed; None if there is none. Raises: MachineError."""

    def change(self, make: Callable[[str | None], str]) -> str:
        """Put what `make` returns in the text's place, and return it; nobody else changes the text meanwhile.

        Raises: MachineError; whatever `make` does.
        """

    def close(self) -> None:
        """Let go of what reading took, such as a connection."""


class FileText:
    """A text in a file that only its owner can read."""

    may_block = False

    def __init__(self, path: Path) -> None:
        """Read nothing yet."""
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._text: str | None = None

    def __str__(self) -> str:
        """Return the path."""
        return str(self._path)

    def read(self) -> str | None:
        """Return the text, read again only if the file has changed; None if there is none. Raises: MachineError."""
        try:
            found = self._path.stat()
            state = (found.st_mtime_ns, found.st_size, found.st_ino)
            if state != self._seen:
                self._text, self._seen = self._path.read_text(encoding="utf-8"), state
        except FileNotFoundError:
            self._text = self._seen = None
        except (OSError, UnicodeDecodeError) as trouble:
            raise MachineError(f"{self._path} cannot be read: {getattr(trouble, 'strerror', trouble)}.") from trouble
        return self._text

    def change(self, make: Callable[[str | None], str]) -> str:
        """Replace the file: a reader sees all of the new text or, after a crash, the old one. Raises: MachineError."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with _lock(self._path.with_name(f"{self._path.name}.lock")):
                text = make(self.read())
                _replace(self._path, text)
        except OSError as trouble:
            raise MachineError(f"{self._path} cannot be written: {trouble.strerror}.") from trouble
        return text

    def close(self) -> None:
        """Do nothing: the file is open only while it is read."""


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
