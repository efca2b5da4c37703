"""The page and a large wallet: how long each view takes over HTTP, beside a page without any computation.

Usage: python -m benchmarks.page_views [EVENTS]. The service is the real one, in its own process.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS, DAYS, RUNS, FIRST = 1_000_000, 100, 15, 2
GOAL_MS = 100
EMPTY = "/sign-in?key=none"
VIEWS = {
    "Ask": "/",
    "an answer": "/?q=usage by agent last 28 days",
    "an answer by agent and month": "/?q=usage by agent then by month",
    "completion": "/complete?q=usage by ag",
    "the answer as CSV": "/answer.csv?q=usage by agent last 28 days",
    "Wallet": "/wallet",
    "… by agent": "/wallet/agents",
    "… by department": "/wallet/departments",
    "… alerts": "/wallet/alerts",
    "… what is ahead": "/wallet/ahead",
    "What if": "/what-if?interactions=20000&actions=5&discount=10&users=50",
    "Digest and alerts": "/told",
    "… a team's digest": "/told/digest?team=FinOps",
    "Import": "/import",
    "Set-up": "/set-up",
}
SETTINGS = """\
contract: {{start: {start}, end: {end}, grants: [{{credits: {credits}}}]}}
teams:
  FinOps: {{owner: Kim}}
  Service: {{departments: [Service], owner: Ada}}
"""


def main(events: int = EVENTS) -> None:
    """Print the median of each view, and its ratio to the empty page, requested in turns."""
    with tempfile.TemporaryDirectory(prefix="agentcost-bench-") as folder, _served(_prepare(Path(folder), events)) as served:
        measure(served, events)


class Served(NamedTuple):
    """A service: its address, and its process."""

    address: str
    process: int

    def processor_ms(self) -> float:
        """Return the milliseconds of processor time it has used so far, so that a busy machine makes no difference."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1e3 / os.sysconf("SC_CLK_TCK")


def measure(served: Served, events: int) -> None:
    """Print a service's time for each view: wall-clock, and of the processors, all threads together."""
    where = urlsplit(served.address)
    with closing(http.client.HTTPConnection(str(where.hostname), where.port or 0, timeout=120)) as connection:
        for name, path in VIEWS.items():
            taken, empty = _medians(connection, path)
            ratio = f"{taken / empty:5.1f} times an empty page"
            worked = _processor_ms(connection, served, path)
            print(
                f"{name:30} {taken:6.1f} ms at {events:,} events (at most {GOAL_MS}), {ratio}, {worked:5.1f} ms of processor time"
            )


def _medians(connection: http.client.HTTPConnection, path: str) -> tuple[float, float]:
    """Return the median milliseconds of a view, and of the empty page in between."""
    for _ in range(FIRST):
        _get(connection, path)
    taken = [(_get(connection, path), _get(connection, EMPTY)) for _ in range(RUNS)]
    return statistics.median(view for view, _ in taken), statistics.median(empty for _, empty in taken)


def _processor_ms(connection: http.client.HTTPConnection, served: Served, path: str) -> float:
    before = served.processor_ms()
    for _ in range(RUNS):
        _get(connection, path)
    return (served.processor_ms() - before) / RUNS


def _get(connection: http.client.HTTPConnection, path: str) -> float:
    began = time.perf_counter()
    connection.request("GET", quote(path, safe="/?=&"))
    response = connection.getresponse()
    response.read()
    if response.status >= http.client.INTERNAL_SERVER_ERROR:
        raise RuntimeError(f"{path} was answered with {response.status}.")
    return (time.perf_counter() - began) * 1e3


def _prepare(folder: Path, events: int) -> Path:
    """Write a wallet of that many events up to yesterday into a folder, and return it."""
    from core.wallet.ingest.sample_data import write_events  # noqa: PLC0415 - what is measured loads it in its own process

    first: date = datetime.now(UTC).date() - timedelta(days=DAYS)
    terms = SETTINGS.format(start=first, end=first + timedelta(days=365), credits=events * 40)
    (folder / "app.yaml").write_text(terms, encoding="utf-8")
    write_events(folder / "usage.csv", events, first_day=first, days=DAYS)
    _agentcost(folder, "import", "usage.csv").check_returncode()
    (folder / "usage.csv").unlink()
    return folder


def _agentcost(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(_command(*words), cwd=folder, env=_environment(folder), check=False, stdout=subprocess.DEVNULL)


@contextmanager
def _served(folder: Path) -> Iterator[Served]:
    """Serve a wallet."""
    command = _command("serve", "--port", "0")
    with subprocess.Popen(
        command, cwd=folder, env=_environment(folder), text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            said = next(line for line in iter(process.stdout or ()) if line.startswith("The page is at "))
            yield Served(said.split()[-1].rstrip("/."), process.pid)
        finally:
            process.kill()


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "bot", *words]


def _environment(folder: Path) -> dict[str, str]:
    named = {"PYTHONPATH": str(Path(__file__).parents[1]), "AGENTCOST_WAREHOUSE": str(folder / "w.duckdb")}
    return {**os.environ, "AGENTCOST_CONFIG": "app.yaml", **named}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
