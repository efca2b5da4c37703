"""The time of wallet questions in process: on a synthetic wallet beside one of a tenth of its events, and on one of many names.

Usage: python -m benchmarks.wallet_questions [EVENTS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.config.loader import Config
from core.config.wallet import WalletSettings
from core.context import Context
from core.questions.asking import ask
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import HEADER, ORGS, write_events
from core.warehouse.database import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.warehouse.database import Warehouse

EVENTS, RUNS, DAYS = 1_000_000, 21, 100
QUESTIONS = {"wallet": 10, "usage by agent": 10, "variance last 7 days": 10, "forecast": 80}  # at most, in milliseconds
GOAL_RATIO = 1.1
# Each event of the wallet with many names is a row of its rollup, as 1,500,000 rows of 10,000 agents and their tags are.
AGENTS, ROWS_PER_DAY, GOAL_MANY_NAMES_MS = 10_000, 15_000, 40


def main(events: int = EVENTS) -> None:
    """Print the median time of each question on both wallets, asked in turns, and the ratio."""
    with tempfile.TemporaryDirectory(prefix="agentcost-bench-") as folder, ExitStack() as stack:
        few, many = (
            stack.enter_context(_imported(Path(folder), f"{count}", partial(write_events, rows=count, days=DAYS)))
            for count in (events // 10, events)
        )
        for question, at_most in QUESTIONS.items():
            of_few, of_many = _medians(question, few, many)
            print(f"{question:22} {of_many:6.1f} ms at {events:,} events (at most {at_most})")
            print(f"{'':22} {of_many / of_few:6.2f} times that at {events // 10:,} (at most {GOAL_RATIO})")
    with (
        tempfile.TemporaryDirectory(prefix="agentcost-bench-") as folder,
        _imported(Path(folder), "names", _write_many_names) as warehouse,
    ):
        for question, at_most in QUESTIONS.items():
            [taken] = _medians(question, warehouse)
            goal = max(at_most, GOAL_MANY_NAMES_MS)
            print(f"{question:22} {taken:6.1f} ms with {DAYS * ROWS_PER_DAY:,} rows of the rollup (at most {goal})")


def _write_many_names(path: Path) -> None:
    """Write a CSV of events of 10,000 agents in several departments each, all different on a day."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEADER}\n")
        for number in range(DAYS * ROWS_PER_DAY):
            day, of_day = divmod(number, ROWS_PER_DAY)
            department, agent = divmod(of_day, AGENTS)
            at = f"{date(2026, 7, 1) + timedelta(days=1) * day}T12:00:00.000Z"
            tags = f'"{{""Department"": ""Department {department}""}}"'
            file.write(
                f"many-{number:08d},{at},{at},20,1,20,Agentforce_StandardAction,Answer,Agent_{agent:05d},{tags},,FlexCredits,"
                f"{ORGS[0]},production\n"
            )


@contextmanager
def _imported(folder: Path, name: str, write: Callable[[Path], None]) -> Iterator[Warehouse]:
    """Yield a warehouse with a synthetic export."""
    export = folder / f"{name}.csv"
    write(export)
    with open_warehouse(folder / f"{name}.duckdb") as warehouse:
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
