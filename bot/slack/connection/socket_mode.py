"""Slack's requests over a connection that we open: no address of ours is needed, and nothing is signed."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack.client import UndeliveredError
from core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping

    from aiohttp import ClientWebSocketResponse
    from slack_bolt.response import BoltResponse

    from bot.slack.connection.app import SlackApp

LOG = logging.getLogger("agentcost.slack")
HEARTBEAT_SECONDS, CONNECT_SECONDS = 10.0, 10.0
FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.5, 30.0
ACCEPTED = 200
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


class SocketMode:
    """The connection, made again whenever it ends.

    Slack announces that it will close a connection: the next is open before the last is left. What was not
    acknowledged when a connection ends comes again on the next; what was, and comes all the same, is known by its id.
    """

    def __init__(self, app: SlackApp, address: Callable[[], Awaitable[str]]) -> None:
        """Connect to nothing yet; `address` asks Slack where to, anew for each connection."""
        self._app = app
        self._address = address
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Take no new work from now on; what Slack still sends is not acknowledged, and so Slack keeps it."""
        self._stopping.set()

    async def run(self, connected: Callable[[], None]) -> None:
        """Take requests until stopped, then finish what is open.

        connected: called once Slack greets. Raises: ConfigError, where Slack refuses the app's token for good.
        """
        pause = FIRST_PAUSE_SECONDS
        async with ClientSession(timeout=ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)) as session:
            try:
                while not self._stopping.is_set():
                    greeted, leaving = asyncio.Event(), asyncio.Event()
                    connection = self._start(self._connection(session, greeted, leaving, connected))
                    await self._first_of(connection, leaving)
                    pause = FIRST_PAUSE_SECONDS if greeted.is_set() else min(2 * pause, MAX_PAUSE_SECONDS)
                    if connection.done():
                        connection.result()
                        await self._pause(pause)
                await self._app.open_work.wait()
            finally:
                await self._leave()

    async def _connection(
        self, session: ClientSession, greeted: asyncio.Event, leaving: asyncio.Event, connected: Callable[[], None]
    ) -> None:
        """Hold one connection until it ends."""
        try:
            async with session.ws_connect(await self._address(), heartbeat=HEARTBEAT_SECONDS) as socket:
                async for message in socket:
                    if message.type != WSMsgType.TEXT:
                        continue
                    told = _read(message.data)
                    if told.get("type") == "hello":
                        greeted.set()
                        connected()
                    elif told.get("type") == "disconnect":
                        leaving.set()
                    elif not self._stopping.is_set():
                        self._start(self._take(socket, told))
        except UndeliveredError as error:
            if error.reason in FOR_GOOD:
                raise ConfigError(
                    [f"Slack refuses SLACK_APP_TOKEN: {error.reason}. docs/slack.md says where Slack shows it."]
                ) from error
            LOG.warning("Slack gave no address to connect to: %s", error.reason)
        except (ClientError, TimeoutError, OSError) as error:
            LOG.warning("The connection to Slack failed: %s", type(error).__name__)

    async def _take(self, socket: ClientWebSocketResponse, told: Mapping[str, Any]) -> None:
        request = SocketModeRequest.from_dict(dict(told))
        if request is None:
            return
        with self._app.open_work.track():
            response = await run_async_bolt_app(self._app, request)
            if response.status == ACCEPTED:
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


def _read(text: str) -> dict[str, Any]:
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
