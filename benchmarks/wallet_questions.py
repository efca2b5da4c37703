"""What wallet questions cost in process, on an invented wallet of so many events and on one of a tenth.

Usage: python -m benchmarks.wallet_questions [EVENTS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.config.loader import Config
from core.config.wallet import WalletSettings
from core.context import Context
from core.questions.asking import ask
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.warehouse.database import Warehouse

EVENTS, RUNS, DAYS = 1_000_000, 21, 100
QUESTIONS = ("wallet", "usage by agent", "variance last 7 days")
GOAL_MS, GOAL_RATIO = 30, 1.3


def main(events: int = EVENTS) -> None:
    """Print the median time of each question on both wallets, asked in turns, and the ratio."""
    with tempfile.TemporaryDirectory(prefix="agentcost-bench-") as folder, ExitStack() as stack:
        few, many = (stack.enter_context(_imported(Path(folder), count)) for count in (events // 10, events))
        for question in QUESTIONS:
            of_few, of_many = _medians(question, few, many)
            print(f"{question:22} {of_many:6.1f} ms at {events:,} events (at most {GOAL_MS})")
            print(f"{'':22} {of_many / of_few:6.2f} times that at {events // 10:,} (at most {GOAL_RATIO})")


@contextmanager
def _imported(folder: Path, events: int) -> Iterator[Warehouse]:
    """Give a warehouse with an invented export of so many events."""
    export = folder / f"{events}.csv"
    write_events(export, events, days=DAYS)
    with open_warehouse(folder / f"{events}.duckdb") as warehouse:
        import_files(warehouse, [export], WalletSettings())
        export.unlink()
        yield warehouse


def _medians(question: str, *warehouses: Warehouse) -> list[float]:
    """Return the median milliseconds of the question in each warehouse."""
    taken: list[list[float]] = [[] for _ in warehouses]
    for _ in range(RUNS):
        for times, warehouse in zip(taken, warehouses, strict=True):
            context = Context(date(2026, 11, 21), Config(), partial(nullcontext, warehouse), has_warehouse=True)
            began = time.perf_counter()
            ask(question, context)
            times.append((time.perf_counter() - began) * 1e3)
    return [statistics.median(times) for times in taken]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
