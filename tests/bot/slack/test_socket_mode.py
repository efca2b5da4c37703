"""Socket Mode: a real WebSocket into the app, which Slack closes, forgets and repeats on."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.slack.client import SlackClient
from bot.slack.connection.app import create_app
from bot.slack.connection.socket_mode import SAID, Backoff, Link, SocketMode
from core.errors import ConfigError
from tests.fakes.slack.socket import SlackSocket, SocketWorkspace, envelope_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.slack.settings import SlackSettings
    from tests.fakes.asking import Ask
    from tests.fakes.slack.server import SlackServer

BREAKEVEN = "200 seats cost $25,000 a month"
MESSAGE = {"type": "message", "channel_type": "im", "text": "breakeven 200 users", "user": "U0ASKER", "channel": "D0ASKER"}


@contextlib.contextmanager
def connected(ask: Ask, settings: SlackSettings, slack: SlackServer) -> Iterator[SocketMode]:
    """Give the app, connected in a thread of its own; stop it in the end and wait until it has left."""
    began, ready = threading.Event(), threading.Event()
    made: list[tuple[SocketMode, asyncio.AbstractEventLoop]] = []

    async def live() -> None:
        socket = SocketMode(create_app(ask, settings), SlackClient(settings).socket_url)
        made.append((socket, asyncio.get_running_loop()))
        began.set()
        await socket.run(ready.set)

    thread = threading.Thread(target=lambda: asyncio.run(live()), daemon=True)
    thread.start()
    began.wait(10)
    assert ready.wait(10), slack.refused
    try:
        yield made[0][0]
    finally:
        with contextlib.suppress(RuntimeError):
            socket, loop = made[0]
            loop.call_soon_threadsafe(socket.stop)
        thread.join(20)


@pytest.fixture
def socket(slack: SlackServer) -> Iterator[SlackSocket]:
    """Slack's side of the connection."""
    with SlackSocket() as made:
        slack.socket = made
        yield made


@pytest.fixture
def settings(settings: SlackSettings, slack: SlackServer) -> SlackSettings:
    """Settings without a signing secret, with the app's token."""
    return replace(settings, signing_secret=None, app_token=slack.app_token)


@pytest.fixture
def workspace(slack: SlackServer, socket: SlackSocket, settings: SlackSettings, ask: Ask) -> Iterator[SocketWorkspace]:
    """A workspace with the app connected."""
    with connected(ask, settings, slack):
        yield SocketWorkspace(slack, "", "unused", socket=socket)


def test_command_is_acknowledged_and_answered(workspace: SocketWorkspace, slack: SlackServer) -> None:
    """A slash command arrives as an envelope; its answer goes to the response URL."""
    acknowledged = workspace.slash("breakeven 200 users")
    assert (acknowledged.body, slack.wait_for(1)[0].text[:30]) == ("", BREAKEVEN)


def test_mention_is_answered_in_its_thread(workspace: SocketWorkspace, slack: SlackServer) -> None:
    """Events arrive as envelopes."""
    workspace.mention("breakeven 200 users", thread="1763500000.000100")
    assert slack.wait_for(1)[0].body["thread_ts"] == "1763500000.000100"


def test_error_of_a_form_is_the_acknowledgement(workspace: SocketWorkspace, slack: SlackServer) -> None:
    """What Slack shows at a field travels in the envelope's acknowledgement."""
    workspace.shortcut()
    told = workspace.submit(slack.wait_for_view(), interactions="ten")
    assert json.loads(told.body)["response_action"] == "errors"


def test_event_delivered_twice_is_answered_once(workspace: SocketWorkspace, slack: SlackServer) -> None:
    """Under one event id, in whatever envelope and order, an event is answered once and acknowledged each time."""
    for _ in range(2):
        workspace.event({**MESSAGE, "ts": "1.1"}, event_id="Ev9")
    workspace.slash("breakeven payg")
    assert len(slack.wait_for(2)) == 2


def test_unacknowledged_command_that_comes_again_is_answered_once(
    workspace: SocketWorkspace, slack: SlackServer, socket: SlackSocket
) -> None:
    """An acknowledgement that was lost with its connection makes Slack repeat the command; the answer is given once."""
    socket.loses_acknowledgements = True
    envelope = socket.deliver(*envelope_of(*workspace.slash_request("breakeven 200 users")))
    slack.wait_for(1)
    socket.wait_until(lambda: envelope in socket.lost)
    socket.loses_acknowledgements = False
    socket.drop()
    socket.wait_for(envelope)
    workspace.slash("breakeven payg")
    assert ([sent.text[:30] for sent in slack.wait_for(2)].count(BREAKEVEN), socket.delivered.count(envelope)) == (1, 2)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_announced_end_is_bridged(workspace: SocketWorkspace, slack: SlackServer, socket: SlackSocket, reason: str) -> None:
    """Told that a connection will close, the app opens the next one first, so that there is always one."""
    socket.announce(reason)
    socket.wait_until(lambda: socket.greeted == 2)
    assert len(socket.connections) == 2
    workspace.slash("breakeven 200 users")
    assert len(slack.wait_for(1)) == 1


def test_lost_connection_is_made_again(workspace: SocketWorkspace, slack: SlackServer, socket: SlackSocket) -> None:
    """A connection that breaks is made again with an address of its own: an address is good once."""
    socket.drop()
    socket.wait_until(lambda: socket.greeted == 2)
    workspace.slash("breakeven 200 users")
    assert (len(slack.wait_for(1)), socket.issued) == (1, 2)


def test_connection_comes_back_after_slack_was_down(workspace: SocketWorkspace, slack: SlackServer, socket: SlackSocket) -> None:
    """While Slack is down the app keeps trying; what Slack kept meanwhile is answered."""
    slack.is_down = True
    socket.drop()
    slack.wait_for_calls_while_down(1)
    envelope = socket.deliver(*envelope_of(*workspace.slash_request("breakeven 200 users")))
    slack.is_down = False
    socket.wait_for(envelope)
    assert slack.wait_for(1)[0].text[:30] == BREAKEVEN


def test_request_that_nothing_listens_to_is_acknowledged(workspace: SocketWorkspace, caplog: pytest.LogCaptureFixture) -> None:
    """An event that somebody added in Slack's settings is neither a warning nor repeated."""
    told = workspace.event({"type": "emoji_changed"})
    assert (told.status, caplog.records) == (200, [])


def test_nonsense_over_the_connection_is_left_alone(workspace: SocketWorkspace, slack: SlackServer, socket: SlackSocket) -> None:
    """What is no envelope does not end the connection."""
    for text in ("", "ping", "[]", "{}", '{"type": "events_api"}', '{"envelope_id": "E1", "payload": {}}'):
        socket.say(text)
    workspace.slash("breakeven 200 users")
    assert (len(slack.wait_for(1)), socket.greeted) == (1, 1)


def test_fault_of_ours_is_told_by_reference(
    slack: SlackServer, socket: SlackSocket, settings: SlackSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """As over HTTP, the asker gets a reference and the log the place under it."""

    def broken(question: str, **_: bool) -> object:
        raise ZeroDivisionError(question)

    with connected(broken, settings, slack):  # type: ignore[arg-type]  # it answers nothing
        SocketWorkspace(slack, "", "unused", socket=socket).slash("breakeven 200 users")
        quoted = re.search(r"ref ([0-9A-F]{4})", slack.wait_for(1)[0].text)
    assert quoted
    assert f"ref {quoted[1]}: ZeroDivisionError" in caplog.text


def test_stopping_finishes_what_is_open_and_leaves_the_rest_to_slack(
    slack: SlackServer, socket: SlackSocket, settings: SlackSettings, ask: Ask
) -> None:
    """Told to stop, the app sends the answer that it works on; what comes then is not acknowledged, so Slack keeps it."""
    working, stopping = threading.Event(), threading.Event()

    def ask_slowly(question: str, *, with_wallet: bool, who: str) -> object:
        working.set()
        stopping.wait(10)
        time.sleep(0.2)
        return ask(question, with_wallet=with_wallet, who=who)

    workspace = SocketWorkspace(slack, "", "unused", socket=socket)
    with connected(ask_slowly, settings, slack) as app:  # type: ignore[arg-type]
        workspace.slash("breakeven 200 users")
        working.wait(10)
        app.stop()
        late = socket.deliver(*envelope_of(*workspace.slash_request("breakeven payg")))
        stopping.set()
    assert (len(slack.sent), late in socket.pending) == (1, True)


def test_refused_token_ends_the_app_with_a_word(socket: SlackSocket, settings: SlackSettings, ask: Ask) -> None:
    """Where Slack refuses the app's token for good, trying on makes no sense."""
    wrong = replace(settings, app_token="xapp-of-another-app")
    mode = SocketMode(create_app(ask, wrong), SlackClient(wrong).socket_url)
    with pytest.raises(ConfigError, match="Slack refuses SLACK_APP_TOKEN: invalid_auth"):
        asyncio.run(mode.run(lambda: None))
    assert socket.greeted == 0


def test_pauses_grow_with_each_short_life_and_end_with_a_long_one() -> None:
    """A connection that lives a minute was a good one; those that end at once are asked for ever more seldom."""
    backoff = Backoff()
    assert [backoff.seconds_after(link_that("", lived=0), 0.0) for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert backoff.seconds_after(link_that("warning", lived=60), 0.0) == 0
    assert backoff.seconds_after(link_that("warning", lived=1), 0.0) == 0.5


@pytest.mark.parametrize(
    ("reason", "pauses"),
    [("too_many_websockets", [10, 20, 40, 80, 160, 300, 300]), ("link_disabled", [60, 120, 240, 480, 600, 600, 600])],
)
@pytest.mark.parametrize("lived", [0, 3_600])
def test_what_time_does_not_cure_is_asked_for_seldom(reason: str, pauses: list[float], lived: float) -> None:
    """Ten connections are allowed, and Socket Mode can be switched off: answering each refusal at once is a stampede."""
    backoff = Backoff()
    assert [backoff.seconds_after(link_that(reason, lived if nth == 0 else 0), 0.0) for nth in range(len(pauses))] == pauses


def test_slack_is_left_alone_as_long_as_it_asks() -> None:
    """Retry-After counts where it is longer than the pause."""
    link = link_that("ratelimited", lived=0)
    link.retry_after_seconds = 30.0
    assert Backoff().seconds_after(link, 0.0) == 30


def link_that(reason: str, lived: float) -> Link:
    """Return a connection that Slack wanted to end for a reason, and that lived so many seconds, if any."""
    link = Link()
    link.reason, link.greeted_at = reason, -lived if lived else None
    return link


@pytest.mark.parametrize("reason", ["too_many_websockets", "link_disabled"])
def test_connection_that_slack_does_not_want_is_closed_by_us(
    workspace: SocketWorkspace, socket: SlackSocket, caplog: pytest.LogCaptureFixture, reason: str
) -> None:
    """Slack says so and leaves it open; open connections would count against the ten that it allows. The log says why, once."""
    socket.announce(reason)
    socket.wait_until(lambda: socket.left == 1 and not socket.connections)
    assert (socket.issued, len(caplog.records), SAID[reason] in caplog.text) == (1, 1, True)
    assert workspace.slack.refused == []


def test_connection_that_was_bridged_is_closed_by_us(
    workspace: SocketWorkspace, socket: SlackSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack announces an end and does not always close: we do, once the next one is greeted and what was on its way is done."""
    monkeypatch.setattr("bot.slack.connection.socket_mode.GRACE_SECONDS", 0.05)
    socket.announce("warning")
    socket.wait_until(lambda: socket.greeted == 2 and socket.left == 1)
    assert len(socket.connections) == 1
    assert workspace.slack.refused == []


def test_how_the_connection_stands_is_told_once_for_each_change(
    slack: SlackServer, socket: SlackSocket, settings: SlackSettings, ask: Ask
) -> None:
    """Health shows it; a refusal that repeats is no news."""
    told: list[str] = []
    mode = SocketMode(create_app(ask, settings), SlackClient(settings).socket_url, told.append)
    socket.greets_with = {"type": "disconnect", "reason": "too_many_websockets"}

    async def live() -> None:
        running = asyncio.ensure_future(mode.run(lambda: None))
        await asyncio.to_thread(socket.wait_until, lambda: socket.left == 1)
        mode.stop()
        await running

    asyncio.run(live())
    assert (told, socket.issued, slack.refused) == ([SAID["too_many_websockets"]], 1, [])


def test_token_that_is_revoked_later_does_not_end_the_service(
    slack: SlackServer, socket: SlackSocket, settings: SlackSettings, ask: Ask
) -> None:
    """Alerts and digests need no connection of Socket Mode: what was connected once waits, and says why."""
    told, is_refused = [], threading.Event()

    def tell(state: str) -> None:
        told.append(state)
        if "invalid_auth" in state:
            is_refused.set()

    mode = SocketMode(create_app(ask, settings), SlackClient(settings).socket_url, tell)

    async def live() -> None:
        running = asyncio.ensure_future(mode.run(lambda: None))
        await asyncio.to_thread(socket.wait_until, lambda: socket.greeted == 1)
        slack.app_token = "xapp-another"
        await asyncio.to_thread(socket.drop)
        await asyncio.to_thread(is_refused.wait, 10)
        mode.stop()
        await running

    asyncio.run(live())
    assert told == ["connected", "Slack gives no address to connect to (invalid_auth)"]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
