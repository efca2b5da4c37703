"""Several services on one PostgreSQL all answer; one sends, and another takes over once it is killed, cut off or stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from core.config.loader import GrantInput
from core.ingestion import ingest
from core.wallet.ingest.sample_data import write_events
from core.warehouse import open_warehouse, queries
from tests.fakes.ports import free_port
from tests.fakes.postgres import SKIPPED, Cluster, programs, run_cluster
from tests.fakes.small_wallet import context_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.warehouse import PostgresAddress

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server on this machine."""
    with run_cluster() as running:
        yield running


class Replica:
    """A service in a process of its own. run: runs a command on its machine, and returns what that prints."""

    def __init__(self, address: PostgresAddress, folder: Path) -> None:
        self.port = free_port()
        variables = {**os.environ, "AGENTCOST_WAREHOUSE": address.url, "PYTHONPATH": str(ROOT)}
        program = "import sys; from bot.cli.main import main; sys.exit(main(sys.argv[1:]))"
        self.run = partial(_output_of, [sys.executable, "-c", program], cwd=folder, env=variables)
        self.log = folder / f"{self.port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, "serve", "--port", str(self.port)],
                cwd=folder, env=variables, stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def is_ready(self) -> bool:
        """Whether it answers."""
        return bool(self._told())

    @property
    def sends(self) -> bool:
        """Whether it is the one that sends and runs the schedule."""
        return str(self._told().get("replica", {}).get("why", "")).startswith("This service sends")

    def _told(self) -> dict[str, dict[str, object]]:
        """Return the state of each part; nothing if it is not ready."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return dict(json.load(answer)["parts"])
        except (URLError, OSError):
            return {}


def _output_of(program: list[str], *words: str, cwd: Path, env: dict[str, str]) -> str:
    return subprocess.check_output([*program, *words], cwd=cwd, env=env, text=True)


def wait_for(what: Callable[[], bool]) -> bool:
    """Return whether a condition holds within two minutes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (holds := what()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return holds


@pytest.fixture
def start(cluster: Cluster, tmp_path: Path) -> Iterator[Callable[..., Replica]]:
    """Start services on one new database, each in a folder, by default the same one; all are gone in the end."""
    address = cluster.create()
    with ExitStack() as until_the_end:

        def started(folder: Path = tmp_path) -> Replica:
            replica = Replica(address, folder)
            until_the_end.callback(replica.process.wait)
            until_the_end.callback(replica.process.kill)
            return replica

        yield started


def test_both_answer_and_the_next_one_sends_when_the_first_is_killed(start: Callable[[], Replica]) -> None:
    """A second service answers beside the first, reports that the first sends, and sends once the first is killed."""
    first = start()
    assert wait_for(lambda: first.sends), first.log.read_text()
    second = start()
    assert wait_for(lambda: second.is_ready), second.log.read_text()
    assert wait_for(lambda: "this one answers" in second.log.read_text())
    assert first.is_ready
    assert not second.sends
    first.process.kill()
    assert wait_for(lambda: second.sends), second.log.read_text()


def test_a_token_that_one_machine_makes_opens_all(start: Callable[[Path], Replica], tmp_path: Path) -> None:
    """Machines share no folder: what is made on one is taken by the other, and revoked on the other, it is taken by none."""
    folders = tmp_path / "first", tmp_path / "second"
    for folder in folders:
        folder.mkdir()
    first, second = map(start, folders)
    assert wait_for(lambda: first.is_ready and second.is_ready), first.log.read_text() + second.log.read_text()
    token = json.loads(first.run("--json", "sheet-token", "1AbcdefghijklmnopqrstuvwxyZ"))["token"]
    assert [_status_of_question(one, token) for one in (first, second)] == [200, 200]
    second.run("sheet-token", "--revoke", token.split("_")[1])
    assert wait_for(lambda: [_status_of_question(one, token) for one in (first, second)] == [401, 401])


def _status_of_question(replica: Replica, token: str) -> int:
    address = f"http://127.0.0.1:{replica.port}/v1/ask?q=breakeven+200+users"
    try:
        with urlopen(Request(address, headers={"Authorization": f"Bearer {token}"})) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def test_one_that_was_asleep_ends_when_it_wakes(start: Callable[[], Replica]) -> None:
    """A suspended service is replaced, and ends with status 1 as soon as it wakes."""
    first = start()
    assert wait_for(lambda: first.sends), first.log.read_text()
    second = start()
    os.kill(first.process.pid, signal.SIGSTOP)
    try:
        assert wait_for(lambda: second.sends), second.log.read_text()
    finally:
        os.kill(first.process.pid, signal.SIGCONT)
    assert wait_for(lambda: first.process.poll() == 1), first.log.read_text()
    assert "another may take over" in first.log.read_text()


def test_a_database_that_restarts_is_waited_for(cluster: Cluster, start: Callable[[], Replica]) -> None:
    """The sending service ends with its connection; the other answers nothing meanwhile; both recover with the database."""
    first = start()
    assert wait_for(lambda: first.sends), first.log.read_text()
    other = start()
    assert wait_for(lambda: other.is_ready), other.log.read_text()
    cluster.stop()
    assert wait_for(lambda: first.process.poll() == 1), first.log.read_text()
    second = start()
    assert wait_for(lambda: "cannot be reached" in second.log.read_text())
    assert wait_for(lambda: not other.is_ready), other.log.read_text()
    cluster.start()
    assert wait_for(lambda: second.is_ready and other.is_ready), f"{second.log.read_text()} {other.log.read_text()}"
    assert wait_for(lambda: second.sends != other.sends)


def test_what_a_killed_import_left_is_decided_at_the_next_look(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the service's clock stopped, the level that another machine's import passed is still sent."""
    address, now = cluster.create(), datetime.now(UTC)
    start = now.date() - timedelta(days=10)
    grant = GrantInput(Decimal(1_000), start, start + timedelta(days=365))
    settings = f"contract: {{start: {grant.start}, end: {grant.end}, grants: [{{credits: {grant.credits}}}]}}\n"
    (tmp_path / "app.yaml").write_text(f"{settings}teams: {{All: {{channels: [C0TEAM]}}}}\n", encoding="utf-8")
    write_events(tmp_path / "usage.csv", 200, first_day=start, days=9)
    variables = {**os.environ, "AGENTCOST_WAREHOUSE": address.url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.harness.service_process", now.isoformat(), "0"]

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with open_warehouse(address) as warehouse, subprocess.Popen(command, cwd=tmp_path, env=variables) as service:
        try:
            assert wait_for(lambda: warehouse.row(queries.EvaluationRow).evaluated_at is not None)
            monkeypatch.setattr("core.ingestion.evaluate_alerts", killed)
            with pytest.raises(KeyboardInterrupt):
                ingest(warehouse, [tmp_path / "usage.csv"], context_of(warehouse), who="kim", source="test")
            assert wait_for(lambda: not warehouse.row(queries.EvaluationRow).is_due)
            assert warehouse.execute("SELECT DISTINCT rule FROM alerts WHERE rule = 'level'") == [("level",)]
        finally:
            service.kill()


def test_nothing_asked_is_lost_where_a_replica_is_killed() -> None:
    """Members ask three replicas, one of which is killed: each question is answered once, each level sent once. More by hand."""
    if programs() is None:
        pytest.skip(SKIPPED)
    run = subprocess.run(
        [sys.executable, "-m", "tests.harness.replicas", "1"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout)
    assert (found["kills"], found["wrong"]) == (1, [])
    assert min(found["commands"], found["mentions"], found["messages"]) > 0
