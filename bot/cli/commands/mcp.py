"""`mcp` on the command line: tools for one assistant, over standard input and output."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from bot import wiring
from bot.cli.console import ANSWERED
from bot.cli.main import parse_arguments
from bot.cli.remote import forward_quietly
from bot.mcp_server import Reply, create_server, serve_stdio
from core.errors import AgentcostError, NotUnderstoodError, QuestionError
from core.questions import ask

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path


def run(options: Namespace) -> int:
    """Serve until the client disconnects. Anyone who can start this program sees everything, as on the command line."""

    async def reply(question: str, _: object) -> Reply:
        return await anyio.to_thread.run_sync(_reply, question, options)

    anyio.run(serve_stdio, create_server(reply))
    return ANSWERED


def _reply(question: str, options: Namespace) -> Reply:
    try:
        return _answer(question, options)
    except wiring.HeldByServiceError as service:
        return _from_service(question, options, service.address)
    except QuestionError as error:
        return Reply(None, str(error), error.suggestions)
    except AgentcostError as error:
        return Reply(None, str(error))


def _answer(question: str, options: Namespace) -> Reply:
    context = wiring.with_audit(wiring.context(options.config, options.as_of), question, wiring.MCP)
    try:
        return Reply(ask(question, context).to_json())
    except NotUnderstoodError:
        wiring.keep_miss(question, wiring.MCP, context)
        raise


def _from_service(question: str, options: Namespace, address: Path) -> Reply:
    """Return what the service answers, since it holds the warehouse."""
    asked = parse_arguments(["--json"])
    asked.config, asked.as_of, asked.said = options.config, options.as_of, question
    try:
        printed, complained = forward_quietly(asked, address)
        told: dict[str, Any] = json.loads(printed or complained)
    except (AgentcostError, ValueError) as error:
        return Reply(None, str(error))
    return Reply(told) if printed else Reply(None, told["error"], tuple(told.get("suggestions", ())))
