"""`agentcost serve` as it is run: a process of its own, asked by signed requests, stopped by SIGTERM."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_socket import SlackSocket, SocketWorkspace, envelope_of

ROOT = Path(__file__).parents[2]
SECRET = "a secret of the test"
READY_WITHIN_SECONDS = 20.0
SOCKET_MODE = "Slack's requests are taken in Socket Mode; Slack is connected.\n"


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    """Whether something listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def service() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Give a running service and its port, and stop it."""
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
    """The process that `agentcost serve` starts takes a command that Slack signed."""
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
    """Told to stop, the service ends by itself and says nothing of trouble."""
    process, port = service
    process.send_signal(signal.SIGTERM)
    _, complaints = process.communicate(timeout=20)
    assert (is_open(port), complaints) == (False, "")


def refusal(*arguments: str, **variables: str) -> tuple[int, str]:
    """Return exit status and complaint of a start with these variables and no other of Slack's."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    command = [sys.executable, "-m", "bot", "serve", *arguments]
    run = subprocess.run(
        command, env={**others, "PYTHONPATH": str(ROOT), **variables}, text=True, capture_output=True, check=False, timeout=20
    )
    return run.returncode, run.stderr


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [((), ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]), (("--port", "0"), ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"])],
    ids=["Socket Mode", "HTTP"],
)
def test_without_secrets_every_missing_variable_is_named(arguments: tuple[str, ...], needed: list[str]) -> None:
    """One start tells everything that is not set."""
    status, complaint = refusal(*arguments)
    assert (status, [f"{name} is not set" in complaint for name in needed]) == (2, [True, True])


def test_exchanged_tokens_are_told_without_showing_them() -> None:
    """Whoever pastes the one token for the other is told which is which; neither is shown."""
    status, complaint = refusal(SLACK_BOT_TOKEN="xapp-hidden", SLACK_APP_TOKEN="xoxb-hidden")
    assert (status, complaint.count("does not look right"), "hidden" in complaint) == (2, 2, False)


@pytest.fixture
def socket_service(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], SlackServer, SlackSocket]]:
    """Give a running service in Socket Mode, its Slack and Slack's side of the connection, and stop it."""
    with SlackSocket() as socket_side, SlackServer() as slack:
        slack.socket = socket_side
        variables = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": slack.token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": f"{slack.url}/api/",
            "AGENTCOST_WAREHOUSE": str(tmp_path / "none.duckdb"),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], env=variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            socket_side.wait_until(lambda: socket_side.greeted == 1)
            yield process, slack, socket_side
        finally:
            process.kill()
            process.communicate()


def test_socket_mode_answers_and_ends_cleanly(
    socket_service: tuple[subprocess.Popen[str], SlackServer, SlackSocket],
) -> None:
    """The process that `agentcost serve` starts by default answers over the connection, and leaves it when told to."""
    process, slack, socket_side = socket_service
    SocketWorkspace(slack, "", "unused", socket=socket_side).slash("breakeven 200 users")
    process.send_signal(signal.SIGTERM)
    said, complaints = process.communicate(timeout=20)
    assert (len(slack.sent), process.returncode, complaints, said) == (1, 0, "", SOCKET_MODE)


def test_killed_service_loses_nothing_that_slack_still_holds(
    socket_service: tuple[subprocess.Popen[str], SlackServer, SlackSocket],
) -> None:
    """What was not acknowledged when the process was killed stays with Slack, for the next process."""
    process, slack, socket_side = socket_service
    process.send_signal(signal.SIGSTOP)
    kept = socket_side.deliver(*envelope_of(*SocketWorkspace(slack, "", "unused", socket=socket_side).slash_request("help")))
    process.kill()
    process.wait()
    assert kept in socket_side.pending
