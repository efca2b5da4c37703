"""Slack's requests over a connection that we open: no public address is needed, and nothing is signed."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack.client import UndeliveredError
from bot.slack.proxies import proxy_for
from core.error_log import log_error
from core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping

    from aiohttp import ClientWebSocketResponse
    from slack_bolt.response import BoltResponse

    from bot.slack.connection.app import SlackApp

LOG = logging.getLogger("agentcost.slack")
HEARTBEAT_SECONDS, CONNECT_SECONDS = 10.0, 10.0
FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.5, 30.0
# A connection that lasted this long was good: its end is no reason to wait.
STEADY_SECONDS = 60.0
# How long the last connection stays open after the next one, for requests and acknowledgements still in progress.
GRACE_SECONDS = 10.0
FOR_GOOD = frozenset(
    {
        "account_inactive",
        "app_not_found",
        "forbidden_team",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "socket_mode_not_enabled",
        "token_expired",
        "token_revoked",
    }
)
DISABLED, TOO_MANY = "link_disabled", "too_many_websockets"
# The first and the longest pause before another connection is requested; each refusal in a row doubles it.
PAUSES = {TOO_MANY: (10.0, 300.0), DISABLED: (60.0, 600.0)} | dict.fromkeys(FOR_GOOD, (60.0, 600.0))
SAID = {
    TOO_MANY: "Slack allows an app ten connections and has that many of this one, so some other program uses its token",
    DISABLED: "Socket Mode is switched off in the app's settings; whoever runs the app can switch it on again",
}
CONNECTED = "connected"


class Link:
    """One connection: since when Slack has greeted it, and why Slack wants it to end."""

    def __init__(self) -> None:
        """Start unconnected."""
        self.greeted_at: float | None = None
        self.reason = ""
        self.retry_after_seconds = 0.0
        self.is_leaving = asyncio.Event()
        self.socket: ClientWebSocketResponse | None = None

    def lived(self, now: float) -> float:
        """Return for how many seconds it was a good connection."""
        return 0.0 if self.greeted_at is None else now - self.greeted_at


class Backoff:
    """The delay before the next connection, based on how the last ones ended."""

    def __init__(self) -> None:
        """Start without a delay."""
        self._in_a_row: dict[str, int] = {}

    def seconds_after(self, link: Link, now: float) -> float:
        """Return the delay after a connection that ended or will end: none after a long life, else longer each time."""
        first, longest = PAUSES.get(link.reason, (FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS))
        kind = link.reason if link.reason in PAUSES else ""
        if link.lived(now) >= STEADY_SECONDS:
            self._in_a_row.clear()
            if not kind:
                return link.retry_after_seconds
        before = self._in_a_row.get(kind, 0)
        self._in_a_row[kind] = before + 1
        return max(min(first * 2.0**before, longest), link.retry_after_seconds)


class SocketMode:
    """The connection, opened again whenever it ends.

    Slack announces that it will close a connection: the next is open before the last is closed. What was not
    acknowledged when a connection ends comes again on the next; if something acknowledged comes again, its id is known.
    Slack may want a connection closed at once, as one too many or because Socket Mode is off: it is closed here, and the
    next one waits. Source: docs.slack.dev/apis/events-api/using-socket-mode; slackapi/node-slack-sdk#1654, bolt-js#2225.
    """

    def __init__(
        self, app: SlackApp, address: Callable[[], Awaitable[str]], tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Connect to nothing yet.

        address: asks Slack for the address, again for each connection. tell: is notified of the connection's state, once per
        change.
        """
        self._app = app
        self._address = address
        self._tell = tell
        self._state = ""
        self._stopping = asyncio.Event()
        self._links: list[Link] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Accept no new work from now on; what Slack still sends is not acknowledged, and so Slack keeps it."""
        self._stopping.set()

    async def run(self, connected: Callable[[], None]) -> None:
        """Accept requests until stopped, then finish open work.

        connected: called once Slack greets. Raises: ConfigError, if Slack refuses the app's token before it ever greeted.
        """
        backoff, clock = Backoff(), asyncio.get_running_loop().time
        async with ClientSession(timeout=ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)) as session:
            try:
                while not self._stopping.is_set():
                    link = Link()
                    connection = self._start(self._hold(session, link, connected))
                    await self._first_of(connection, link.is_leaving)
                    if connection.done():
                        connection.result()
                    await self._pause(backoff.seconds_after(link, clock()))
                await self._app.open_work.wait()
            finally:
                await self._leave()

    async def _hold(self, session: ClientSession, link: Link, connected: Callable[[], None]) -> None:
        """Hold one connection until it ends."""
        try:
            address = await self._address()
            async with session.ws_connect(address, heartbeat=HEARTBEAT_SECONDS, proxy=proxy_for(address)) as socket:
                link.socket = socket
                self._links.append(link)
                async for message in socket:
                    if message.type == WSMsgType.TEXT:
                        self._read(link, _parse(message.data), connected)
                    if link.reason in PAUSES:
                        break
        except UndeliveredError as error:
            self._refused(link, error)
        except (ClientError, TimeoutError, OSError) as error:
            self._say(f"the connection to Slack failed ({type(error).__name__})")
        finally:
            if link in self._links:
                self._links.remove(link)

    def _read(self, link: Link, told: Mapping[str, Any], connected: Callable[[], None]) -> None:
        """Handle a message from Slack on a connection."""
        if told.get("type") == "hello":
            link.greeted_at = asyncio.get_running_loop().time()
            self._start(self._close_others(link))
            self._say(CONNECTED)
            connected()
        elif told.get("type") == "disconnect":
            link.reason = str(told.get("reason") or "")
            if link.reason in SAID:
                self._say(SAID[link.reason])
            link.is_leaving.set()
        elif link.socket and not self._stopping.is_set():
            self._start(self._take(link.socket, told))

    async def _close_others(self, link: Link) -> None:
        """Close earlier connections once Slack has greeted the new one; Slack closes what it announces, but not always."""
        earlier = self._links[: self._links.index(link)]
        if earlier:
            await self._pause(GRACE_SECONDS)
            for one in earlier:
                if one.socket:
                    await one.socket.close()

    def _refused(self, link: Link, error: UndeliveredError) -> None:
        """Note that Slack returns no address. Raises: ConfigError, if it refuses the token and never accepted it."""
        link.reason, link.retry_after_seconds = error.reason, error.retry_after_seconds or 0.0
        if error.reason in FOR_GOOD and not self._state:
            raise ConfigError(
                [f"Slack refuses SLACK_APP_TOKEN: {error.reason}. docs/slack.md says where Slack shows it."]
            ) from error
        self._say(f"Slack gives no address to connect to ({error.reason})")

    def _say(self, state: str) -> None:
        """Log and report the connection's state, once for each change."""
        if state != self._state:
            was_connected, self._state = self._state in {"", CONNECTED}, state
            log = LOG.warning if state != CONNECTED else LOG.debug if was_connected else LOG.info
            log("Slack in Socket Mode: %s", state)
            self._tell(state)

    async def _take(self, socket: ClientWebSocketResponse, told: Mapping[str, Any]) -> None:
        request = SocketModeRequest.from_dict(dict(told))
        if request is None:
            return
        async with self._app.turns.request():
            await self._answer(socket, request)

    async def _answer(self, socket: ClientWebSocketResponse, request: SocketModeRequest) -> None:
        with self._app.open_work.track():
            try:
                response = await run_async_bolt_app(self._app, request)
            except Exception as error:  # noqa: BLE001 - what Bolt cannot read must not end the connection, nor fill the log
                log_error(error, LOG)
                return
            if response.status == HTTPStatus.OK:
                with suppress(ClientError, ConnectionError):  # then Slack sends it again, on the next connection
                    await socket.send_str(json.dumps(_acknowledgement(request.envelope_id, response).to_dict()))

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _first_of(self, connection: asyncio.Task[None], leaving: asyncio.Event) -> None:
        signs = [asyncio.ensure_future(event.wait()) for event in (leaving, self._stopping)]
        await asyncio.wait([connection, *signs], return_when=asyncio.FIRST_COMPLETED)
        for sign in signs:
            sign.cancel()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _parse(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {}


def _acknowledgement(envelope_id: str, response: BoltResponse) -> SocketModeResponse:
    if not response.body:
        return SocketModeResponse(envelope_id)
    is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
    return SocketModeResponse(envelope_id, json.loads(response.body) if is_json else {"text": response.body})
