"""Imports and questions on PostgreSQL beside a file, in one run; questions by one, two and three machines at a time.

Usage: python benchmarks/postgres.py [ROWS]. It starts a PostgreSQL of its own on this machine, with its safety on (fsync).
An import is a process of its own. Questions are asked in open warehouses, each by processes that ask all of them in turn.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import Config
from core.context import Context
from core.questions import ask
from core.wallet.ingest.sample_data import write_events
from core.warehouse import open_warehouse, read_address
from tests.fakes.postgres import run_cluster
from tests.harness.children import in_child, status_of

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS, LATER_SHARE = 1_000_000, 10
QUESTIONS = ("wallet", "usage by agent", "usage by day", "usage by department", "variance last 28 days")
ROUNDS = 5
ROOT = Path(__file__).resolve().parents[1]


def seconds(do: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def run(place: str, folder: Path, *words: str) -> None:
    """Run a command in a process of its own."""
    environment = {**os.environ, "AGENTCOST_WAREHOUSE": place, "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-c", "import sys; from bot.cli.main import main; sys.exit(main(sys.argv[1:]))", *words]
    subprocess.run(program, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def ask_all(place: str, day: date) -> int:
    """Ask every question so many times of a warehouse that is open."""
    with open_warehouse(read_address(place)) as warehouse:
        context = Context(day, Config(), lambda: nullcontext(warehouse), has_warehouse=True)
        for _ in range(ROUNDS):
            for question in QUESTIONS:
                ask(question, context)
    return 0


def ask_at_a_time(place: str, machines: int, day: date) -> None:
    """Let so many processes ask everything at a time."""
    for child in [in_child(lambda: ask_all(place, day)) for _ in range(machines)]:
        if status_of(child):
            sys.exit("A machine could not ask.")


def main(rows: int) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as made, run_cluster("fsync=on", "synchronous_commit=on") as cluster:
        folder, day = Path(made), date(2026, 10, 20)
        export, later = folder / "events.csv", folder / "later.csv"
        write_events(export, rows, seed=7)
        write_events(later, rows // LATER_SHARE, seed=8)
        places = {"file": str(folder / "w.duckdb"), "PostgreSQL": cluster.create().url}
        for name, place in places.items():
            run(place, folder, "doctor")
            for path, count in ((export, rows), (later, rows // LATER_SHARE)):
                spent = seconds(partial(run, place, folder, "import", str(path)))
                print(f"{name}: import {count:,} events {spent:.1f} s")
            print(f"{name}: a question as a process {seconds(partial(run, place, folder, 'usage', 'by', 'agent')):.2f} s")
            for machines in (1,) if name == "file" else (1, 2, 3):
                spent = seconds(partial(ask_at_a_time, place, machines, day))
                each = 1000 * spent / ROUNDS / len(QUESTIONS)
                print(f"{name}: {machines} asking, {each:.0f} ms a question, {machines * 1000 / each:.1f} a second in all")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
