"""`agentcost serve`: what the environment and app.yaml set up, and its life as a process."""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot import wiring
from bot.delivery import mail_settings
from bot.observability import logs
from bot.service.settings import ServicePlan
from bot.slack import (
    API,
    APP_TOKEN,
    BOT_TOKEN,
    SECRET,
    SECRET_KEY,
    SLACK_API,
    VARIABLES,
    SlackSettings,
    is_used,
    misshapen,
    missing,
    problems_of_oauth,
    problems_of_rotation,
)
from core.config import spreadsheet_urls
from core.errors import ConfigError

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from bot.slack.connection import Installing
    from core.config import Config

M_ARENA_MAX, MAX_ARENAS = -8, 2  # the first as malloc.h has it
NAME_A_PORT = "Or name a port to accept Slack's requests over HTTP: agentcost serve --port 3000."
NOTHING_TO_DO = (
    "There is nothing to do: set up Slack (docs/slack.md), name a port (agentcost serve --port 3000), or write teams, "
    "spreadsheets or a watched folder in app.yaml."
)


def run(options: Namespace) -> None:
    """Serve until told to stop; running work is finished. Raises: ConfigError, naming every problem; MachineError."""
    plan = plan_service(options)
    logs.configure(sys.stderr)
    share_arenas()
    from bot.service.app import Service  # noqa: PLC0415 - slow to load, and not needed to say what is wrong

    formulas, page = partial(wiring.formula_api, options.config), partial(wiring.page, options.config)
    asyncio.run(Service(plan, formulas=formulas, page=page).run())


def share_arenas() -> None:
    """Let the threads to come share two arenas of memory; else glibc gives each its own, which keeps what it has freed.

    Source: mallopt(3), M_ARENA_MAX. Elsewhere than with glibc nothing happens.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, MAX_ARENAS)


def plan_service(options: Namespace) -> ServicePlan:
    """Return what there is to do. Raises: ConfigError, naming every variable at fault, or if there is nothing to do."""
    config = wiring.context(options.config).config
    slack = slack_settings(config, options.config, has_port=options.port is not None)
    has_duties = config.teams or config.spreadsheets or config.service.watched_folder
    if slack is None and options.port is None and not has_duties:
        raise ConfigError([*missing(os.environ, BOT_TOKEN, APP_TOKEN), NOTHING_TO_DO])
    settings, installing = slack or (None, None)
    return ServicePlan(options.config, config, settings, options.host, options.port, installing, mail_settings())


def slack_settings(config: Config, option: Path | None, *, has_port: bool) -> tuple[SlackSettings, Installing | None] | None:
    """Return what the environment says of Slack, the secrets taken out of it, so that nothing else reads them.

    With slack.oauth in app.yaml also what installations take, which bring the tokens; then the environment has none.

    Slack comes by Socket Mode where there is an app's token, else over HTTP, signed. None where nothing of Slack is set up.
    Raises: ConfigError, naming every variable at fault.
    """
    oauth = config.slack.oauth
    if not is_used(os.environ) and oauth is None:
        return None
    is_http = has_port and not os.environ.get(APP_TOKEN)
    needed = (SECRET if is_http else APP_TOKEN,) if oauth else (BOT_TOKEN, SECRET if is_http else APP_TOKEN)
    problems = [*missing(os.environ, *needed), *misshapen(os.environ, *{BOT_TOKEN, APP_TOKEN}.intersection(needed))]
    problems += problems_of_oauth(os.environ) if oauth else problems_of_rotation(os.environ)
    if oauth and not has_port:
        problems.append("slack.oauth in app.yaml needs a port for the page that installs the app: agentcost serve --port 3000.")
    if problems:
        raise ConfigError(problems if is_http or os.environ.get(APP_TOKEN) else [*problems, NAME_A_PORT])
    values = {name: os.environ.pop(name, "") for name in (*VARIABLES, SECRET_KEY)}
    sheet_url, sheet_urls = spreadsheet_urls(config)
    settings = SlackSettings(
        values[BOT_TOKEN],
        values[SECRET] if is_http else None,
        None if is_http else values[APP_TOKEN],
        api_url=os.environ.get(API, SLACK_API),
        sheet_url=sheet_url,
        sheet_urls=sheet_urls,
    )
    if oauth:
        installing = wiring.slack_installing(settings, oauth, values, option)
        return replace(settings, tokens=installing.installations), installing
    return replace(settings, tokens=wiring.slack_tokens(settings, values)), None
