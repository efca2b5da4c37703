"""The app in several workspaces: installed through Bolt's pages over HTTP, by a service as people run it."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest
from cryptography.fernet import Fernet

from bot.manifest import build_described_app, manifest_text, scopes
from tests.fakes.ports import free_port
from tests.fakes.slack.server import member
from tests.fakes.slack.workspace import Workspace
from tests.fakes.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.slack.server import Sent, SlackServer

ROOT = Path(__file__).parents[3]
SECRET, KEY = "0123456789abcdef" * 2, Fernet.generate_key().decode()
FIRST, SECOND, ELSEWHERE, ORG = "T0FIRST", "T0SECOND", "T0ELSEWHERE", "E0GROUP"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Go nowhere: the test reads where it leads."""


class Browser:
    """Somebody's browser: it keeps cookies, and says where pages lead."""

    def __init__(self, address: str) -> None:
        self.address, self.cookie = address, ""

    def get(self, url: str) -> tuple[int, str, str]:
        """Return status, page and where it leads."""
        request = urllib.request.Request(url, headers={"Cookie": self.cookie} if self.cookie else {})
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=WAIT_SECONDS) as response:
                self._remember(response.headers.get("Set-Cookie"))
                return response.status, response.read().decode(), response.headers.get("Location", "")
        except HTTPError as told:
            with told:
                return told.code, told.read().decode(), told.headers.get("Location", "")

    def _remember(self, told: str | None) -> None:
        self.cookie = told.partition(";")[0] if told else self.cookie

    def begin(self) -> str:
        """Open the install page, press its button, allow it in Slack; return where Slack leads back to."""
        status, page, _ = self.get(f"{self.address}/slack/install")
        assert status == 200
        [url] = re.findall(r'href="([^"]+/oauth/v2/authorize[^"]*)"', page)
        return self.get(url.replace("&amp;", "&"))[2]

    def install(self) -> tuple[int, str]:
        """Install the app, and return status and page at the end."""
        status, page, _ = self.get(self.begin())
        return status, page


class Machine:
    """A folder with app.yaml and a warehouse, and the service on it."""

    def __init__(self, folder: Path, slack: SlackServer) -> None:
        self.folder, self.slack, self.port = folder, slack, free_port()
        self._numbers = itertools.count(1)
        self.address = f"http://127.0.0.1:{self.port}"
        slack.oauth.client_secret = SECRET
        self.configure(FIRST, SECOND, ORG)
        self.variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "AGENTCOST_"))},
            "PYTHONPATH": str(ROOT),
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_CLIENT_ID": slack.oauth.client_id,
            "SLACK_CLIENT_SECRET": SECRET,
            "AGENTCOST_SECRET_KEY": KEY,
            "SLACK_API_URL": f"{slack.url}/api/",
            "AGENTCOST_WAREHOUSE": str(folder / "w.duckdb"),
        }

    def configure(self, *workspaces: str, teams: str = "") -> None:
        """Write app.yaml."""
        listed = ", ".join(workspaces)
        text = f"slack:\n  oauth: {{address: {self.address}, workspaces: [{listed}]}}\nservice: {{poll_seconds: 1}}\n{teams}"
        (self.folder / "app.yaml").write_text(text, encoding="utf-8")

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        program = [sys.executable, str(ROOT / "agentcost.py"), *command]
        return subprocess.run(
            program, cwd=self.folder, env=self.variables | more, text=True, capture_output=True, timeout=WAIT_SECONDS, check=False
        )

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve until the end of the block."""
        program = [sys.executable, str(ROOT / "agentcost.py"), "serve", "--port", str(self.port)]
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(program, cwd=self.folder, env=self.variables, stdout=log, stderr=log)
        try:
            self._wait_until_it_answers(process)
            yield
        finally:
            process.terminate()
            process.wait(WAIT_SECONDS)

    def workspace(self, team: str, organisation: str = "") -> Workspace:
        """Return somebody's Slack."""
        return Workspace(self.slack, self.address, SECRET, team=team, organisation=organisation, _numbers=self._numbers)

    def log(self) -> str:
        """Return what the service logged."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.log())


@pytest.fixture
def machine(tmp_path: Path, slack: SlackServer) -> Machine:
    """A machine whose app.yaml names two workspaces and an organisation."""
    for user, team in (("U0ONE", FIRST), ("U0TWO", SECOND)):
        slack.people[user] = member(team_id=team)
        slack.channels.add(user)
    return Machine(tmp_path, slack)


def sent_with(slack: SlackServer, count: int) -> list[Sent]:
    """Return what was sent with an installation's token, once there is so much."""
    return [one for one in slack.wait_for(count) if one.team]


def test_each_workspace_is_answered_with_its_own_token(machine: Machine, slack: SlackServer) -> None:
    """Two installations, one service: a mention in each is answered there; what comes from elsewhere is not heard."""
    with machine.serving():
        for team in (FIRST, SECOND):
            slack.oauth.chosen = team
            status, page = Browser(machine.address).install()
            assert (status, f"installed in Team {team}" in page) == (200, True)
        for team in (FIRST, SECOND):
            machine.workspace(team).mention("breakeven 200 users")
        answered = sent_with(slack, 2)
        told = machine.workspace(ELSEWHERE).slash("breakeven 200 users")
    assert sorted(one.team for one in answered) == [FIRST, SECOND]
    assert all(one.text.startswith("200 seats cost $25,000") for one in answered)
    assert json.loads(told.body)["text"].startswith("agentcost is not installed in this workspace")
    assert len(slack.sent) == 2


def test_installations_outlive_the_service_encrypted(machine: Machine, slack: SlackServer) -> None:
    """Another process answers with what the first one kept, of which the file shows nothing."""
    slack.oauth.chosen = FIRST
    with machine.serving():
        Browser(machine.address).install()
    written = b"".join(file.read_bytes() for file in machine.folder.iterdir() if file.is_file())
    assert [token for token in slack.oauth.tokens if token.encode() in written] == []
    with machine.serving():
        machine.workspace(FIRST).mention("breakeven 200 users")
        assert [one.team for one in sent_with(slack, 1)] == [FIRST]


def test_workspace_that_app_yaml_does_not_name_is_refused_and_its_token_given_back(machine: Machine, slack: SlackServer) -> None:
    """The page stands on the net: whoever finds it does not get a company's wallet."""
    slack.oauth.chosen = ELSEWHERE
    with machine.serving():
        status, page = Browser(machine.address).install()
        machine.workspace(ELSEWHERE).mention("breakeven 200 users")
    assert (status, "app.yaml does not name this workspace" in page, ELSEWHERE in page) == (403, True, True)
    assert ([issued.is_revoked for issued in slack.oauth.tokens.values()], slack.sent) == ([True], [])


def test_state_is_good_once_in_one_browser(machine: Machine, slack: SlackServer) -> None:
    """Nobody installs with a link that somebody else began, or twice with one."""
    slack.oauth.chosen = FIRST
    with machine.serving():
        browser = Browser(machine.address)
        back = browser.begin()
        elsewhere = Browser(machine.address).get(back)[:2]
        forged = browser.get(back.replace("state=", "state=x"))[0]
        first, again = browser.get(back)[0], browser.get(back)[0]
        slack.oauth.codes.clear()
        unknown = browser.get(browser.begin().replace("code=", "code=x"))[0]
        cancelled = browser.get(f"{machine.address}/slack/oauth_redirect?error=access_denied")[1]
    assert (elsewhere[0], "another browser" in elsewhere[1], forged, first, again, unknown) == (400, True, 400, 200, 401, 401)
    assert "The installation was not approved in Slack." in cancelled


def test_installation_is_removed_when_the_app_is_taken_out(machine: Machine, slack: SlackServer) -> None:
    """Slack tells of it; a late event after another installation takes nothing out."""
    slack.oauth.chosen = FIRST
    gone = {"type": "app_uninstalled"}
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}
    with machine.serving():
        Browser(machine.address).install()
        machine.workspace(FIRST).event(revoked)  # of an earlier installation: the token of this one is good
        machine.workspace(FIRST).mention("breakeven 200 users")
        assert len(slack.wait_for(1)) == 1
        slack.oauth.revoke(FIRST)
        machine.workspace(FIRST).event(gone)
        deadline = time.monotonic() + WAIT_SECONDS
        while "was uninstalled from T0FIRST" not in machine.log() and time.monotonic() < deadline:
            time.sleep(0.1)
        calls = len(slack.calls)
        told = machine.workspace(FIRST).slash("wallet")
    assert ("not installed" in told.body, slack.calls[calls:]) == (True, [])


def test_installation_in_a_whole_organisation_answers_its_workspaces(machine: Machine, slack: SlackServer) -> None:
    """Enterprise Grid: one installation, requests from any workspace of it; its members are members."""
    slack.oauth.organisations.add(ORG)
    slack.oauth.chosen = ORG
    slack.people["U0ASKER"] = member(team_id="T0DEEP", enterprise_user={"enterprise_id": ORG, "teams": ["T0DEEP"]})
    with machine.serving():
        status, page = Browser(machine.address).install()
        somewhere = machine.workspace("T0DEEP", ORG)
        somewhere.mention("breakeven 200 users")
        (mentioned,) = slack.wait_for(1)
        somewhere.slash("wallet")
        asked = slack.wait_for(2)[-1]
    assert (status, f"installed in Organisation {ORG}" in page, mentioned.team) == (200, True, ORG)
    assert "not open to" not in asked.text


def test_channels_of_teams_are_told_in_their_workspace(machine: Machine, slack: SlackServer) -> None:
    """app.yaml says which workspace a team's channels are in; doctor asks each installation of its own."""
    slack.channels |= {"C0FIRST", "C0SECOND"}
    slack.member_of |= {"C0FIRST", "C0SECOND"}
    slack.scopes = {scope.name for scope in scopes(build_described_app(is_oauth=True))}
    teams = f"teams:\n  One: {{channels: [C0FIRST], workspace: {FIRST}}}\n  Two: {{channels: [C0SECOND], workspace: {SECOND}}}\n"
    machine.configure(FIRST, SECOND, teams=teams)
    with machine.serving():
        for team in (FIRST, SECOND):
            slack.oauth.chosen = team
            Browser(machine.address).install()
    slack.asked_of.clear()
    told = machine.run("doctor")
    assert (told.returncode, told.stderr) == (0, "")
    assert {FIRST: "C0FIRST", SECOND: "C0SECOND"}.items() <= dict(slack.asked_of).items()


def test_doctor_says_where_the_app_is_not_installed_and_what_is_missing(machine: Machine) -> None:
    """A workspace that app.yaml names, and variables that installations need."""
    machine.configure(FIRST)
    told = machine.run("doctor")
    assert (told.returncode, f"{FIRST}: the app is not installed there. Open {machine.address}/slack/install" in told.stderr) == (
        2,
        True,
    )
    told = machine.run("doctor", AGENTCOST_SECRET_KEY="", SLACK_BOT_TOKEN="xoxb-left-over")
    assert ["AGENTCOST_SECRET_KEY is not set" in told.stderr, "SLACK_BOT_TOKEN is set, and slack.oauth" in told.stderr] == [
        True,
        True,
    ]
    told = machine.run("serve")
    assert ("needs a port" in told.stderr, told.returncode) == (True, 2)


def test_manifest_for_several_workspaces_hears_uninstallation_and_names_the_page() -> None:
    """`python -m bot.manifest --oauth ADDRESS`; without it, none of that."""
    several, one = manifest_text("https://a.example", is_oauth=True), manifest_text("https://a.example")
    for words in ("https://a.example/slack/oauth_redirect", "- app_uninstalled", "- tokens_revoked"):
        assert (words in several, words in one) == (True, False)
