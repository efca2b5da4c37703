"""`agentcost serve`: Slack over HTTP, the formula API, and whether we are well."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot import wiring
from bot.slack.app import create_app
from bot.slack.settings import SlackSettings
from core.errors import ConfigError
from core.questions.ask import ask

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import AsyncIterator

    from bot.slack.app import SlackApp
    from core.answer import Answer

TOKEN, SECRET, API = "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"
SLACK_API = "https://slack.com/api/"
STOP_WITHIN_SECONDS = 10


def run(options: Namespace) -> None:
    """Serve until told to stop; open answers are finished first. Raises: ConfigError, naming every variable not set."""
    settings = slack_settings()
    wiring.context(options.config)

    def asked(question: str) -> Answer:
        return ask(question, wiring.context(options.config))

    address = f"http://{options.host}:{options.port}"
    print(f"Slack's requests are taken at {address}{settings.path}, formulas' at {address}/v1/ask.", flush=True)
    uvicorn.run(
        hosted(create_app(asked, settings), wiring.formula_api(options.config)),
        host=options.host,
        port=options.port,
        log_level="warning",
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
    )


def hosted(slack: SlackApp, formulas: Starlette) -> Starlette:
    """Return one application: Slack's requests go to their own path, all others to the formula API.

    It ends when Slack's open answers are sent.
    """

    @asynccontextmanager
    async def finishing(_: Starlette) -> AsyncIterator[None]:
        yield
        await slack.open_work.finished()

    return Starlette(
        routes=[Route(slack.path, AsyncSlackRequestHandler(slack, path=slack.path)), Mount("/", formulas)], lifespan=finishing
    )


def slack_settings() -> SlackSettings:
    """Return what the environment says of Slack, the secrets taken out of it, so that nothing else reads them.

    Raises: ConfigError, naming every variable not set.
    """
    missing = [name for name in (TOKEN, SECRET) if not os.environ.get(name)]
    if missing:
        raise ConfigError([f"{name} is not set; docs/slack.md says where Slack shows it." for name in missing])
    return SlackSettings(os.environ.pop(TOKEN), os.environ.pop(SECRET), api_url=os.environ.get(API, SLACK_API))
