"""`agentcost serve` as it is run: a process of its own, asked by signed requests, stopped by SIGTERM."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.fakes.ports import free_port, is_open

ROOT = Path(__file__).parents[2]
SECRET = "a secret of the test"
READY_WITHIN_SECONDS = 20.0


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


def test_without_secrets_every_missing_variable_is_named() -> None:
    """One start tells everything that is not set."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")} | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-m", "bot", "serve"], env=variables, text=True, capture_output=True, check=False)
    assert run.returncode == 2
    assert [name in run.stderr for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")] == [True, True]
