"""The service's HTTP side, listening in the event loop that everything shares."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from starlette.routing import Route

from bot.service.http_protocol import PunctualProtocol
from bot.service.http_routes import build_app
from core.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from bot.observability import Health, Metrics
    from bot.service.slack_connection import SlackConnection

STOP_WITHIN_SECONDS, MAX_CONNECTIONS = 10, 500


class _Server(uvicorn.Server):
    """A server that leaves signals to the service."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """A port, listened on from the beginning."""

    def __init__(  # noqa: PLR0913, PLR0917 - where, and what is served
        self,
        host: str,
        port: int,
        health: Health,
        metrics: Metrics,
        slack: SlackConnection | None,
        formulas: ASGIApp | None = None,
        page: Sequence[BaseRoute] = (),
    ) -> None:
        """Take the port. Raises: MachineError, if somebody else has it."""
        try:
            self._socket = socket.create_server((host, port))
        except OSError as trouble:
            raise MachineError(f"Port {port} of {host} cannot be listened on: {trouble.strerror}. Name another.") from trouble
        self._slack = slack if slack and slack.is_http else None
        self._install_path = next(iter(slack.install_steps), "") if slack else ""
        steps = [Route(path, step) for path, step in slack.install_steps.items()] if slack else []
        slack_path = (self._slack.path, self._slack.asgi) if self._slack else None
        app = build_app(health, metrics, slack_path, formulas, [*steps, *page])
        self._has_page = bool(page)
        # Without a configuration of its own uvicorn logs as everything does: in lines of JSON.
        config = uvicorn.Config(
            app,
            http=PunctualProtocol,
            log_config=None,
            lifespan="off",
            limit_concurrency=MAX_CONNECTIONS,
            timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
        )
        self._server = _Server(config)

    @property
    def address(self) -> str:
        """Where it listens."""
        host, port = self._socket.getsockname()[:2]
        return f"http://{host}:{port}"

    async def run(self, stopping: asyncio.Event) -> None:
        """Serve until the end; requests that are being answered then are finished."""
        if self._slack:
            print(f"Slack's requests are accepted over HTTP at {self.address}{self._slack.path}.", flush=True)
        if self._install_path:
            print(f"The app is installed in workspaces at {self.address}{self._install_path}.", flush=True)
        if self._has_page:
            print(f"The page is at {self.address}/.", flush=True)
        print(f"Formulas ask at {self.address}/v1/ask.", flush=True)
        print(f"Health and metrics are at {self.address}/healthz and {self.address}/metrics.", flush=True)
        serving = asyncio.ensure_future(self._server.serve(sockets=[self._socket]))
        ending = asyncio.ensure_future(stopping.wait())
        await asyncio.wait([serving, ending], return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        self._server.should_exit = True
        await serving
