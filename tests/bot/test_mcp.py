"""MCP, used by the SDK's own client over both transports: tools, resources, and the access of each token."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import jsonschema_rs
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import TextResourceContents

from bot import locations, wiring
from core.config.loader import Config
from core.context import Context
from core.scope import Scope
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import open_warehouse
from sheets_addin.api.app import create_app
from tests.fakes.asking import DAY, EXPORTS
from tests.fakes.formula_api import Api, api_on
from tests.fakes.slack.workspace import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from starlette.applications import Starlette

    from core.warehouse import QuestionEvent

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "core" / "answer.schema.json").read_text(encoding="utf-8"))
PROGRAM = "import bot.cli.main, sys; sys.exit(bot.cli.main.main())"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample wallet."""
    file = tmp_path_factory.mktemp("mcp") / "warehouse.duckdb"
    with open_warehouse(file) as opened:
        import_files(opened, [EXPORTS / "events_api_names.csv", EXPORTS / "ledger.csv"], Config().wallet)
    return file


@pytest.fixture(scope="module")
def api(warehouse: Path) -> Api:
    """The formula API for that wallet, which serves /mcp as well."""
    context = Context(DAY, Config(), lambda: open_warehouse(warehouse), has_warehouse=True)
    return api_on(context, warehouse.parent).configured(requests_per_minute=10_000)


@pytest.fixture(scope="module")
def address(api: Api) -> Iterator[str]:
    """The address of the service."""
    with served(create_app(api.api, wiring.mcp_endpoint(api.api))) as url:
        yield url


@asynccontextmanager
async def over_http(address: str, token: str | None) -> AsyncIterator[Client]:
    """Return a client of /mcp with a token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        create_mcp_http_client(headers=headers) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
    ):
        yield client


@asynccontextmanager
async def over_stdio(warehouse: Path) -> AsyncIterator[Client]:
    """Return a client of `agentcost mcp`."""
    environment = {"AGENTCOST_WAREHOUSE": str(warehouse), "PYTHONPATH": str(ROOT)}
    program = StdioServerParameters(command=sys.executable, args=["-c", PROGRAM, "--as-of", str(DAY), "mcp"], env=environment)
    async with Client(program) as client:
        yield client


def asked(connect: Any, use: Callable[[Client], Awaitable[Any]]) -> Any:  # noqa: ANN401 - whatever came of it
    """Return what a client received."""

    async def run() -> Any:  # noqa: ANN401 - as above
        async with connect as client:
            return await use(client)

    return anyio.run(run)


def tell(name: str, **arguments: str) -> Callable[[Client], Awaitable[Any]]:
    """Return the result of a tool call."""
    return lambda client: client.call_tool(name, arguments)


@pytest.fixture(params=["stdio", "http"])
def connect(request: pytest.FixtureRequest, warehouse: Path, api: Api, address: str) -> Callable[[], Any]:
    """Return a connection by each transport with access to the whole wallet."""
    if request.param == "stdio":
        return lambda: over_stdio(warehouse)
    token = api.token()
    return lambda: over_http(address, token)


def test_an_answer_is_structured_and_whole(connect: Callable[[], Any]) -> None:
    """Free text gets the answer in its published shape, with sums, sources and how the text was read."""
    told = asked(connect(), tell("ask", question="10k chats a month at 5 actions"))
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(told.structured_content)
    answer = told.structured_content
    figures = {one["key"]: one["value"] for one in answer["figures"]}
    assert (figures["usd_per_month"], bool(answer["arithmetic"]), bool(answer["sources"])) == ("5000", True, True)
    assert answer["notes"][0]["text"] == "Read as: compare 10,000 interactions 5 actions"
    assert "$5,000.00 a month" in told.content[0].text


def test_the_wallet_is_asked(connect: Callable[[], Any], api: Api) -> None:
    """The rest of the wallet is the same as on the other surfaces."""
    told = asked(connect(), tell("ask", question="how much is left"))
    assert told.structured_content == api.get("/v1/ask?q=how+much+is+left", api.token()).json


def test_what_is_not_understood_is_an_error_with_suggestions(connect: Callable[[], Any]) -> None:
    """An assistant gets the reason and what would work."""
    told = asked(connect(), tell("ask", question="breakeven 2oo users"))
    assert (told.is_error, told.structured_content["suggestions"]) == (True, ["breakeven 200 users"])
    assert told.content[0].text.startswith('I don\'t know "2oo"')


def test_what_can_be_asked_is_listed(connect: Callable[[], Any]) -> None:
    """Commands have working examples, and say whether they read the wallet."""
    told = asked(connect(), tell("list_commands"))
    by_name = {one["name"]: one for one in told.structured_content["commands"]}
    assert (by_name["compare"]["reads_wallet"], by_name["usage"]["reads_wallet"]) == (False, True)


def test_a_figure_is_explained(connect: Callable[[], Any]) -> None:
    """`explain` says where a figure comes from, also under people's own name for it."""
    assert asked(connect(), tell("explain", subject="payg")).structured_content["question"] == "explain payg"
    assert asked(connect(), tell("explain", subject="premier support")).structured_content["question"] == "explain premier"


def test_prices_and_use_cases_can_be_read(connect: Callable[[], Any]) -> None:
    """Two resources are listed, and each is an answer."""

    async def read_all(client: Client) -> list[str]:
        found = (await client.list_resources()).resources
        contents = [(await client.read_resource(one.uri)).contents[0] for one in found]
        return [json.loads(one.text)["question"] for one in contents if isinstance(one, TextResourceContents)]

    assert asked(connect(), read_all) == ["prices", "use cases"]


@pytest.mark.parametrize("arguments", [{}, {"question": " "}, {"question": "help", "more": "x"}])
def test_a_tool_takes_what_it_says(connect: Callable[[], Any], arguments: dict[str, str]) -> None:
    """A call without its text, or with extra arguments, is refused in words."""
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - a group of one
        asked(connect(), lambda client: client.call_tool("ask", arguments))
    found = caught.value
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, MCPError)
    assert "one text, question" in str(found)


# --- what each token opens


def test_a_token_of_prices_opens_no_wallet(api: Api, address: str) -> None:
    """With the scope `pricing`, prices are answered and the wallet is refused, as for formulas."""
    token = api.token(scope="pricing")
    told = asked(over_http(address, token), tell("ask", question="breakeven 200 users"))
    refused = asked(over_http(address, token), tell("ask", question="usage by agent"))
    assert (told.is_error, refused.is_error) == (False, True)
    assert "wallet" in refused.content[0].text


def test_a_token_of_one_department_sees_nothing_else(api: Api, address: str) -> None:
    """The answer covers that department only, and equals that of a formula with the same token."""
    token = api.token(only=Scope(departments=("Sales",)))
    told = asked(over_http(address, token), tell("ask", question="usage by agent"))
    assert told.structured_content["question"] == 'usage by agent department "Sales"'
    refused = asked(over_http(address, token), tell("ask", question="usage by agent department Service"))
    assert refused.is_error


@pytest.mark.parametrize("token", [None, "agc_wrong_token"])
def test_without_a_token_nothing_is_open(api: Api, token: str | None) -> None:
    """The tools have the same access check as the formula API."""
    app = create_app(api.api, wiring.mcp_endpoint(api.api))
    told = replace_app(api, app).post("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, token)
    assert (told.status, told.headers["www-authenticate"].split()[0]) == (401, "Bearer")


def replace_app(api: Api, app: Starlette) -> Api:
    """Return the same API behind another application."""
    found = copy(api)
    found.app = app
    return found


def test_what_was_not_understood_is_told_with_its_surface(api: Api, address: str) -> None:
    """A miss over MCP is reported to the service as one."""
    heard: list[QuestionEvent] = []
    api.api.heard = heard.append
    asked(over_http(address, api.token()), tell("ask", question="flux by galaxy"))
    api.api.heard = None
    assert [(one.surface, one.is_miss) for one in heard] == [("MCP", True)]


def test_a_miss_over_stdio_is_listed(warehouse: Path) -> None:
    """`agentcost misses` says that it came from an assistant."""
    asked(over_stdio(warehouse), tell("ask", question="flux by galaxy"))
    with open_warehouse(warehouse) as opened:
        assert ("flux by galaxy", "MCP") in [(row["text"], row["surfaces"]) for row in opened.query("misses_by_text")]


def test_where_the_service_holds_the_warehouse_it_answers(warehouse: Path) -> None:
    """Over stdio the wallet is available even while the service holds it."""
    environment = {**os.environ, "AGENTCOST_WAREHOUSE": str(warehouse), "PYTHONPATH": str(ROOT)}
    harness = ROOT / "tests" / "harness" / "service_process.py"
    with subprocess.Popen([sys.executable, str(harness), "2026-11-21T12:00:00+00:00", "1"], env=environment) as service:
        try:
            until = time.monotonic() + 60
            while not locations.service_address(warehouse).exists() and time.monotonic() < until:
                time.sleep(0.1)
            told = asked(over_stdio(warehouse), tell("ask", question="usage by agent"))
            refused = asked(over_stdio(warehouse), tell("ask", question="breakeven 2oo users"))
        finally:
            service.terminate()
    assert (told.is_error, told.structured_content["question"]) == (False, "usage by agent")
    assert refused.structured_content["suggestions"] == ["breakeven 200 users"]
