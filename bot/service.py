"""`agentcost serve`: Slack over HTTP, and whether we are well."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import uvicorn

from bot import wiring
from bot.slack.app import asgi, create_app
from bot.slack.settings import SlackSettings
from core.errors import ConfigError
from core.questions.ask import ask

if TYPE_CHECKING:
    from argparse import Namespace

    from core.answer import Answer
    from core.slack_settings import SlackRules

TOKEN, SECRET, API = "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"
SLACK_API = "https://slack.com/api/"
STOP_WITHIN_SECONDS = 10


def run(options: Namespace) -> None:
    """Serve until told to stop; open answers are finished first. Raises: ConfigError, naming every variable not set."""
    settings = slack_settings()
    wiring.context(options.config)

    def asked(question: str, *, with_wallet: bool) -> Answer:
        context = wiring.context(options.config)
        return ask(question, context if with_wallet else context.without_wallet())

    def rules() -> SlackRules:
        return wiring.context(options.config).config.slack

    print(f"Slack's requests are taken at http://{options.host}:{options.port}{settings.path}.", flush=True)
    uvicorn.run(
        asgi(create_app(asked, settings, rules)),
        host=options.host,
        port=options.port,
        log_level="warning",
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
    )


def slack_settings() -> SlackSettings:
    """Return what the environment says of Slack, the secrets taken out of it, so that nothing else reads them.

    Raises: ConfigError, naming every variable not set.
    """
    missing = [name for name in (TOKEN, SECRET) if not os.environ.get(name)]
    if missing:
        raise ConfigError([f"{name} is not set; docs/slack.md says where Slack shows it." for name in missing])
    return SlackSettings(os.environ.pop(TOKEN), os.environ.pop(SECRET), api_url=os.environ.get(API, SLACK_API))
