"""The service over HTTP: health, metrics, Slack's requests over HTTP, and mounted applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from bot.observability import CONTENT_TYPE
from bot.service.slack_requests import SlackRequestFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from bot.observability import Health, Metrics
    from bot.slack import Asgi

READY, NOT_READY = 200, 503
NEVER_KEPT = {"Cache-Control": "no-store"}


def build_app(
    health: Health,
    metrics: Metrics,
    slack: tuple[str, Asgi] | None = None,
    formulas: ASGIApp | None = None,
    page: Sequence[BaseRoute] = (),
) -> Starlette:
    """Return one application.

    slack: the path of Slack's requests and what takes them, where they come over HTTP. page: the routes for people with a
    browser, and of installations in Slack. formulas: takes all other paths.
    """

    async def healthz(_: Request) -> Response:
        return JSONResponse(health.to_json(), READY if health.is_alive else NOT_READY, NEVER_KEPT)

    async def readyz(_: Request) -> Response:
        return JSONResponse(health.to_json(), READY if health.is_ready else NOT_READY, NEVER_KEPT)

    async def render_metrics(_: Request) -> Response:
        return Response(await run_in_threadpool(metrics.exposition), headers=NEVER_KEPT, media_type=CONTENT_TYPE)

    routes: list[BaseRoute] = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", render_metrics)]
    routes += [Route(slack[0], SlackRequestFilter(cast("ASGIApp", slack[1])), methods=["POST"])] if slack else []
    routes += page
    routes += [Mount("/", formulas)] if formulas else []
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False  # a redirect names the host that the caller says
    return app
