"""The time of forecast questions in process: 2,000 futures of a year, on two years of a synthetic wallet's days.

Usage: python -m benchmarks.foresight [EVENTS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from core.config.loader import Config, Contract, GrantInput
from core.config.wallet import WalletSettings
from core.context import Context
from core.questions.asking import ask
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import open_warehouse

if TYPE_CHECKING:
    from core.warehouse.database import Warehouse

EVENTS, DAYS, RUNS = 1_000_000, 730, 9
QUESTIONS = ("forecast", "plan purchase", "pilot")
GOAL_MS = 300


def main(events: int = EVENTS) -> None:
    """Print the median time of each question."""
    with tempfile.TemporaryDirectory(prefix="agentcost-bench-") as folder:
        export = Path(folder) / "export.csv"
        write_events(export, events, days=DAYS)
        with open_warehouse(Path(folder) / "wallet.duckdb") as warehouse:
            import_files(warehouse, [export], WalletSettings())
            for question in QUESTIONS:
                print(f"{question:14} {median_ms(question, warehouse):6.1f} ms at {events:,} events (at most {GOAL_MS})")


def median_ms(question: str, warehouse: Warehouse) -> float:
    """Return the median milliseconds of a question on the wallet, with a grant in force."""
    with warehouse.reading() as session:
        last = session.query("wallet_extent", card="FlexCredits")[0]["last_day"]
    grant = GrantInput(Decimal(10**9), date(last.year - 1, 1, 1), date(last.year + 1, 6, 1))
    context = Context(last, Config(contract=Contract(grants=(grant,))), lambda: nullcontext(warehouse), has_warehouse=True)
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        ask(question, context)
        taken.append((time.perf_counter() - began) * 1e3)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
