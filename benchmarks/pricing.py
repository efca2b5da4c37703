"""What a pricing question costs: the whole process beside a bare Python, one answer in process, and reading free words."""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.config.loader import Config
from core.context import Context
from core.language.free_text import AskBack, Names, TeamCalendar, interpret
from core.language.parser import parse
from core.questions.asking import answer_to, ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from core.warehouse.database import Warehouse

MIX = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"
PROCESS_RUNS, ANSWER_RUNS, READING_ROUNDS = 31, 500, 6
PHRASINGS = Path(__file__).parents[1] / "tests" / "data" / "phrasings" / "open.tsv"


def main() -> None:
    """Print the ratios and times."""
    agentcost = [str(Path(sys.executable).with_name("agentcost")), "breakeven", "200", "users"]
    bare, whole = _interleaved([sys.executable, "-c", "pass"], agentcost)
    print(f"agentcost breakeven 200 users  {whole * 1e3:7.1f} ms")
    print(f"  beside python -c pass        {bare * 1e3:7.1f} ms, so {whole / bare:.1f} times; at most 12")
    context = Context(date(2026, 11, 21), Config(), _no_warehouse)
    question = parse(MIX)
    answered = _median(lambda: answer_to(question, context))
    parsed = _median(lambda: ask(MIX, context))
    print(f"compare, in process            {answered * 1e3:7.2f} ms; at most 1")
    print(f"compare, parsing included      {parsed * 1e3:7.2f} ms; at most 3")
    print(f"people's own words, read       {_reading() * 1e3:7.2f} ms; at most 3")


def _reading() -> float:
    """Return the median seconds in which what people typed is read or asked back, names of a wallet included."""
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


def _interleaved(one: list[str], other: list[str]) -> tuple[float, float]:
    """Return the median seconds of both programs, run in turn so that the machine's mood falls on both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(PROCESS_RUNS):
        for program, seconds in zip((one, other), times, strict=True):
            began = time.perf_counter()
            subprocess.run(program, check=True, capture_output=True)
            seconds.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])


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
