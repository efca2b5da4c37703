"""The progress of the current file while DuckDB reads it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from core.warehouse import Session

Progress = Callable[[int, int | None], None]

SECONDS_BETWEEN = 0.1
SAMPLE_BYTES = 64 * 1024


@contextmanager
def following(session: Session, path: Path, progress: Progress | None) -> Iterator[None]:
    """Report how many of the file's rows are read while the block's statement runs; the total is an estimate."""
    if progress is None:
        yield
        return
    is_over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(session, _estimate_rows(path), progress, is_over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


def _watch(session: Session, rows: int, progress: Progress, is_over: threading.Event) -> None:
    while not is_over.wait(SECONDS_BETWEEN):
        percent = session.progress()
        progress(int(rows * max(percent, 0) / 100), rows)


def _estimate_rows(path: Path) -> int:
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    return path.stat().st_size * max(sample.count(b"\n"), 1) // max(len(sample), 1)
