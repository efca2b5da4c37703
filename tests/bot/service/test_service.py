"""`agentcost serve` in a process of its own, with signed requests, stopped by SIGTERM."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.fakes.ports import free_port, is_open
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.socket import SlackSocket, SocketWorkspace, envelope_of
from tests.fakes.waiting import WAIT_SECONDS

ROOT = Path(__file__).parents[3]
SECRET = "a secret of the test"
READY_WITHIN_SECONDS = 20.0
SOCKET_MODE = "Slack is connected in Socket Mode.\n"


def troubles(log: str) -> list[str]:
    """Return the unusual lines of a log."""
    return [line for line in log.splitlines() if json.loads(line)["level"] != "INFO"]


@pytest.fixture
def service() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start a service, yield it with its port, and stop it."""
    port = free_port()
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "SLACK_BOT_TOKEN": "xoxb-test", "SLACK_SIGNING_SECRET": SECRET}
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not is_open(port) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    yield process, port
    process.kill()
    process.communicate()


def test_a_signed_command_is_acknowledged(service: tuple[subprocess.Popen[str], int]) -> None:
    """The process that `agentcost serve` starts accepts a command signed by Slack."""
    body = urlencode(
        {"command": "/agentcost", "text": "breakeven 200 users", "user_id": "U1", "team_id": "T1", "channel_id": "C1"}
    )
    headers = {"content-type": "application/x-www-form-urlencoded"}
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    signed = headers | {"x-slack-request-timestamp": stamp, "x-slack-signature": str(signature)}
    with urlopen(Request(f"http://127.0.0.1:{service[1]}/slack/events", body.encode(), signed)) as response:
        assert response.status == 200


def test_sigterm_ends_the_service_cleanly(service: tuple[subprocess.Popen[str], int]) -> None:
    """The service ends by itself and logs no error."""
    process, port = service
    process.send_signal(signal.SIGTERM)
    _, complaints = process.communicate(timeout=WAIT_SECONDS)
    assert (is_open(port), troubles(complaints)) == (False, [])


def refusal(*arguments: str, **variables: str) -> tuple[int, str]:
    """Return exit status and error of a start with these variables and no others of Slack's."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    command = [sys.executable, "-m", "bot", "serve", *arguments]
    run = subprocess.run(
        command,
        env={**others, "PYTHONPATH": str(ROOT), **variables},
        text=True,
        capture_output=True,
        check=False,
        timeout=WAIT_SECONDS,
    )
    return run.returncode, run.stderr


@pytest.mark.parametrize(
    ("arguments", "known", "needed"),
    [
        ((), {}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "There is nothing to do"]),
        ((), {"SLACK_SIGNING_SECRET": SECRET}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "Or name a port"]),
        (("--port", "0"), {"SLACK_BOT_TOKEN": "xoxb-test"}, ["SLACK_SIGNING_SECRET"]),
    ],
    ids=["nothing", "Socket Mode", "HTTP"],
)
def test_without_secrets_every_missing_variable_is_named(
    arguments: tuple[str, ...], known: dict[str, str], needed: list[str]
) -> None:
    """One start lists everything that is not set."""
    status, complaint = refusal(*arguments, **known)
    assert (status, [words for words in needed if words not in complaint]) == (2, [])


def test_exchanged_tokens_are_told_without_showing_them() -> None:
    """The error says which token belongs where, and shows neither."""
    status, complaint = refusal(SLACK_BOT_TOKEN="xapp-hidden", SLACK_APP_TOKEN="xoxb-hidden")
    assert (status, complaint.count("does not look right"), "hidden" in complaint) == (2, 2, False)


@contextmanager
def connected_process(slack: SlackServer, socket_side: SlackSocket, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a service in Socket Mode, connected to a Slack, and stop it."""
    variables = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": slack.token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": f"{slack.url}/api/",
        "AGENTCOST_WAREHOUSE": str(folder / "none.duckdb"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"], env=variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    before = socket_side.greeted
    try:
        socket_side.wait_until(lambda: socket_side.greeted > before)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def socket_side() -> Iterator[SlackSocket]:
    """Slack's side of the connection."""
    with SlackSocket() as made:
        yield made


@pytest.fixture
def slack(socket_side: SlackSocket) -> Iterator[SlackServer]:
    """A Slack that accepts apps by Socket Mode."""
    with SlackServer(socket=socket_side) as server:
        yield server


def test_socket_mode_answers_and_ends_cleanly(slack: SlackServer, socket_side: SlackSocket, tmp_path: Path) -> None:
    """The process that `agentcost serve` starts by default answers over the connection, and closes it when stopped."""
    with connected_process(slack, socket_side, tmp_path) as process:
        SocketWorkspace(slack, "", "unused", socket=socket_side).slash("breakeven 200 users")
        process.send_signal(signal.SIGTERM)
        said, complaints = process.communicate(timeout=WAIT_SECONDS)
    assert (len(slack.sent), process.returncode, troubles(complaints), said) == (1, 0, [], SOCKET_MODE)


def doctor(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start doctor in a shell without Slack's variables, beside the service that holds the folder's warehouse."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    variables = {**known, "PYTHONPATH": str(ROOT), "AGENTCOST_WAREHOUSE": str(folder / "none.duckdb")}
    command = [sys.executable, "-m", "bot", "doctor", *words]
    return subprocess.Popen(command, env=variables, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_doctor_asks_the_service_that_runs(slack: SlackServer, socket_side: SlackSocket, tmp_path: Path) -> None:
    """Without Slack's tokens in its own shell, doctor reports the service's state with Slack."""
    with connected_process(slack, socket_side, tmp_path):
        asking = doctor(tmp_path)
        out, err = asking.communicate(timeout=WAIT_SECONDS)
    assert (asking.returncode, err) == (0, "")
    assert ("the Slack checks passed" in out, "The service: socket mode: " in out) == (True, True)


def test_the_service_that_runs_makes_the_round_trip(slack: SlackServer, socket_side: SlackSocket, tmp_path: Path) -> None:
    """`doctor --send` needs no token if the service has it: the service posts the message and receives its button."""
    with connected_process(slack, socket_side, tmp_path):
        asking = doctor(tmp_path, "--send", "C0TEAM")
        [sent] = slack.wait_for(1)
        SocketWorkspace(slack, "", "unused", socket=socket_side).press("Send it back", sent)
        out, err = asking.communicate(timeout=WAIT_SECONDS)
    assert (asking.returncode, err, "Sent to C0TEAM" in out, "It came back" in out) == (0, "", True, True)


def test_what_a_killed_service_had_not_acknowledged_is_answered_by_the_next(
    slack: SlackServer, socket_side: SlackSocket, tmp_path: Path
) -> None:
    """A request that reached a killed process stays with Slack, and the next process answers it."""
    command = SocketWorkspace(slack, "", "unused", socket=socket_side).slash_request("breakeven 200 users")
    with connected_process(slack, socket_side, tmp_path) as process:
        process.send_signal(signal.SIGSTOP)
        kept = socket_side.deliver(*envelope_of(*command))
    with connected_process(slack, socket_side, tmp_path):
        socket_side.wait_for(kept)
        sent = slack.wait_for(1)
    assert (socket_side.delivered.count(kept), len(sent)) == (2, 1)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_stopping_loses_no_acknowledged_request(slack: SlackServer, socket_side: SlackSocket, tmp_path: Path, sign: int) -> None:
    """Acknowledged requests are answered before the process ends; others stay with Slack."""
    workspace = SocketWorkspace(slack, "", "unused", socket=socket_side)
    with connected_process(slack, socket_side, tmp_path) as process:
        asked = [socket_side.deliver(*envelope_of(*workspace.slash_request("breakeven payg"))) for _ in range(20)]
        socket_side.wait_for(asked[0])
        process.send_signal(sign)
        process.communicate(timeout=WAIT_SECONDS)
    assert len(slack.sent) == len(socket_side.acknowledged)
    assert len(socket_side.acknowledged) + len(socket_side.pending) == len(asked)
