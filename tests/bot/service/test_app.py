"""The whole service as a process, between a test Slack and a test Google: what people do, and what they see."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from core.wallet.ingest.sample_data import write_events
from core.warehouse.audit_log import deeds
from core.warehouse.database import open_warehouse
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.socket import SlackSocket, SocketWorkspace
from tests.fakes.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]
CHANNEL, SHEET = "C0SERVICE", "spreadsheet-of-the-team"
# Half of the credits are used, and they last longer than the term: one level is news, and nothing else.
TERM_END = date.today() + timedelta(days=30)  # noqa: DTZ011 - as the service
SETTINGS = f"""
contract: {{start: 2026-01-01, end: {TERM_END}, grants: [{{credits: 56000}}]}}
alerts: {{levels: [50], pace_percent: 9999, projected_days: 1, stale_days: 60, overhead_percent: 100, sandbox_percent: 100}}
teams:
  Service: {{channels: [{CHANNEL}], spreadsheets: [{SHEET}], owner: Kim}}
service: {{watched_folder: inbox, poll_seconds: 1}}
"""
HOLDER = """
import sys
from bot import wiring

with wiring.open_for_writing():
    print("ready", flush=True)
    sys.stdin.read()
"""


def wait_until(is_so: Callable[[], object]) -> None:
    """Return once a condition holds. Raises: TimeoutError."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


class Machine:
    """A folder with settings and an export, a Slack, a Google, and the programs between them."""

    def __init__(self, folder: Path, slack: SlackServer, sheets: SheetsServer, socket_side: SlackSocket) -> None:
        self.folder, self.slack, self.sheets, self.socket_side = folder, slack, sheets, socket_side
        (folder / "app.yaml").write_text(SETTINGS, encoding="utf-8")
        write_events(folder / "usage.csv", 1_500, first_day=date.today() - timedelta(days=90), days=80)  # noqa: DTZ011 - as the service
        self._variables = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": slack.token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": f"{slack.url}/api/",
            "GOOGLE_APPLICATION_CREDENTIALS": str(sheets.write_key(folder / "key.json")),
            "GOOGLE_SHEETS_API_URL": sheets.url,
            "AGENTCOST_WAREHOUSE": str(folder / "w.duckdb"),
        }

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a Python program in the folder."""
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=self.folder,
            env=self._variables,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def agentcost(self, *words: str) -> tuple[int, str]:
        """Run a command to its end; return its status and output."""
        out, err = (program := self.start("-m", "bot", *words)).communicate(timeout=WAIT_SECONDS)
        return program.returncode, out + err

    @contextmanager
    def service(self) -> Iterator[Running]:
        """Start a service and yield it; it is killed in the end, unless it ended before."""
        process = self.start("-m", "bot", "serve", "--port", "0")
        try:
            lines = iter(process.stdout or ())
            yield Running(process, next(line.split()[-1] for line in lines if "/metrics" in line).removesuffix("/metrics."))
        finally:
            process.kill()
            process.communicate()


class Running:
    """A running service."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self._address = process, address

    def get(self, path: str, token: str = "") -> tuple[int, str]:
        """Return status and text of one of its pages."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            with urlopen(Request(f"{self._address}/{path}", headers=headers)) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    def is_ready(self) -> bool:
        """Whether it has the warehouse."""
        return self.get("healthz")[0] == 200

    def end(self) -> tuple[int, list[str]]:
        """Stop it; return its status and the unusual lines of its log."""
        self.process.send_signal(signal.SIGTERM)
        said = self.process.communicate(timeout=WAIT_SECONDS)[1]
        return self.process.returncode, [line for line in said.splitlines() if json.loads(line)["level"] != "INFO"]


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine without a running service; its folder's name is short, as Unix sockets need it."""
    with (
        TemporaryDirectory(prefix="ac-") as folder,
        SlackSocket() as side,
        SlackServer(socket=side) as slack,
        SheetsServer() as sheets,
    ):
        slack.channels.add(CHANNEL)
        slack.member_of.add(CHANNEL)
        sheets.add_book(SHEET)
        yield Machine(Path(folder), slack, sheets, side)
        assert sheets.broken == []


def cells(machine: Machine, sheet: str) -> list[object]:
    """Return the cells of a worksheet of the team's spreadsheet."""
    found = machine.sheets.book(SHEET).titled(sheet)
    return [value for cell in found.cells.values() for value in cell.get("userEnteredValue", {}).values()] if found else []


def test_an_import_by_command_line_is_told_once_in_slack_and_in_the_spreadsheet(machine: Machine) -> None:
    """The service runs the import, and the alert appears in the channel and in Alerts, once each, under one key."""
    with machine.service() as service:
        assert machine.agentcost("import", "usage.csv")[0] == 0
        machine.slack.wait_for(1)
        [key] = machine.slack.conversations.keys(CHANNEL)
        wait_until(lambda: key in cells(machine, "Alerts"))
        machine.agentcost("alerts")
        assert service.end() == (0, [])
    assert machine.slack.conversations.keys(CHANNEL) == [key]
    assert (key.startswith("level-50-"), cells(machine, "Alerts").count(key)) == (True, 1)


def test_a_restarted_service_tells_nothing_again(machine: Machine) -> None:
    """Killed after the alert was sent and started again, it sends nothing more."""
    with machine.service():
        machine.agentcost("import", "usage.csv")
        machine.slack.wait_for(1)
    with machine.service() as service:
        machine.agentcost("import", "usage.csv")
        wait_until(lambda: 'agentcost_jobs_total{job="decide",outcome="done"}' in service.get("metrics")[1])
        wait_until(lambda: 'state="waiting"' not in service.get("metrics")[1])
    assert len(machine.slack.conversations.keys(CHANNEL)) == 1


def test_a_file_in_the_watched_folder_is_imported_and_put_away(machine: Machine) -> None:
    """It is moved to done/ with its report beside it, and alerts like any import."""
    with machine.service() as service:
        (machine.folder / "usage.csv").rename(machine.folder / "inbox" / "usage.csv")
        (machine.folder / "inbox" / "notes.txt").write_text("Milk, eggs.", encoding="utf-8")
        machine.slack.wait_for(1)
        wait_until((machine.folder / "inbox" / "rejected" / "notes.txt.report.txt").exists)
        report = (machine.folder / "inbox" / "done" / "usage.csv.report.txt").read_text(encoding="utf-8")
        assert 'agentcost_imported_files_total{outcome="imported"} 1.0' in service.get("metrics")[1]
    assert "1,500" in report


def test_the_button_acknowledges_for_everyone_and_the_audit_knows(machine: Machine) -> None:
    """Acknowledged in Slack, the alert is acknowledged on the command line too, by the person who pressed."""
    with machine.service():
        machine.agentcost("import", "usage.csv")
        [sent] = machine.slack.wait_for(1)
        workspace = SocketWorkspace(machine.slack, "", "unused", socket=machine.socket_side)
        workspace.press("I'm on it", sent, channel=CHANNEL)
        machine.slack.wait_for(2)
        assert "acknowledged" in machine.agentcost("alerts", "acknowledged", "--how")[1]
        assert "U0ASKER" in machine.agentcost("alerts", "acknowledged", "--how")[1]


def test_what_formulas_read_of_the_wallet_is_counted_and_noted_once_a_day(machine: Machine) -> None:
    """A sheet asks again with each recalculation; the audit log names its token once a day, and never for a price."""
    machine.agentcost("import", "usage.csv")
    token = machine.agentcost("sheet-token", SHEET, "--scope", "wallet")[1]
    secret = next(word for word in token.split() if word.startswith("agentcost_"))
    with machine.service() as service:
        wait_until(service.is_ready)
        asked = [service.get(f"v1/ask?q={question}", secret)[0] for question in ("wallet", "wallet", "prices", "froodle")]
        counted = service.get("metrics")[1]
        assert service.end()[0] == 0
    assert asked == [200, 200, 200, 422]
    assert 'agentcost_questions_total{outcome="answered",surface="formulas"} 3.0' in counted
    assert 'agentcost_questions_total{outcome="refused",surface="formulas"} 1.0' in counted
    with open_warehouse(machine.folder / "w.duckdb") as warehouse, warehouse.reading() as session:
        noted = [deed for deed in deeds(session) if deed.source == "formulas"]
    assert {(deed.what, deed.about, deed.who.startswith("token ")) for deed in noted} == {
        ("asked", "wallet", True),
        ("asked", "froodle", True),  # looked up among the wallet's names
    }
    assert len(noted) == 2


def test_a_second_service_says_who_holds_the_warehouse_and_ends(machine: Machine) -> None:
    """It ends with status 1 and names the process; the first one continues undisturbed."""
    with machine.service() as first:
        status, said = machine.agentcost("serve")
        assert (status, f"(process {first.process.pid})" in said, first.is_ready()) == (1, True, True)


def test_it_is_not_ready_while_another_process_has_the_file(machine: Machine) -> None:
    """Its health says since when and why, prices still work, and it continues once the file is free."""
    holder = machine.start("-c", HOLDER)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    with machine.service() as service:
        status, told = service.get("healthz")
        health = json.loads(told)
        assert (status, health["status"], f"process {holder.pid}" in health["why"]) == (503, "not ready", True)
        assert datetime.fromisoformat(health["since"]) <= datetime.now(UTC)
        assert "agentcost_warehouse_open 0.0" in service.get("metrics")[1]
        holder.communicate("", timeout=WAIT_SECONDS)
        wait_until(service.is_ready)
        assert service.end()[0] == 0
