"""What wallet questions cost in process, on an invented wallet of so many events and on one of a tenth.

Usage: python -m benchmarks.wallet_questions [EVENTS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import Config
from core.questions.ask import ask
from core.questions.context import Context
from core.wallet.importer import import_files
from core.wallet.invented import write_events
from core.wallet.settings import WalletSettings
from core.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.warehouse import Warehouse

EVENTS, RUNS, DAYS = 1_000_000, 21, 100
QUESTIONS = ("wallet", "usage by agent", "variance last 7 days")
GOAL_MS, GOAL_RATIO = 30, 1.3


def main(events: int = EVENTS) -> None:
    """Print the median time of each question on both wallets, and the ratio."""
    few, many = times(events // 10), times(events)
    for question in QUESTIONS:
        ratio = many[question] / few[question]
        print(f"{question:22} {many[question]:6.1f} ms at {events:,} events (at most {GOAL_MS})")
        print(f"{'':22} {ratio:6.2f} times that at {events // 10:,} (at most {GOAL_RATIO})")


def times(events: int) -> dict[str, float]:
    """Return the median milliseconds of each question on an invented wallet."""
    with tempfile.TemporaryDirectory(prefix="agentcost-bench-") as folder:
        export = Path(folder) / "export.csv"
        write_events(export, events, days=DAYS)
        with open_warehouse(Path(folder) / "wallet.duckdb") as warehouse:
            import_files(warehouse, [export], WalletSettings())
            return {question: _median(question, warehouse) for question in QUESTIONS}


def _median(question: str, warehouse: Warehouse) -> float:
    @contextmanager
    def opened() -> Iterator[Warehouse]:
        yield warehouse

    context = Context(date(2026, 11, 21), Config(), opened, has_warehouse=True)
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        ask(question, context)
        taken.append((time.perf_counter() - began) * 1e3)
    return statistics.median(taken)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
