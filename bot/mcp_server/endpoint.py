"""MCP over HTTP: one endpoint of the service, with the formula API's authentication."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from bot.mcp_server.server import Reply

# The largest body accepted: a question has 4,000 characters at most.
MAX_BODY_BYTES = 65_536


class McpEndpoint:
    """An ASGI application; the SDK is loaded with the first request, since most services never get one.

    Every request is self-contained: no session is kept, and each request carries its token.
    """

    def __init__(self, let_in: Callable[[Request], Awaitable[Any]], ask: Callable[[str, Any], Awaitable[Reply]]) -> None:
        """Serve nothing yet.

        let_in: returns what is open to who asks, raising where nothing is. ask: a question, and the request with that in
        `request.state.access`, to what came of it.
        """
        self._let_in, self._ask = let_in, ask
        self._starting = asyncio.Lock()
        self._sessions: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request of somebody who may ask. Raises: what `let_in` raises."""
        from starlette.requests import Request  # noqa: PLC0415 - loaded by then

        request = Request(scope, receive)
        request.state.access = await self._let_in(request)
        sessions = await self._started()
        await sessions.handle_request(scope, receive, send)

    async def _started(self) -> StreamableHTTPSessionManager:
        async with self._starting:
            if self._sessions is None:
                sessions = await asyncio.to_thread(self._load)
                is_running = asyncio.Event()
                self._running = asyncio.create_task(_run(sessions, is_running))
                await is_running.wait()
                self._sessions = sessions
        return self._sessions

    def _load(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415 - see the class

        from bot.mcp_server.server import create_server  # noqa: PLC0415 - as above

        return StreamableHTTPSessionManager(
            create_server(self._ask), json_response=True, stateless=True, max_request_body_size=MAX_BODY_BYTES
        )


async def _run(sessions: StreamableHTTPSessionManager, is_running: asyncio.Event) -> None:
    """Keep the manager running until the service ends and cancels its tasks."""
    async with sessions.run():
        is_running.set()
        await asyncio.Event().wait()
