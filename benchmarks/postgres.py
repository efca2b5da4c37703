"""Imports and questions on PostgreSQL beside a file, in one run; questions by one, two and three machines at a time.

Usage: python benchmarks/postgres.py [ROWS]. It starts its own PostgreSQL on this machine, with fsync on.
Each import runs in its own process. Questions are asked in open warehouses, each by processes that ask all of them in turn.
Beside the wall-clock time is the processor time, of ours and of the database's: on a busy machine only that is comparable.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.config import Config
from core.context import Context
from core.questions import ask
from core.wallet.ingest.sample_data import write_events
from core.warehouse import open_warehouse, read_address
from tests.fakes.postgres import run_cluster
from tests.harness.children import in_child, status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.postgres import Cluster

ROWS, LATER_SHARE = 1_000_000, 10
FIRST_DAY, DAYS = date(2026, 7, 1), 100
QUESTIONS = ("wallet", "usage by agent", "usage by day", "usage by department", "variance last 28 days")
ROUNDS = 5
ROOT = Path(__file__).resolve().parents[1]


class Spent(NamedTuple):
    """A cost in seconds: wall-clock, processor time in our processes, and in the database's."""

    wall: float
    ours: float
    database: float

    def __str__(self) -> str:
        """Return the cost in words."""
        return f"{self.wall:.1f} s on the wall, {self.ours:.1f} s of processor and {self.database:.1f} s of the database's"


def spend(cluster: Cluster, do: Callable[[], object]) -> Spent:
    """Run something in separate processes, and return its cost."""
    began, ours, database = time.perf_counter(), _processor_of_children(), processor_of(cluster)
    do()
    return Spent(time.perf_counter() - began, _processor_of_children() - ours, processor_of(cluster) - database)


def _processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def processor_of(cluster: Cluster) -> float:
    """Return the server's processor seconds, of its running processes and of those that ended."""
    return _seconds(_stat(Path(f"/proc/{cluster.pid}"))) + processor_below(cluster.pid)


def processor_below(process: int) -> float:
    """Return the processor seconds of a process's running children, and of their ended ones."""
    told = [_stat(folder) for folder in Path("/proc").iterdir() if folder.name.isdecimal()]
    return sum(_seconds(one) for one in told if one and one[1] == str(process))


def _seconds(stat: list[str]) -> float:
    return sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK")


def _stat(folder: Path) -> list[str]:
    """Return the fields of a process after its name, the state first; empty for one that is gone."""
    try:
        return (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def run(place: str, folder: Path, *words: str) -> None:
    """Run a command in a separate process."""
    environment = {**os.environ, "AGENTCOST_WAREHOUSE": place, "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-c", "import sys; from bot.cli.main import main; sys.exit(main(sys.argv[1:]))", *words]
    subprocess.run(program, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def ask_all(place: str, day: date) -> int:
    """Ask every question that many times in an open warehouse."""
    with open_warehouse(read_address(place), wait_seconds=60) as warehouse:
        context = Context(day, Config(), lambda: nullcontext(warehouse), has_warehouse=True)
        for _ in range(ROUNDS):
            for question in QUESTIONS:
                ask(question, context)
    return 0


def ask_at_a_time(place: str, machines: int, day: date) -> None:
    """Let that many processes ask everything in parallel."""
    for child in [in_child(lambda: ask_all(place, day)) for _ in range(machines)]:
        if status := status_of(child):
            sys.exit(f"A machine could not ask; it ended with {status}.")


def main(rows: int = ROWS) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as made, run_cluster("fsync=on", "synchronous_commit=on") as cluster:
        folder, day = Path(made), date(2026, 10, 20)
        more = rows // LATER_SHARE
        exports = {"first": rows, "one more day": more, "more of every day": more}
        files = {name: folder / f"{name}.csv" for name in exports}
        write_events(files["first"], rows, seed=7, first_day=FIRST_DAY, days=DAYS)
        write_events(files["one more day"], more, seed=8, first_day=FIRST_DAY + timedelta(days=DAYS), days=1)
        write_events(files["more of every day"], more, seed=9, first_day=FIRST_DAY, days=DAYS)
        places = {"file": str(folder / "w.duckdb"), "PostgreSQL": cluster.create().url}
        for name, place in places.items():
            run(place, folder, "doctor")
            for which, count in exports.items():
                spent = spend(cluster, partial(run, place, folder, "import", str(files[which])))
                print(f"{name}: import of {count:,} events, {which}: {spent}", flush=True)
            print(f"{name}: a question as a process {spend(cluster, partial(run, place, folder, 'usage', 'by', 'agent'))}")
            for machines in (1,) if name == "file" else (1, 2, 3):
                spent = spend(cluster, partial(ask_at_a_time, place, machines, day))
                each = Spent(*(1000 * one / ROUNDS / len(QUESTIONS) for one in spent))
                a_second = machines * 1000 / each.wall
                print(f"{name}: {machines} asking, {each.wall:.0f} ms a question on the wall, {a_second:.1f} a second in all")
                print(
                    f"  {each.ours / machines:.0f} ms of processor a question, {each.database / machines:.0f} of the database's"
                )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
