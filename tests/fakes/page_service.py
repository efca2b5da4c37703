"""`agentcost serve` with an invented wallet, asked over HTTP as a browser or another program does."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from core.wallet.ingest.sample_data import write_events

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
DAYS, EVENTS = 80, 3_000
SETTINGS = """
contract: {{start: {start}, end: {end}, grants: [{{credits: 100000}}]}}
teams:
  {teams}
"""
TEAMS = """FinOps: {owner: Kim}
  Service: {departments: [Service], owner: Ada}"""


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


class PageService:
    """A service that runs in a folder."""

    def __init__(self, folder: Path, teams: str = TEAMS, **variables: str) -> None:
        """Write the settings and import the wallet. teams: as app.yaml has them. variables: of the environment."""
        self.folder = folder
        today = datetime.now(UTC).date()
        first = today - timedelta(days=DAYS)
        self.last_day = today - timedelta(days=1)
        settings = SETTINGS.format(start=first, end=first + timedelta(days=365), teams=teams)
        (folder / "app.yaml").write_text(settings, encoding="utf-8")
        write_events(folder / "usage.csv", EVENTS, first_day=first, days=DAYS)
        self._variables = {
            **os.environ,
            **variables,
            "PYTHONPATH": str(ROOT),
            "AGENTCOST_WAREHOUSE": str(folder / "w.duckdb"),
        }
        self.agentcost("import", "usage.csv")
        self.address = ""

    def agentcost(self, *words: str) -> str:
        """Run a command and return what it said."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self._variables,
            text=True,
            check=True,
            capture_output=True,
        ).stdout

    @contextmanager
    def running(self) -> Iterator[PageService]:
        """Serve on a free port until the end of the block."""
        command = [sys.executable, "-m", "bot", "serve", "--port", "0"]
        with subprocess.Popen(
            command, cwd=self.folder, env=self._variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            try:
                said = next(line for line in iter(process.stdout or ()) if line.startswith("The page is at "))
                self.address = said.split()[-1].rstrip("/.")
                yield self
            finally:
                process.kill()

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Reply:
        """Send one request and return what came back; no redirect is followed. headers: `_` for `-`."""
        where = urlsplit(self.address)
        connection = http.client.HTTPConnection(str(where.hostname), where.port or 0, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, told, response.read().decode())
        finally:
            connection.close()
