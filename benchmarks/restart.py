"""Restarting a service on a large wallet: the time until it is ready, after a clean stop and after a kill during an import.

Usage: python -m benchmarks.restart [EVENTS]; the peer, in the same run, is a process that opens the file and asks for nothing.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS, DAYS, TIMES = 1_000_000, 100, 3
GOAL_SECONDS, WAIT_SECONDS, POLL_SECONDS = 3.0, 900.0, 0.005
ROOT = Path(__file__).parents[1]
WALLET, EXPORT, MORE = "wallet.duckdb", "export.csv", "more.csv"
SETTINGS = """
contract: {start: 2026-01-01, end: 2036-01-01, grants: [{credits: 900000000}]}
teams: {Finance: {channels: [C0FINANCE], weekly_digest: Mon 08:00}}
service: {watched_folder: inbox, poll_seconds: 1}
"""


def main(events: int = EVENTS) -> None:
    """Print the results beside their targets."""
    with tempfile.TemporaryDirectory(prefix="agentcost-bench-") as name:
        folder = Path(name)
        _prepare(folder, events)
        with _served(folder):
            pass
        peaceful = [_restarted(folder) for _ in range(TIMES)]
        _killed_while_importing(folder)
        after_kill = _restarted(folder)
        peer = min(_opened(folder) for _ in range(TIMES))
    print(f"{events:,} events; ready is /healthz with 200; at most {GOAL_SECONDS:.0f} s")
    print(f"started again                    {max(peaceful):5.2f} s, the longest of {TIMES}")
    print(f"started again after a kill -9    {after_kill:5.2f} s, killed while it imported {events // 10:,} rows")
    print(f"DuckDB alone, opening the file   {peer:5.2f} s: {max(peaceful) / peer:.1f} times as long")


def _prepare(folder: Path, events: int) -> None:
    from core.config.wallet import WalletSettings  # noqa: PLC0415 - as above
    from core.wallet.ingest.pipeline import import_files  # noqa: PLC0415 - slow to load, and the served process does not import it
    from core.wallet.ingest.sample_data import write_events  # noqa: PLC0415 - as above
    from core.warehouse.database import open_warehouse  # noqa: PLC0415 - as above

    (folder / "app.yaml").write_text(SETTINGS, encoding="utf-8")
    write_events(folder / EXPORT, events, days=DAYS)
    write_events(folder / MORE, events // 10, seed=8, days=DAYS)
    with open_warehouse(folder / WALLET) as warehouse:
        import_files(warehouse, [folder / EXPORT], WalletSettings())
    (folder / EXPORT).unlink()


def _restarted(folder: Path) -> float:
    """Return the seconds from start to readiness; the service was stopped cleanly."""
    with _served(folder) as (process, _, seconds):
        process.terminate()
        process.wait()
    return seconds


def _killed_while_importing(folder: Path) -> None:
    """Kill the service while its import is in the write-ahead log."""
    with _served(folder) as (process, _, _):
        (folder / MORE).rename(folder / "inbox" / MORE)
        log, deadline = folder / f"{WALLET}.wal", time.monotonic() + WAIT_SECONDS
        while not (log.exists() and log.stat().st_size > len(SETTINGS)) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        process.kill()
        process.wait()


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """Yield a ready service, its address, and the seconds it took."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "AGENTCOST_WAREHOUSE": str(folder / WALLET)}
    command = [sys.executable, "-m", "bot", "serve", "--port", "0"]
    began = time.perf_counter()
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(command, cwd=folder, env=variables, text=True, stdout=subprocess.PIPE, stderr=log)
    try:
        told = next(line for line in process.stdout or () if "/metrics" in line)
        address = told.split()[-1].removesuffix("/metrics.")
        while not _is_ready(address):
            time.sleep(POLL_SECONDS)
        yield process, address, time.perf_counter() - began
    finally:
        process.terminate()
        process.communicate()


def _is_ready(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz") as answer:
            return bool(answer.status)
    except HTTPError:
        return False


def _opened(folder: Path) -> float:
    """Return the seconds of a Python process that opens the file with DuckDB and exits."""
    began = time.perf_counter()
    opened = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('SELECT 1')"
    subprocess.run([sys.executable, "-c", opened, folder / WALLET], check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
