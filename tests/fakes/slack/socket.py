"""Slack's side of Socket Mode: one ticket a connection, and everything again that was not acknowledged."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

from tests.fakes.slack.workspace import FORM, Acknowledgement, Workspace
from tests.fakes.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class SlackSocket:
    """The connections that are open, what was sent over them, and what was acknowledged.

    greets_with: what Slack says instead of hello, and then leaves the connection open. left: how many connections ended.
    """

    tickets: set[str] = field(default_factory=set)
    issued: int = 0
    greeted: int = 0
    pending: dict[str, dict[str, Any]] = field(default_factory=dict)
    delivered: list[str] = field(default_factory=list)
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    connections: list[web.WebSocketResponse] = field(default_factory=list)
    loses_acknowledgements: bool = False
    greets_with: dict[str, Any] | None = None
    left: int = 0
    lost: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Listen on a free port of the loopback."""
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._port = self._run(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection and stop listening."""
        self._run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def new_url(self) -> str:
        """Return where to connect, once."""
        self.issued += 1
        self.tickets.add(str(self.issued))
        return f"ws://127.0.0.1:{self._port}/link?ticket={self.issued}"

    def deliver(self, kind: str, payload: Mapping[str, Any], envelope_id: str | None = None) -> str:
        """Send a request, now or on the next connection; return the id of its envelope."""
        key = envelope_id or f"E{len(self.pending) + len(self.acknowledged)}-{time.monotonic_ns()}"
        self.pending[key] = {"type": kind, "envelope_id": key, "payload": dict(payload), "accepts_response_payload": True}
        self._run(self._send(key))
        return key

    def wait_for(self, envelope_id: str) -> dict[str, Any]:
        """Return what an envelope was acknowledged with. Raises: TimeoutError."""
        self.wait_until(lambda: envelope_id in self.acknowledged)
        return self.acknowledged[envelope_id]

    def wait_until(self, is_so: Any) -> None:  # noqa: ANN401 - a condition of the test's
        """Return once something holds. Raises: TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(is_so, WAIT_SECONDS):
                raise TimeoutError(f"delivered {self.delivered}, acknowledged {list(self.acknowledged)}")

    def announce(self, reason: str) -> None:
        """Tell the oldest connection that it will be closed soon; it stays open."""
        self._run(self.connections[0].send_json({"type": "disconnect", "reason": reason}))

    def say(self, text: str) -> None:
        """Send a text to the oldest connection as it is."""
        self._run(self.connections[0].send_str(text))

    def drop(self) -> None:
        """Close every connection without a word."""
        self._run(self._drop())

    async def _listen(self) -> int:
        application = web.Application()
        application.router.add_get("/link", self._connection)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return int(self._runner.addresses[0][1])

    async def _connection(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket") not in self.tickets:
            return web.Response(status=400)
        self.tickets.remove(request.query["ticket"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections.append(socket)
        kept = [] if self.greets_with else list(self.pending)
        await socket.send_json(self.greets_with or {"type": "hello", "num_connections": len(self.connections)})
        self._tell(greeted=0 if self.greets_with else 1)
        for key in kept:
            await self._send(key)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self._acknowledge(json.loads(message.data))
        self.connections.remove(socket)
        self.left += 1
        self._tell()
        return socket

    async def _send(self, key: str) -> None:
        if self.connections and key in self.pending:
            envelope = self.pending[key]
            retries = self.delivered.count(key)
            self.delivered.append(key)
            more = {"retry_attempt": retries, "retry_reason": "timeout"} if retries else {}
            await self.connections[-1].send_json({**envelope, **more})
            self._tell()

    def _acknowledge(self, told: dict[str, Any]) -> None:
        if self.loses_acknowledgements:
            self.lost.append(told["envelope_id"])
            self._tell()
            return
        self.pending.pop(told["envelope_id"], None)
        self.acknowledged[told["envelope_id"]] = told.get("payload", {})
        self._tell()

    async def _drop(self) -> None:
        for socket in list(self.connections):
            await socket.close()

    def _tell(self, greeted: int = 0) -> None:
        with self._changed:
            self.greeted += greeted
            self._changed.notify_all()

    def _run(self, work: Any) -> Any:  # noqa: ANN401 - any coroutine and what it returns
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WAIT_SECONDS)


@dataclass
class SocketWorkspace(Workspace):
    """A workspace whose every action is an envelope."""

    socket: SlackSocket = field(default_factory=SlackSocket)

    def post(self, body: str, headers: Mapping[str, str]) -> Acknowledgement:
        """Send what would have been a request, and return how it was acknowledged."""
        begun = time.perf_counter()
        kind, payload = envelope_of(body, headers)
        answered = self.socket.wait_for(self.socket.deliver(kind, payload))
        return Acknowledgement(200, json.dumps(answered) if answered else "", time.perf_counter() - begun)


def envelope_of(body: str, headers: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Return kind and payload of the envelope that holds what a request would."""
    if headers["Content-Type"] != FORM:
        return "events_api", json.loads(body)
    form = dict(parse_qsl(body))
    return ("interactive", json.loads(form["payload"])) if "payload" in form else ("slash_commands", form)
