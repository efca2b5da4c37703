"""The MCP server: what an assistant can call and read. It computes nothing: every figure is one of an answer of core's.

Source: the Model Context Protocol, revision 2026-07-28, and its Python SDK `mcp`.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

import core
from core.language import COMMANDS, read
from core.questions import is_about_wallet
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from mcp.server.context import ServerRequestContext

NAME = "agentcost"
INSTRUCTIONS = (
    "What Salesforce's AI agents cost: prices, plans, break-even, and the use, balance and forecast of the team's own wallet. "
    "Pass the person's words to `ask` unchanged, English or German; they are read or asked back, never guessed. "
    "Give the figures as they stand, with “Read as” and the assumptions among the notes; do not compute with them. "
    "Where an answer is refused, offer its suggestions. `list_commands` says what can be asked."
)
MAX_QUESTION = 4_000
ANSWER_SCHEMA = Path(core.__file__).with_name("answer.schema.json")
RESOURCES = {
    "agentcost://prices": ("prices", "Every price in force, with its date and source"),
    "agentcost://use-cases": ("use cases", "Typical actions, credits and cost of an interaction, by use case"),
}
JSON = "application/json"
READ_ONLY = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
COMMANDS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["commands"],
    "properties": {
        "commands": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "answers", "examples", "reads_wallet"],
                "properties": {
                    "name": {"type": "string"},
                    "answers": {"type": "string"},
                    "examples": {"type": "array", "items": {"type": "string"}},
                    "reads_wallet": {"type": "boolean"},
                },
            },
        }
    },
}


class Reply(NamedTuple):
    """The result of a question. answer: in the published JSON shape; None if it was refused, then `sentence` says why."""

    answer: Mapping[str, Any] | None
    sentence: str = ""
    suggestions: tuple[str, ...] = ()


def create_server(ask: Callable[[str, Any], Awaitable[Reply]]) -> Server[Any]:
    """Return the server. ask: is called with the HTTP request that the question came in, None over stdio."""
    tools = _Tools(ask)
    return Server(
        NAME,
        version=version(NAME),
        title="What Agentforce costs",
        instructions=INSTRUCTIONS,
        on_list_tools=tools.list_tools,
        on_call_tool=tools.call,
        on_list_resources=tools.list_resources,
        on_read_resource=tools.read_resource,
    )


async def serve_stdio(server: Server[Any]) -> None:
    """Serve one client over standard input and output, until it closes them."""
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


class _Tools:
    """The handlers; what they know is how to ask."""

    def __init__(self, ask: Callable[[str, Any], Awaitable[Reply]]) -> None:
        self._ask = ask

    async def list_tools(self, _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=_tools())

    async def call(self, context: ServerRequestContext[Any], params: types.CallToolRequestParams) -> types.CallToolResult:
        arguments = params.arguments or {}
        if params.name == "list_commands":
            told = {"commands": list(_commands())}
            return types.CallToolResult(content=[_text(_commands_as_text())], structured_content=told)
        if params.name == "ask":
            return _result(await self._reply(_argument(arguments, "question"), context))
        if params.name == "explain":
            return _result(await self._reply(f"explain {_argument(arguments, 'subject')}", context))
        raise MCPError(types.INVALID_PARAMS, f"There is no tool {params.name}.")

    async def list_resources(
        self, _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        found = [
            types.Resource(uri=uri, name=question, description=about, mime_type=JSON)
            for uri, (question, about) in RESOURCES.items()
        ]
        return types.ListResourcesResult(resources=found)

    async def read_resource(
        self, context: ServerRequestContext[Any], params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        if params.uri not in RESOURCES:
            raise MCPError(types.INVALID_PARAMS, f"There is no resource {params.uri}.")
        reply = await self._reply(RESOURCES[params.uri][0], context)
        if reply.answer is None:
            raise MCPError(types.INTERNAL_ERROR, reply.sentence)
        text = json.dumps(reply.answer, ensure_ascii=False)
        return types.ReadResourceResult(contents=[types.TextResourceContents(uri=params.uri, mime_type=JSON, text=text)])

    async def _reply(self, question: str, context: ServerRequestContext[Any]) -> Reply:
        return await self._ask(question, context.request)


def _argument(arguments: Mapping[str, Any], name: str) -> str:
    """Return a text that the tool was called with. Raises: MCPError."""
    value = arguments.get(name)
    if not isinstance(value, str) or not value.strip() or set(arguments) != {name}:
        raise MCPError(types.INVALID_PARAMS, f"Call it with one text, {name}.")
    return value


def _result(reply: Reply) -> types.CallToolResult:
    if reply.answer is None:
        told = {"error": reply.sentence, "suggestions": list(reply.suggestions)}
        return types.CallToolResult(content=[_text(reply.sentence)], structured_content=told, is_error=True)
    return types.CallToolResult(content=[_text(_answer_as_text(reply.answer))], structured_content=dict(reply.answer))


def _text(text: str) -> types.TextContent:
    return types.TextContent(text=text)


def _answer_as_text(answer: Mapping[str, Any]) -> str:
    """Return what a client that shows no structured content needs: the sentence, figures, sums, notes and sources."""
    figures = [f"{one['label']}: {one['value']} {one['unit']}" for one in answer["figures"] if one["value"] is not None]
    notes = [f"{note['kind']}: {note['text']}" for note in answer["notes"]]
    sources = [source["title"] for source in answer["sources"]]
    parts = [answer["headline"], *figures, *answer["arithmetic"], *notes, *sources]
    return "\n".join([*parts, f"Prices as of {answer['as_of']}. Asked: {answer['question']}"])


@cache
def _tools() -> list[types.Tool]:
    answer = json.loads(ANSWER_SCHEMA.read_text(encoding="utf-8"))
    return [
        types.Tool(
            name="ask",
            title="Ask what agents cost",
            description=(
                "Answer a question about what Agentforce costs, in a person's own words (English or German) or as a command: "
                "plans compared, break-even, prices, the wallet's balance and use, forecasts, alerts. Exact figures with sums "
                "and dated sources. A question that has no or several readings is refused with up to three that work."
            ),
            input_schema=_takes(
                "question", "the question, as it was asked: “10k chats a month at 5 actions”, “wann sind die Credits leer”"
            ),
            output_schema=answer,
            annotations=READ_ONLY,
        ),
        types.Tool(
            name="list_commands",
            title="What can be asked",
            description="Every command with what it answers and examples that work.",
            input_schema={"type": "object", "properties": {}, "additionalProperties": False},
            output_schema=COMMANDS_SCHEMA,
            annotations=READ_ONLY,
        ),
        types.Tool(
            name="explain",
            title="Where a figure comes from",
            description="Say what a figure, price, plan or published claim is, how it is reached, and who said it when.",
            input_schema=_takes("subject", "its key or name: actions_per_user_month, payg, flex credits, premier"),
            output_schema=answer,
            annotations=READ_ONLY,
        ),
    ]


def _takes(name: str, about: str) -> dict[str, Any]:
    text = {"type": "string", "minLength": 1, "maxLength": MAX_QUESTION, "description": about}
    return {"type": "object", "properties": {name: text}, "required": [name], "additionalProperties": False}


@cache
def _commands() -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "name": command.name,
            "answers": command.answers,
            "examples": list(command.examples),
            "reads_wallet": all(is_about_wallet(read(example)) for example in command.examples),
        }
        for command in COMMANDS.values()
    )


def _commands_as_text() -> str:
    return "\n".join(f"{one['name']}: {one['answers']}; for example: {', '.join(one['examples'])}" for one in _commands())
