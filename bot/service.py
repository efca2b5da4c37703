"""`agentcost serve`: Slack in Socket Mode, or over HTTP with the formula API beside it."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot import wiring
from bot.slack.app import create_app
from bot.slack.environment import API, APP_TOKEN, BOT_TOKEN, SECRET, SLACK_API, misshapen, missing
from bot.slack.gateway import Gateway
from bot.slack.settings import SlackSettings
from bot.slack.socket_mode import SocketMode
from core.errors import ConfigError
from core.questions.ask import ask

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from starlette.applications import Starlette

    from bot.slack.app import SlackApp
    from bot.slack.import_listeners import Imported
    from core.answer import Answer
    from core.slack_settings import SlackRules

STOP_WITHIN_SECONDS = 10
NAME_A_PORT = "Or name a port, and Slack's requests are taken over HTTP: agentcost serve --port 3000."


def run(options: Namespace) -> None:
    """Serve until told to stop; open answers are finished first. Raises: ConfigError, naming every variable at fault."""
    settings = slack_settings(is_http=options.port is not None)
    wiring.context(options.config)

    def asked(question: str, *, with_wallet: bool) -> Answer:
        context = wiring.context(options.config)
        return ask(question, context if with_wallet else context.without_wallet())

    def imported(paths: Sequence[Path], who: str) -> Imported:
        return wiring.import_shared(paths, who, options.config)

    def rules() -> SlackRules:
        return wiring.context(options.config).config.slack

    if options.port is None:
        asyncio.run(_connected(partial(create_app, asked, settings, rules, import_files=imported), settings))
    else:
        _listening(create_app(asked, settings, rules, import_files=imported), options)


def slack_settings(*, is_http: bool) -> SlackSettings:
    """Return what the environment says of Slack, the secrets taken out of it, so that nothing else reads them.

    is_http: whether Slack's requests come over HTTP, signed; else in Socket Mode, which needs a token of the app.
    Raises: ConfigError, naming every variable at fault.
    """
    needed = (BOT_TOKEN, SECRET) if is_http else (BOT_TOKEN, APP_TOKEN)
    problems = [*missing(os.environ, *needed), *misshapen(os.environ, *{BOT_TOKEN, APP_TOKEN}.intersection(needed))]
    if problems:
        raise ConfigError(problems if is_http or os.environ.get(APP_TOKEN) else [*problems, NAME_A_PORT])
    values = {name: os.environ.pop(name, None) for name in (BOT_TOKEN, APP_TOKEN, SECRET)}
    return SlackSettings(
        str(values[BOT_TOKEN]),
        values[SECRET] if is_http else None,
        None if is_http else values[APP_TOKEN],
        api_url=os.environ.get(API, SLACK_API),
    )


def _listening(app: SlackApp, options: Namespace) -> None:
    import uvicorn  # noqa: PLC0415 - Socket Mode needs no server

    address = f"http://{options.host}:{options.port}"
    print(f"Slack's requests are taken over HTTP, at {address}{app.path}; formulas' at {address}/v1/ask.", flush=True)
    uvicorn.run(
        hosted(app, wiring.formula_api(options.config)),
        host=options.host,
        port=options.port,
        log_level="warning",
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
    )


def hosted(slack: SlackApp, formulas: Starlette) -> Starlette:
    """Return one application: Slack's requests go to their own path, all others to the formula API.

    It ends when Slack's open answers are sent.
    """
    from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler  # noqa: PLC0415 - as above
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.routing import Mount, Route  # noqa: PLC0415

    @asynccontextmanager
    async def finishing(_: Starlette) -> AsyncIterator[None]:
        yield
        await slack.open_work.finished()

    return Starlette(
        routes=[Route(slack.path, AsyncSlackRequestHandler(slack, path=slack.path)), Mount("/", formulas)], lifespan=finishing
    )


async def _connected(create: Callable[[], SlackApp], settings: SlackSettings) -> None:
    mode = SocketMode(create(), Gateway(settings).socket_url)
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, mode.stop)
    await mode.run(_greeted())


def _greeted() -> Callable[[], None]:
    """Return what says, the first time, that Slack is connected."""
    said = asyncio.Event()

    def say() -> None:
        if not said.is_set():
            said.set()
            print("Slack's requests are taken in Socket Mode; Slack is connected.", flush=True)

    return say
