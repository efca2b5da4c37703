"""A folder whose files are imported: each once it has stopped growing, then archived with its report."""

from __future__ import annotations

import logging
import os
import stat
from contextlib import nullcontext
from pathlib import PurePath
from typing import TYPE_CHECKING

from bot.cli import render_whole
from core.config import rejected_folder
from core.errors import ExportError
from core.records import NamedTuple
from core.warehouse import is_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from core.wallet.ingest import ImportReport

LOG = logging.getLogger("agentcost.folder")
DONE = "done"
REPORT = ".report.txt"
MAX_NAME, MAX_ENDING = 230, 20  # bytes, of the 255 that there may be: room for a number and the report's ending
NOT_UTF8 = "Its name is not UTF-8, so it was not imported. Rename it and drop it again."


class FileFingerprint(NamedTuple):
    """What shows that a file is still being written: its identity, size, and last change in nanoseconds."""

    file: int
    size: int
    changed: int


class FileOutcome(NamedTuple):
    """The outcome of a file: where it belongs, and its report."""

    growth: FileFingerprint
    folder: str
    words: str


class WatchedFolder:
    """A folder, what its files looked like last time, and what came of those that could not be moved."""

    def __init__(
        self,
        folder: Path,
        take: Callable[[Path], ImportReport],
        looking: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Import with `take`, which raises ExportError for what it refuses; each look is within `looking`."""
        self.folder = folder
        self._take = take
        self._looking = looking
        self._seen: dict[Path, FileFingerprint] = {}
        self._unmoved: dict[Path, FileOutcome] = {}

    def poll(self) -> list[Path]:
        """Import every file that is as it was at the last look, and return where each lies now.

        A file that was changed during its import waits for the next look; one that cannot be moved is not imported
        again. Raises: MachineError, if the machine has trouble with a file, which then stays for a later look; the
        others were imported before.
        """
        before, self._seen = self._seen, dict(self._files())
        self._unmoved = {path: came for path, came in self._unmoved.items() if self._seen.get(path) == came.growth}
        moved, troubles = [], []
        with self._looking():
            for path, growth in sorted(self._seen.items()):
                if before.get(path) == growth:
                    try:
                        moved += self._archive(path, growth)
                    except Exception as trouble:  # noqa: BLE001 - a file that breaks something must not keep the others waiting
                        troubles.append(trouble)
        if troubles:
            raise troubles[0]
        return moved

    def _files(self) -> Iterator[tuple[Path, FileFingerprint]]:
        for entry in os.scandir(self.folder):
            path = self.folder / entry.name
            growth = None if entry.name.startswith(".") else growth_of(path)
            if growth:
                yield path, growth

    def _archive(self, path: Path, growth: FileFingerprint) -> list[Path]:
        """Return where the file lies now, if it was moved."""
        came = self._unmoved.get(path) or self._import_file(path, growth)
        if growth_of(path) != growth:
            return []
        try:
            return [move_file(path, self.folder / came.folder, came.words)]
        except OSError as trouble:
            if path not in self._unmoved:
                LOG.warning("%s was processed, but cannot be moved to %s: %s", readable(path.name), came.folder, trouble.strerror)
            self._unmoved[path] = came
            return []

    def _import_file(self, path: Path, growth: FileFingerprint) -> FileOutcome:
        rejected = rejected_folder(self.folder)
        if readable(path.name) != path.name:
            return FileOutcome(growth, rejected, NOT_UTF8)
        try:
            report = self._take(path)
        except ExportError as refusal:
            return FileOutcome(growth, rejected, str(refusal))
        is_taken = any(file.outcome != "refused" for file in report.files)
        return FileOutcome(growth, DONE if is_taken else rejected, render_whole(report.to_answer()))


def growth_of(path: Path) -> FileFingerprint | None:
    """Return how a file looks now; None where there is none, and for a link: it may lead to what whoever laid it may not read."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (
        FileFingerprint(found.st_ino, found.st_size, found.st_mtime_ns)
        if stat.S_ISREG(found.st_mode) and not is_held(path)
        else None
    )


def move_file(path: Path, folder: Path, words: str) -> Path:
    """Put a file into a folder, its report beside it, and return where it lies. Raises: OSError, and leaves no report."""
    folder.mkdir(exist_ok=True)
    target = free_name(folder / fitting(readable(path.name)))
    report = report_of(target)
    try:
        report.write_text(f"{words}\n", encoding="utf-8", errors="backslashreplace")
        return path.rename(target)
    except OSError:
        report.unlink(missing_ok=True)
        raise


def readable(name: str) -> str:
    """Return a file's name, a sign in place of each byte that is not UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")


def fitting(name: str) -> str:
    """Return a name that leaves room for its report's, its ending kept."""
    if len(name.encode()) <= MAX_NAME:
        return name
    ending = PurePath(name).suffix.encode()
    ending = ending if len(ending) <= MAX_ENDING else b""
    return (name.encode()[: MAX_NAME - len(ending)] + ending).decode("utf-8", "ignore")


def report_of(path: Path) -> Path:
    """Return where the report of a file lies."""
    return path.with_name(f"{path.name}{REPORT}")


def free_name(path: Path) -> Path:
    """Return the path, or the first of its numbered names ("usage (2).csv") that neither a file nor a report has."""
    number, wanted = 1, path
    while wanted.exists() or report_of(wanted).exists():
        number += 1
        wanted = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return wanted
