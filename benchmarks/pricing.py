"""The time of a question: the whole process beside a bare Python, alone and through a service; in process; and free text."""

from __future__ import annotations

import csv
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.config.loader import Config
from core.context import Context
from core.language.free_text import AskBack, Names, TeamCalendar, interpret
from core.language.parser import parse
from core.questions.asking import answer_to, ask
from core.wallet.ingest.sample_data import write_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from core.warehouse.database import Warehouse

MIX = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"
PROCESS_RUNS, ANSWER_RUNS, READING_ROUNDS = 31, 500, 6
ROOT = Path(__file__).parents[1]
PHRASINGS = ROOT / "tests" / "data" / "phrasings" / "open.tsv"
HOLDER = """
import sys
from bot import locations, wiring
from bot.service.control_socket import serve_control_socket

with wiring.open_for_writing(), serve_control_socket(locations.service_address(locations.warehouse_path())):
    print("ready", flush=True)
    sys.stdin.read()
"""


def main() -> None:
    """Print the ratios and times."""
    program = str(Path(sys.executable).with_name("agentcost"))
    alone = {
        "agentcost breakeven 200 users": [program, "breakeven", "200", "users"],
        "agentcost how much for 10k chats a month at 5 actions": [program, "how much for 10k chats a month at 5 actions"],
    }
    _print_processes(alone, dict(os.environ), 8)
    with tempfile.TemporaryDirectory() as folder, invented_service(Path(folder)) as variables:
        asked = {
            f"agentcost {words}, of a service": [program, words] for words in ("wallet", "usage by agent", "breakeven 200 users")
        }
        _print_processes(asked, variables, 6)
    context = Context(date(2026, 11, 21), Config(), _no_warehouse)
    question = parse(MIX)
    answered = _median(lambda: answer_to(question, context))
    parsed = _median(lambda: ask(MIX, context))
    print(f"compare, in process            {answered * 1e3:7.2f} ms; at most 0.5")
    print(f"compare, parsing included      {parsed * 1e3:7.2f} ms; at most 3")
    print(f"people's own words, read       {_reading() * 1e3:7.2f} ms; at most 3")


def _print_processes(programs: Mapping[str, list[str]], variables: Mapping[str, str], at_most: int) -> None:
    """Print the time of programs beside a bare Python, wall-clock and processor, in turns so that load affects all alike."""
    bare = "python -c pass"
    times: dict[str, list[tuple[float, float]]] = {bare: [], **{name: [] for name in programs}}
    for _ in range(PROCESS_RUNS):
        for name, words in {bare: [sys.executable, "-c", "pass"], **programs}.items():
            times[name].append(_timed(words, variables))
    clock, cpu = ({name: statistics.median(found) for name, found in zip(times, each, strict=True)} for each in _columns(times))
    for name in programs:
        print(f"{name}: {clock[name] * 1e3:.0f} ms, {cpu[name] * 1e3:.0f} of the processor")
        print(f"  beside {bare}: {clock[name] / clock[bare]:.1f} times, {cpu[name] / cpu[bare]:.1f} of it; at most {at_most}")


def _columns(times: Mapping[str, list[tuple[float, float]]]) -> tuple[list[list[float]], list[list[float]]]:
    return [[one for one, _ in found] for found in times.values()], [[one for _, one in found] for found in times.values()]


def _timed(words: list[str], variables: Mapping[str, str]) -> tuple[float, float]:
    """Return the seconds of a program, and those of the processor."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, check=True, capture_output=True, env=variables)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def invented_service(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of programs for whose synthetic wallet a running process answers."""
    variables = {**os.environ, "AGENTCOST_WAREHOUSE": str(folder / "wallet.duckdb"), "PYTHONPATH": str(ROOT)}
    write_events(folder / "events.csv", 20_000, first_day=date(2026, 7, 1), days=90)
    subprocess.run(
        [sys.executable, "-m", "bot", "import", str(folder / "events.csv")], check=True, capture_output=True, env=variables
    )
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdout.readline()
        yield variables
        holder.stdin.close()


def _reading() -> float:
    """Return the median seconds for reading a typed text or asking back, including a wallet's names."""
    with PHRASINGS.open(encoding="utf-8", newline="") as lines:
        texts = [row["utterance"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    names = Names({"agent": [f"Agent_{number}" for number in range(50)], "department": ["Sales", "Service", "Field Service"]})
    seconds = []
    for text in texts * READING_ROUNDS:
        began = time.perf_counter()
        with suppress(AskBack):
            interpret(text, TeamCalendar(date(2026, 10, 10)), names)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[len(texts) :])


def _median(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ANSWER_RUNS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _no_warehouse() -> AbstractContextManager[Warehouse]:
    raise AssertionError("a pricing question opened the warehouse")


if __name__ == "__main__":
    main()
