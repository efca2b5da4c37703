"""Slack and a large wallet: the time of `wallet` from Slack's request to the answer, and the memory of a day of mixed usage.

Usage: python -m benchmarks.slack_wallet [EVENTS]; the wallet has that many events, and as many more are imported meanwhile.
The service is the real one, over HTTP, in its own process. Times are for one question at a time, for twenty in parallel, for the
Home tab, and for questions during the import.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from benchmarks.slack import AT_ONCE, SECRET, TOKEN, open_home, percentile, resident_megabytes, response_urls, slash_command

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

EVENTS, DAYS, ASKED, FIRST = 1_000_000, 100, 60, 3
READY_SECONDS, IMPORT_SECONDS, POLL_SECONDS, BETWEEN_SECONDS = 30.0, 900.0, 0.01, 0.05
QUESTION = "wallet"
GOAL_MS, GOAL_MS_IMPORTING, GOAL_READY, GOAL_MEGABYTES = 100, 500, 2, 200
IMPORTED = "imported"
MIXED = (
    *("wallet", "usage by agent", "variance last 7 days", "forecast", "alerts", "usage by department", "usage by day", "rates"),
    *("breakeven 200 users", "compare 10000 interactions 5 actions", "how much for 10k chats a month at 5 actions", "help"),
)
ASKED_A_DAY, PARTS_OF_DAY = 1_200, 4


def main(events: int = EVENTS) -> None:
    """Print the results beside their targets."""
    with tempfile.TemporaryDirectory(prefix="agentcost-bench-") as folder:
        wallet, more = Path(folder) / "wallet.duckdb", Path(folder) / "more.csv"
        _prepare(Path(folder), wallet, more, events)
        asyncio.run(_measure(wallet, more, events))


def _prepare(folder: Path, wallet: Path, more: Path, events: int) -> None:
    from core.config.wallet import WalletSettings  # noqa: PLC0415 - as above
    from core.wallet.ingest.pipeline import import_files  # noqa: PLC0415 - the served process imports this module too
    from core.wallet.ingest.sample_data import write_events  # noqa: PLC0415 - as above
    from core.warehouse.database import open_warehouse  # noqa: PLC0415 - as above

    write_events(folder / "first.csv", events, days=DAYS)
    write_events(more, events, seed=8, days=DAYS)
    with open_warehouse(wallet) as warehouse:
        import_files(warehouse, [folder / "first.csv"], WalletSettings())
    (folder / "first.csv").unlink()


async def _measure(wallet: Path, more: Path, events: int) -> None:
    async with _slack() as (api, homes), response_urls() as (address, arrivals), aiohttp.ClientSession() as session:
        with _served(api, wallet, more) as (process, app, ready, megabytes):
            print(f"agentcost serve ready after  {ready:5.2f} s; at most {GOAL_READY}")
            print(f"resident before a question   {megabytes:5.0f} MB; at most {GOAL_MEGABYTES}")
            for _ in range(FIRST):
                await _asked(session, app, address, arrivals)
            quiet = [await _asked(session, app, address, arrivals) for _ in range(ASKED)]
            _print(quiet, f"{events:,} events", GOAL_MS)
            _print(await _at_once(session, app, address, arrivals), f"{AT_ONCE} at once", GOAL_MS)
            _print([await _home(session, app, homes) for _ in range(ASKED)], "one at a time", GOAL_MS, "the Home tab")
            await _day(process, session, app, address, arrivals)
            busy = await _while_importing(process, session, app, address, arrivals)
            _print(busy, f"while {events:,} more are imported, {len(busy)} times", GOAL_MS_IMPORTING)
            print("then, that import included:")
            await _day(process, session, app, address, arrivals)


async def _while_importing(
    process: subprocess.Popen[str], session: aiohttp.ClientSession, app: str, address: str, arrivals: asyncio.Queue[float]
) -> list[float]:
    """Return the seconds of each answer until the import is done."""
    process.send_signal(signal.SIGUSR1)
    done = asyncio.ensure_future(asyncio.to_thread(_line_of, process, IMPORTED))
    taken = []
    while not done.done():
        taken.append(await _asked(session, app, address, arrivals))
        await asyncio.sleep(BETWEEN_SECONDS)
    await done
    return taken


async def _asked(session: aiohttp.ClientSession, app: str, address: str, arrivals: asyncio.Queue[float]) -> float:
    """Return the seconds from the request to the answer at the response URL."""
    began = time.perf_counter()
    await slash_command(session, app, address, QUESTION)
    return await asyncio.wait_for(arrivals.get(), READY_SECONDS) - began


async def _at_once(session: aiohttp.ClientSession, app: str, address: str, arrivals: asyncio.Queue[float]) -> list[float]:
    """Return the seconds of each answer when twenty are requested at the same moment, repeatedly."""
    taken = []
    for _ in range(ASKED // 3):
        began = time.perf_counter()
        await asyncio.gather(*(slash_command(session, app, address, QUESTION) for _ in range(AT_ONCE)))
        taken += [await asyncio.wait_for(arrivals.get(), READY_SECONDS) - began for _ in range(AT_ONCE)]
    return taken


async def _home(session: aiohttp.ClientSession, app: str, homes: asyncio.Queue[float]) -> float:
    """Return the seconds from the event that the Home tab is opened to the view published to Slack."""
    began = time.perf_counter()
    await open_home(session, app)
    return await asyncio.wait_for(homes.get(), READY_SECONDS) - began


async def _day(
    process: subprocess.Popen[str], session: aiohttp.ClientSession, app: str, address: str, arrivals: asyncio.Queue[float]
) -> None:
    """Ask as many and as varied questions as in a day, and print the memory after each batch of them."""
    for part in range(1, PARTS_OF_DAY + 1):
        for nth in range(ASKED_A_DAY // PARTS_OF_DAY):
            await slash_command(session, app, address, MIXED[nth % len(MIXED)])
            await asyncio.wait_for(arrivals.get(), READY_SECONDS)
        asked = part * ASKED_A_DAY // PARTS_OF_DAY
        print(f"resident after {asked:5} questions {resident_megabytes(process.pid):5.0f} MB; at most {GOAL_MEGABYTES}")


def _print(taken: list[float], when: str, goal: int, what: str = QUESTION) -> None:
    p50, p95, longest = statistics.median(taken) * 1e3, percentile(taken, 95) * 1e3, max(taken) * 1e3
    print(f"{what}, answered: p50 {p50:5.0f} ms  p95 {p95:5.0f} ms (at most {goal})  longest {longest:5.0f} ms  {when}")


@contextlib.asynccontextmanager
async def _slack() -> AsyncIterator[tuple[str, asyncio.Queue[float]]]:
    """Yield the address of a Slack that knows who asks, and nothing else; and the times at which Home views arrived there."""
    homes: asyncio.Queue[float] = asyncio.Queue()

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        if request.match_info["method"] == "views.publish":
            homes.put_nowait(time.perf_counter())
        return web.json_response({"ok": True, "team_id": "T1", "user": {"team_id": "T1"}})

    application = web.Application()
    application.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/", homes
    finally:
        await runner.cleanup()


@contextlib.contextmanager
def _served(api: str, wallet: Path, more: Path) -> Iterator[tuple[subprocess.Popen[str], str, float, float]]:
    """Yield the process, its address, the seconds until it was ready, and the megabytes it then used."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    slack = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": api}
    command = [sys.executable, "-m", "benchmarks.slack_wallet", "serve", str(port), str(more)]
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, **slack, "AGENTCOST_WAREHOUSE": str(wallet)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        _wait_for(port)
        yield process, f"http://127.0.0.1:{port}", time.perf_counter() - began, resident_megabytes(process.pid)
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_SECONDS)
    raise TimeoutError("The service did not start.")


def _line_of(process: subprocess.Popen[str], text: str) -> None:
    """Return once the process prints the text. Raises: TimeoutError, if it ends without it."""
    for line in process.stdout or ():
        if line.strip() == text:
            return
    raise TimeoutError("The import did not end.")


def _serve(port: str, more: str) -> None:
    """Run the service; on SIGUSR1 import a file in one of its threads."""
    from bot.cli.main import main as agentcost  # noqa: PLC0415 - the measuring process is not the service

    told = threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: told.set())
    threading.Thread(target=_import_when, args=(told, Path(more)), daemon=True).start()
    agentcost(["serve", "--port", port])


def _import_when(told: threading.Event, more: Path) -> None:
    told.wait()
    from bot import wiring  # noqa: PLC0415 - before the first question the service has not loaded it either
    from core.config.wallet import WalletSettings  # noqa: PLC0415 - as above
    from core.wallet.ingest.pipeline import import_files  # noqa: PLC0415 - as above

    with wiring.open_for_writing() as warehouse:
        import_files(warehouse, [more], WalletSettings())
    print(IMPORTED, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        _serve(*sys.argv[2:4])
    else:
        main(*map(int, sys.argv[1:2]))
