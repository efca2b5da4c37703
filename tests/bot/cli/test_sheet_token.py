"""`agentcost sheet-token`: tokens are created, shown once, listed and revoked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.cli.main import main
from bot.wiring import refreshing, token_store
from core.errors import InputError
from core.scope import Scope
from tests.fakes.ports import free_port, is_open
from tests.fakes.waiting import WAIT_SECONDS

ROOT = Path(__file__).parents[3]
READY_WITHIN_SECONDS = 20.0
ID = "1AbcdefghijklmnopqrstuvwxyZ"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the output of sheet-token."""
    assert main([*arguments]) == 0
    return capsys.readouterr().out


def made(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return a new token."""
    told: dict[str, str] = json.loads(printed(capsys, "--json", "sheet-token", ID, *arguments))
    return told["token"]


@pytest.mark.parametrize(
    "said", [ID, f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0", f"https://docs.google.com/spreadsheets/u/1/d/{ID}"]
)
def test_a_token_is_for_the_spreadsheet_that_is_named(capsys: pytest.CaptureFixture[str], said: str) -> None:
    """By its id, or by the address in the browser."""
    token = json.loads(printed(capsys, "--json", "sheet-token", said))["token"]
    found = token_store().find(token)
    assert found is not None
    assert (found.spreadsheet_id, found.scope, found.only) == (ID, "pricing", Scope())


def test_a_token_opens_the_part_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """One org, and any number of departments and agents."""
    token = made(capsys, "--scope", "wallet", "--org", "EMEA", "--department", "Sales", "--department", "Service", "--agent", "A")
    found = token_store().find(token)
    assert found is not None
    assert (found.scope, found.only) == ("wallet", Scope(("EMEA",), ("Sales", "Service"), ("A",)))


def test_a_token_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    """It is printed when it is created; the list has everything about it but the token."""
    secret = made(capsys, "--scope", "wallet", "--org", "EMEA").split("_", 2)[2]
    listed = printed(capsys, "sheet-token", "--list") + printed(capsys, "--json", "sheet-token", "--list")
    assert ("wallet of org EMEA" in listed, ID in listed, secret in listed, "hash" in listed) == (True, True, False, False)


def test_a_token_is_revoked_by_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    """It gives no access any more, the list says since when, and revoking it again is reported."""
    token = made(capsys)
    token_id = token.split("_")[1]
    printed(capsys, "sheet-token", "--revoke", token_id)
    assert (token_store().find(token), main(["sheet-token", "--revoke", token_id])) == (None, 2)
    assert "revoked already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Name the spreadsheet"),
        (["my sheet"], "is not a spreadsheet"),
        ([ID, "--org", "EMEA"], "add --scope wallet"),
        (["--revoke", "12345678"], 'There is no token "12345678"'),
    ],
)
def test_what_cannot_be_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    """The sentence says what is wrong and what to do; no token is created."""
    assert main(["sheet-token", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert token_store().all() == ()


def test_without_tokens_the_list_says_how_to_make_one(capsys: pytest.CaptureFixture[str]) -> None:
    """The list is empty at first."""
    assert printed(capsys, "sheet-token", "--list").startswith("There are no tokens yet.")


def status(port: int, question: str, token: str) -> int:
    """Return the HTTP status of a question to a running service."""
    request = Request(f"http://127.0.0.1:{port}/v1/ask?q={question}", headers={"Authorization": f"Bearer {token}"})
    try:
        with urlopen(request) as response:
            return int(response.status)
    except HTTPError as error:
        return error.code


def test_the_running_service_knows_tokens_made_and_revoked_meanwhile(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`agentcost serve` answers formulas; a token of another process works at once for its part, and once revoked for nothing."""
    port = free_port()
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "SLACK_BOT_TOKEN": "xoxb-test", "SLACK_SIGNING_SECRET": "secret"}
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=variables, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not is_open(port) and time.monotonic() < deadline:
            time.sleep(0.05)
        token = made(capsys)
        before = [status(port, question, token) for question in ("breakeven+200+users", "wallet")]
        printed(capsys, "sheet-token", "--revoke", token.split("_")[1])
        after = status(port, "breakeven+200+users", token)
        process.terminate()
        _, log = process.communicate(timeout=WAIT_SECONDS)
    assert (before, after) == ([200, 403], 401)
    assert "unknown or revoked token" in log
    assert token.split("_", 2)[2] not in log


def test_only_spreadsheets_of_app_yaml_are_written_anew() -> None:
    """A refresh of any other spreadsheet is refused before Google is asked."""
    with pytest.raises(InputError, match="not among the spreadsheets"):
        refreshing(None)(ID)
