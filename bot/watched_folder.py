"""A folder whose files are imported: each once it has stopped growing, then put away with its report beside it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from bot.terminal import rendered
from core.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.wallet.report import ImportReport

DONE, REFUSED = "done", "refused"


class Growth(NamedTuple):
    """What shows that a file is still being written: its size and when it was last changed, in nanoseconds."""

    size: int
    changed: int


class WatchedFolder:
    """A folder, and what its files looked like last time."""

    def __init__(self, folder: Path, take: Callable[[Path], ImportReport]) -> None:
        """Import with `take`, which raises ExportError for what it refuses."""
        self.folder = folder
        self._take = take
        self._seen: dict[Path, Growth] = {}

    def look(self) -> list[Path]:
        """Import every file that is as it was at the last look, and return where each lies now.

        Raises: MachineError, if the machine has trouble; the file then stays for a later look.
        """
        before, self._seen = self._seen, dict(self._files())
        return [self._put_away(path) for path, growth in sorted(self._seen.items()) if before.get(path) == growth]

    def _files(self) -> Iterator[tuple[Path, Growth]]:
        for entry in os.scandir(self.folder):
            if entry.is_file() and not entry.name.startswith("."):
                found = entry.stat()
                yield self.folder / entry.name, Growth(found.st_size, found.st_mtime_ns)

    def _put_away(self, path: Path) -> Path:
        try:
            report = self._take(path)
            folder = DONE if any(file.outcome != "refused" for file in report.files) else REFUSED
            words = rendered(report.to_answer())
        except ExportError as refusal:
            folder, words = REFUSED, str(refusal)
        target = free_name(self.folder / folder / path.name)
        target.parent.mkdir(exist_ok=True)
        target.with_name(f"{target.name}.report.txt").write_text(f"{words}\n", encoding="utf-8")
        return path.rename(target)


def free_name(path: Path) -> Path:
    """Return the path, or the first of its numbered names ("usage (2).csv") that neither a file nor a report has."""
    number, wanted = 1, path
    while wanted.exists() or wanted.with_name(f"{wanted.name}.report.txt").exists():
        number += 1
        wanted = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return wanted
