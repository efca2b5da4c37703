"""Slack: acknowledgements at twenty in parallel beside a bare Bolt app, complete answers, start and memory.

Both apps run in their own processes on the same server; the bare one answers "ok" and does nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

SECRET, TOKEN, PATH = "secret-of-the-benchmark", "xoxb-benchmark", "/slack/events"
AT_ONCE, BURSTS = 20, 40
QUESTION = "breakeven 200 users"
BARE, OURS = "bare", "ours"


def main() -> None:
    """Print the results beside their targets."""
    asyncio.run(_measure())


async def _measure() -> None:
    with _served(BARE) as (bare, _, _), _served(OURS) as (ours, ready, megabytes):
        async with response_urls() as (address, arrivals), aiohttp.ClientSession() as session:
            await _burst(session, bare, address), await _answered(session, ours, address, arrivals)
            acknowledged: dict[str, list[float]] = {BARE: [], OURS: []}
            answered: list[float] = []
            for _ in range(BURSTS):
                acknowledged[BARE] += await _burst(session, bare, address)
                seconds, whole = await _answered(session, ours, address, arrivals)
                acknowledged[OURS] += seconds
                answered += whole
    bare_p99, ours_p99 = (percentile(acknowledged[app], 99) for app in (BARE, OURS))
    beside = f"{ours_p99 / bare_p99:4.2f} × bare Bolt ({bare_p99 * 1e3:.1f} ms); at most 1.5"
    p50, p95 = statistics.median(answered), percentile(answered, 95)
    print(f"acknowledged, {AT_ONCE} at once  p99 {ours_p99 * 1e3:6.1f} ms  {beside}")
    print(f"answered, {AT_ONCE} at once      p50 {p50 * 1e3:6.1f} ms  p95 {p95 * 1e3:.1f} ms ({QUESTION})")
    print(f"ready after                {ready:6.2f} s; at most 2        resident {megabytes:.0f} MB; at most 200")


async def _answered(
    session: aiohttp.ClientSession, app: str, address: str, arrivals: asyncio.Queue[float]
) -> tuple[list[float], list[float]]:
    """Return the seconds to each acknowledgement, and from the first request to each answer."""
    began = time.perf_counter()
    seconds = await _burst(session, app, address)
    return seconds, [await asyncio.wait_for(arrivals.get(), 30) - began for _ in range(AT_ONCE)]


async def _burst(session: aiohttp.ClientSession, app: str, address: str) -> list[float]:
    return await asyncio.gather(*(slash_command(session, app, address) for _ in range(AT_ONCE)))


async def slash_command(session: aiohttp.ClientSession, app: str, address: str, question: str = QUESTION) -> float:
    """Ask with a signed slash command; return the seconds until it was acknowledged."""
    said = {"command": "/agentcost", "text": question, "user_id": "U1", "channel_id": "C1", "team_id": "T1"}
    body = urlencode(said | {"response_url": address, "trigger_id": str(time.perf_counter_ns())})
    return await _post(session, app, body, "application/x-www-form-urlencoded")


async def open_home(session: aiohttp.ClientSession, app: str) -> float:
    """Send an app a signed event that somebody opens its Home; return the seconds until it was acknowledged."""
    event = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": f"{time.time():.6f}"}
    told = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": f"Ev{time.perf_counter_ns()}"}
    return await _post(session, app, json.dumps(told | {"event_time": int(time.time()), "event": event}), "application/json")


async def _post(session: aiohttp.ClientSession, app: str, body: str, content_type: str) -> float:
    headers = SignatureVerifier(SECRET).generate_signature(timestamp=(now := str(int(time.time()))), body=body)
    signed = {"X-Slack-Signature": headers or "", "X-Slack-Request-Timestamp": now, "Content-Type": content_type}
    began = time.perf_counter()
    async with session.post(app + PATH, data=body, headers=signed) as response:
        response.raise_for_status()
    return time.perf_counter() - began


@contextlib.asynccontextmanager
async def response_urls() -> AsyncIterator[tuple[str, asyncio.Queue[float]]]:
    """Yield a response URL, and the times at which answers arrived there."""
    arrivals: asyncio.Queue[float] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await request.read()
        arrivals.put_nowait(time.perf_counter())
        return web.Response(text="ok")

    application = web.Application()
    application.router.add_post("/response", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/response", arrivals
    finally:
        await runner.cleanup()


@contextlib.contextmanager
def _served(app: str) -> Iterator[tuple[str, float, float]]:
    """Yield a served app's address, the seconds until it was ready, and the megabytes it then used."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.slack", app], stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip() if process.stdout else ""
        ready = time.perf_counter() - began
        yield address, ready, resident_megabytes(process.pid)
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def resident_megabytes(pid: int) -> float:
    """Return the memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def percentile(values: list[float], percent: int) -> float:
    """Return the smallest value that this percentage of the values does not exceed."""
    return statistics.quantiles(values, n=100)[percent - 1]


def _serve(app: str) -> None:
    """Serve an app on a free port of the loopback, and print its address once it listens."""
    import uvicorn  # noqa: PLC0415 - only the served processes load it

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:  # noqa: ANN401 - as uvicorn declares it
            await super().startup(sockets)
            print(f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}", flush=True)

    Server(uvicorn.Config(_bare() if app == BARE else _ours(), host="127.0.0.1", port=0, log_level="error")).run()


def _bare() -> Any:  # noqa: ANN401 - an ASGI application
    from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler  # noqa: PLC0415 - as above
    from slack_bolt.async_app import AsyncAck, AsyncApp  # noqa: PLC0415
    from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=TOKEN)

    app = AsyncApp(signing_secret=SECRET, authorize=authorize)

    @app.command("/agentcost")
    async def answer_ok(ack: AsyncAck) -> None:
        await ack("ok")

    return AsyncSlackRequestHandler(app, path=PATH)


def _ours() -> Any:  # noqa: ANN401 - an ASGI application
    from bot.slack.connection.app import asgi, create_app  # noqa: PLC0415 - as above
    from bot.slack.settings import SlackSettings  # noqa: PLC0415
    from core.config.loader import Config  # noqa: PLC0415
    from core.context import Context  # noqa: PLC0415
    from core.questions.asking import ask  # noqa: PLC0415

    context = Context(date(2026, 11, 21), Config(), contextlib.nullcontext)  # type: ignore[arg-type]  # no wallet is asked for

    def asked(question: str, **_: bool) -> Any:  # noqa: ANN401 - an answer
        return ask(question, context)

    return asgi(create_app(asked, SlackSettings(TOKEN, SECRET, path=PATH)))


if __name__ == "__main__":
    _serve(sys.argv[1]) if len(sys.argv) > 1 else main()
