"""The OpenAPI document describes what the service serves to programs: every path, and the shape of every response."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import anyio
import jsonschema_rs
import pytest
from starlette.routing import Mount, Route

from bot.mcp_server import McpEndpoint
from bot.observability import Health, Metrics, MetricState
from bot.service.http_routes import build_app
from core.maintenance import Condition
from sheets_addin.api import create_app, openapi
from tests.fakes.formula_api import Reply, _exchange, api_on
from tests.fakes.small_wallet import context_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.routing import BaseRoute

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DOCUMENT: dict[str, Any] = json.loads(openapi.document())
WELL = Condition("backup", is_well=True, why="the newest is 5 hours old", last_success=NOW - timedelta(hours=5))
ILL = Condition("google", is_well=False, why="403", to_do="Share the spreadsheet.")


def health(*conditions: Condition, is_open: bool = True) -> Health:
    """Return a health with these parts."""
    found = Health(lambda: NOW)
    if is_open:
        found.ready()
    for condition in conditions:
        found.note(condition)
    return found


STATES = {"ready": health(WELL), "degraded": health(WELL, ILL), "not ready": health(WELL, is_open=False)}


def served(found: Health, folder: Path) -> Starlette:
    """Return the HTTP side of a service without Slack's requests, which Slack documents, and without people's pages."""
    api = api_on(context_of(None), folder).api  # type: ignore[arg-type]  # nothing of the wallet is asked
    metrics = Metrics(lambda: MetricState(is_open=True, data_through=NOW, messages={"waiting": 1}, parts=found.states()))
    return build_app(found, metrics, formulas=create_app(api, McpEndpoint(api.let_in, api.reply)))  # type: ignore[arg-type]  # not asked


def routes(of: Iterable[BaseRoute]) -> Iterator[Route]:
    """Yield every route, mounted ones too."""
    for one in of:
        if isinstance(one, Mount):
            yield from routes(one.routes)
        elif isinstance(one, Route):
            yield one


def get(app: Starlette, path: str) -> Reply:
    """Request a path."""
    return anyio.run(_exchange, app, "GET", path, b"", {})


def test_what_is_served_is_documented_and_nothing_else(tmp_path: Path) -> None:
    """Each path with its methods; /mcp accepts what its own protocol says."""
    found: dict[str, set[str]] = {}
    for route in routes(served(health(), tmp_path).routes):
        methods = {"POST"} if route.path == "/mcp" else (route.methods or set()) - {"HEAD"}
        found.setdefault(route.path, set()).update(method.lower() for method in methods)
    assert found == {path: set(operations) for path, operations in DOCUMENT["paths"].items()}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("state", STATES)
def test_health_is_as_documented(path: str, state: str, tmp_path: Path) -> None:
    """Healthy, degraded and not ready, each with its parts: the documented shape under the documented status."""
    reply = get(served(STATES[state], tmp_path), path)
    documented = DOCUMENT["paths"][path]["get"]["responses"][str(reply.status)]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.Draft202012Validator({**documented, "components": DOCUMENT["components"]})
    assert [error.message for error in validator.iter_errors(reply.json)] == []
    assert (reply.json["status"], "parts" in reply.json) == (state, True)


def test_metrics_are_as_documented(tmp_path: Path) -> None:
    """Text, as Prometheus reads it."""
    reply = get(served(health(WELL), tmp_path), "/metrics")
    documented = DOCUMENT["paths"]["/metrics"]["get"]["responses"][str(reply.status)]["content"]
    assert reply.headers["content-type"].partition(";")[0] in documented
    assert b"agentcost_part_ok" in reply.body
