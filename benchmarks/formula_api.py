"""The formula API: requests a second beside an empty Starlette endpoint on the same server, and ranges of questions.

Each server runs in its own process; the same client calls both over persistent connections, in turns. A spreadsheet's script,
run by Node, asks the range of 5,000 questions; for comparison, the same number is asked in calls of a thousand without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.fakes.apps_script import HAS_NODE, apps_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

EMPTY, OURS = "empty", "ours"
AT_ONCE, REQUESTS, ROUNDS = 8, 1_500, 7
PATH = "/v1/ask?q=breakeven+200+users"
QUESTIONS, IN_A_RANGE = 1_000, 5_000
KINDS = ("breakeven {n} users", "compare {n} interactions 5.3 actions", "price flex {n} interactions 3 actions")


def main() -> None:
    """Print the results beside their targets."""
    asyncio.run(_measure())


async def _measure() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        _served(EMPTY, folder) as (empty, _, _),
        _served(OURS, folder) as (ours, token, pid),
    ):
        async with aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bearer {token}"}
            rates: dict[str, list[float]] = {EMPTY: [], OURS: []}
            for _ in range(ROUNDS):
                rates[EMPTY].append(await _rate(session, empty + "/", {}))
                rates[OURS].append(await _rate(session, ours + PATH, headers))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
            ranges = [await _range(session, ours, headers, start) for start in range(1, 5 * QUESTIONS, QUESTIONS)]
            again = await _range(session, ours, headers, 1)
            began = time.perf_counter()
            for start in range(100_001, 100_001 + IN_A_RANGE, QUESTIONS):
                await _range(session, ours, headers, start)
            bare_range = time.perf_counter() - began
        scripts = _by_script(ours, headers["Authorization"].removeprefix("Bearer "), pid) if HAS_NODE else []
    bare, own = (statistics.median(rates[app]) for app in (EMPTY, OURS))
    shares = [ours_rate / empty_rate for ours_rate, empty_rate in zip(rates[OURS], rates[EMPTY], strict=True)]
    share = statistics.median(shares)
    print(f"GET {PATH}  {own:6.0f} requests/s  {share:.2f} × an empty endpoint ({bare:.0f}); at least 0.5")
    print(f"{QUESTIONS:,} different questions in one call  {statistics.median(ranges):.2f} s; at most 1.5   again {again:.2f} s")
    for what, wall, service in scripts:
        ratio = wall / bare_range
        print(f"{IN_A_RANGE:,} questions in one range of cells, {what}  {wall:.1f} s; at most 10   {ratio:.2f} × the calls alone")
        print(f"  of them processor time of the service  {service:.1f} s")


def _by_script(url: str, token: str, pid: int) -> list[tuple[str, float, float]]:
    """Return the seconds of one formula over that many questions, as a spreadsheet's script asks them: all new, and half new.

    With each, the processor time that the service used. pid: its process.
    """
    found = []
    with apps_script() as sheet:
        sheet.settings(url, token)
        for what, first in (("all new", 200_001), ("half new", 200_001 + IN_A_RANGE // 2)):
            questions = [[KINDS[number % 3].format(n=number)] for number in range(first, first + IN_A_RANGE)]
            began, busy = time.perf_counter(), _processor_seconds(pid)
            told = sheet.cell("AGENTCOST", questions)
            found.append((what, time.perf_counter() - began, _processor_seconds(pid) - busy))
            if wrong := [cell for (cell,) in told if str(cell).startswith("⚠")]:
                raise RuntimeError(f"{len(wrong)} of {IN_A_RANGE} questions were not answered: {wrong[0]}")
    return found


def _processor_seconds(pid: int) -> float:
    """Return the processor time that a process has used. Source: proc(5), fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _rate(session: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> float:
    """Return the requests a second of one server, with that many in parallel."""

    async def some() -> None:
        for _ in range(REQUESTS // AT_ONCE):
            async with session.get(url, headers=headers) as response:
                response.raise_for_status()
                await response.read()

    began = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return REQUESTS / (time.perf_counter() - began)


async def _range(session: aiohttp.ClientSession, url: str, headers: dict[str, str], start: int) -> float:
    """Return the seconds of one call with that many different questions."""
    questions = [{"q": KINDS[number % 3].format(n=number)} for number in range(start, start + QUESTIONS)]
    began = time.perf_counter()
    async with session.post(f"{url}/v1/ask", json={"questions": questions}, headers=headers) as response:
        answers = (await response.json())["answers"]
    seconds = time.perf_counter() - began
    if any("detail" in one for one in answers) or len(answers) != QUESTIONS:
        raise RuntimeError(f"{url} answered {len(answers)} of {QUESTIONS} questions")
    return seconds


@contextlib.contextmanager
def _served(app: str, folder: str) -> Iterator[tuple[str, str, int]]:
    """Yield the address of a server in its own process, a token, and the process."""
    home = Path(folder)
    (home / "app.yaml").write_text("formula_api:\n  requests_per_minute: 100000000\n", encoding="utf-8")
    variables = {**os.environ, "AGENTCOST_CONFIG": str(home / "app.yaml"), "AGENTCOST_WAREHOUSE": str(home / "none.duckdb")}
    command = [sys.executable, "-c", f"from benchmarks.formula_api import serve; serve({app!r})"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as process:
        try:
            address, token = process.stdout.readline().split() if process.stdout else ("", "")
            yield address, token, process.pid
        finally:
            process.terminate()


def serve(app: str) -> None:
    """Serve one of the two on a free port of the loopback, and print its address and a token once it listens."""
    import uvicorn  # noqa: PLC0415 - the client does not need it

    from bot import wiring  # noqa: PLC0415
    from core.scope import EVERYTHING  # noqa: PLC0415

    token = wiring.token_store().create("benchmark", "pricing", EVERYTHING, datetime.now(UTC))

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:  # noqa: ANN401 - as uvicorn has it
            await super().startup(sockets)
            print(f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}", token, flush=True)

    served: Any = wiring.formula_api(None, lambda _: None) if app == OURS else _empty()
    Server(uvicorn.Config(served, host="127.0.0.1", port=0, log_level="error", access_log=False)).run()


def _empty() -> Starlette:
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.responses import Response  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    async def nothing(_: object) -> Response:
        return Response()

    return Starlette(routes=[Route("/", nothing)])
