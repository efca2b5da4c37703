"""The app and doctor against npm `emulate`, a Slack that nobody here wrote, with strict scopes."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import urllib.request
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

import pytest
from cryptography.fernet import Fernet
from starlette.applications import Starlette
from starlette.routing import Route

from bot.manifest import build_described_app, scopes
from bot.slack.client import SlackClient, UndeliveredError, token_renewal
from bot.slack.connection.app import asgi, create_app
from bot.slack.connection.install import Installing, create_oauth_flow, install_steps
from bot.slack.diagnostics import examine
from bot.slack.installation import Installations, working_for
from bot.slack.settings import SlackSettings
from bot.slack_storage import Sealer, StoredInstallations
from core.config.slack import SlackRules
from core.config.teams import Team
from core.warehouse.database import open_warehouse
from tests.fakes.ports import free_port
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.workspace import Workspace, served
from tests.fakes.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.asking import Ask

FOLDER = Path(__file__).parents[2] / "slack_emulator"
TOKEN, SECRET = "xoxb-emulated", "0123456789abcdef0123456789abcdef"
NEEDED = [scope.name for scope in scopes(build_described_app())]
pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(shutil.which("node") is None, reason="needs node"),
    pytest.mark.skipif(not (FOLDER / "node_modules").exists(), reason="needs npm install --prefix tests/slack_emulator"),
]


@pytest.fixture
def granted() -> list[str]:
    """The scopes of the bot's token."""
    return [*NEEDED, "channels:join"]


@pytest.fixture
def url(granted: list[str]) -> Iterator[str]:
    """The address of the emulator, which ends with the test."""
    command = ["node", "start.mjs", str(free_port()), ",".join(granted)]
    with subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture
def settings(url: str) -> SlackSettings:
    """The settings of an app that lives there."""
    return SlackSettings(TOKEN, SECRET, api_url=f"{url}/api/")


def call(url: str, method: str, **arguments: str) -> dict[str, Any]:
    """Return what the emulator answers."""
    body = json.dumps(arguments).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{url}/api/{method}", body, headers), timeout=WAIT_SECONDS) as response:
        answer: dict[str, Any] = json.loads(response.read())
        return answer


def channel_in(url: str) -> str:
    """Return the id of its channel, with the app in it."""
    channel = call(url, "conversations.list")["channels"][0]["id"]
    call(url, "conversations.join", channel=channel)
    return str(channel)


def member_in(url: str) -> str:
    """Return the id of a member who is no program."""
    return next(str(one["id"]) for one in call(url, "users.list")["members"] if not one["is_bot"])


def test_mention_is_answered_in_its_thread(url: str, settings: SlackSettings, ask: Ask) -> None:
    """A signed event in, chat.postMessage out: the message stands in the thread with its blocks."""
    channel, user = channel_in(url), member_in(url)
    asked = call(url, "chat.postMessage", channel=channel, text="breakeven 200 users")["ts"]
    event = {"type": "app_mention", "channel": channel, "user": user, "ts": asked, "text": "<@U0BOT> breakeven 200 users"}
    with SlackServer() as unused, served(asgi(create_app(ask, settings))) as app_url:
        Workspace(unused, app_url, SECRET).event(event)
    replies = call(url, "conversations.replies", channel=channel, ts=asked)["messages"]
    assert [(one["text"][:27], bool(one.get("blocks"))) for one in replies[1:]] == [("200 seats cost $25,000 a mo", True)]


def test_message_is_found_again_by_its_metadata_and_changed_in_place(url: str, settings: SlackSettings) -> None:
    """What deliveries rest on: metadata survives, and chat.update takes the timestamp that was kept."""
    from bot.slack.blocks import came_back_message, round_trip_message  # noqa: PLC0415 - one of many

    client, channel = SlackClient(settings), channel_in(url)

    async def post() -> tuple[str, str | None]:
        metadata = {"event_type": "agentcost_message", "event_payload": {"key": "k1"}}
        timestamp = await client.post_once(channel, round_trip_message("a1"), metadata)
        await client.update(channel, timestamp, came_back_message("a1"))
        return timestamp, await client.text_of(channel, timestamp)

    timestamp, text = asyncio.run(post())
    [kept] = [one for one in call(url, "conversations.history", channel=channel)["messages"] if one["ts"] == timestamp]
    assert (kept["metadata"]["event_payload"], text and text.startswith("It came back")) == ({"key": "k1"}, True)


def test_file_is_uploaded_and_shared(url: str, settings: SlackSettings, tmp_path: Path) -> None:
    """The rejected rows of an import: three calls and an address of Slack's choosing."""
    path, channel = tmp_path / "rejected.csv", channel_in(url)
    path.write_text("line,reason\n2,no number\n", encoding="utf-8")
    asyncio.run(SlackClient(settings).upload(path, channel, None))
    assert [one["name"] for one in call(url, "files.list")["files"]] == ["rejected.csv"]


def test_home_is_published(url: str, settings: SlackSettings) -> None:
    """views.publish takes the page."""
    from bot.slack.blocks import Home, home_view  # noqa: PLC0415 - one of many

    asyncio.run(SlackClient(settings).publish_view(member_in(url), home_view(Home(is_empty=True))))


def test_doctor_finds_what_is_there_and_what_is_not(url: str) -> None:
    """Channels are asked for; what this Slack does not tell is said to be unchecked."""
    channel, user = channel_in(url), member_in(url)
    variables = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{url}/api/"}
    teams = [Team("Service", channels=(channel, "C0NOSUCH01"), owner=user)]
    found = asyncio.run(examine(variables, SlackRules(), lambda: NEEDED, teams))
    assert [problem.partition(";")[0] for problem in found.problems] == [
        "app.yaml names the channel C0NOSUCH01: there is no such channel, or it is private and the app is not in it"
    ]
    assert f"{channel} is public, and the app is in it" in found.facts


@pytest.mark.parametrize("granted", [["channels:join", "channels:read"]])
def test_missing_scope_is_named(url: str, settings: SlackSettings) -> None:
    """Its strict mode says which scope is needed, as Slack does."""
    with pytest.raises(UndeliveredError) as refusal:
        asyncio.run(SlackClient(settings).update(channel_in(url), "1.1", _any_message()))
    assert (refusal.value.reason, refusal.value.needed) == ("missing_scope", "chat:write")


def test_app_is_installed_through_its_oauth(url: str, tmp_path: Path) -> None:
    """Bolt's pages lead to its page of people and back; the token that it gives is kept, and calls are made with it."""
    settings, team = SlackSettings("", SECRET, api_url=f"{url}/api/"), call(url, "auth.test")["team_id"]
    renew = token_renewal(settings, "111.222", SECRET)
    sealer = Sealer(Fernet.generate_key().decode())
    stored = StoredInstallations(lambda: open_warehouse(tmp_path / "w.duckdb"), sealer)
    installations = Installations(stored, renew, lambda: [team])
    installing = Installing("111.222", SECRET, "https://agentcost.example.com", installations, sealer)
    steps = install_steps(create_oauth_flow(settings, NEEDED, installing))
    with served(Starlette(routes=[Route(path, step) for path, step in steps.items()])) as app_url:
        page, cookie = _open(f"{app_url}/slack/install")
        people, _ = _open(unescape(re.findall(r'href="([^"]+/oauth/v2/authorize[^"]*)"', page)[0]))
        fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', people)}
        back = urlsplit(_open(f"{url}/oauth/v2/authorize/callback", fields)[0])
        told, _ = _open(f"{app_url}{back.path}?{back.query}", cookie=cookie)

    async def ask_with_its_token() -> str:
        with working_for(team):
            return (await SlackClient(replace(settings, tokens=installations)).installation()).team

    assert ("agentcost is installed in" in told, stored.list_installed(), asyncio.run(ask_with_its_token())) == (
        True,
        [team],
        team,
    )


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - as urllib has it
        """Go nowhere: the test reads where it leads."""


def _open(url: str, form: dict[str, str] | None = None, cookie: str = "") -> tuple[str, str]:
    """Return the page, or where it leads, and the cookie that it sets."""
    request = urllib.request.Request(url, urlencode(form).encode() if form else None, {"Cookie": cookie})
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=WAIT_SECONDS) as response:
            return response.read().decode(), str(response.headers.get("Set-Cookie") or "").partition(";")[0]
    except HTTPError as told:
        with told:
            return str(told.headers.get("Location") or told.read().decode()), ""


def _any_message() -> Any:  # noqa: ANN401 - a message
    from bot.slack.blocks import came_back_message  # noqa: PLC0415 - one of many

    return came_back_message("a1")
