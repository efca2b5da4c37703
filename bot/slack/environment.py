"""Slack's environment variables: which are needed, and what is wrong with them, no secret shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BOT_TOKEN, APP_TOKEN, SECRET, API = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"
REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET = "SLACK_REFRESH_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"
# What encrypts in the warehouse what Slack renews; docs/slack.md says how to make one.
SECRET_KEY = "AGENTCOST_SECRET_KEY"  # noqa: S105 - the name of a variable
SLACK_API = "https://slack.com/api/"


class Variable(NamedTuple):
    """A secret of the environment: how it begins, and where Slack shows it."""

    begins: re.Pattern[str]
    shape: str
    shown: str


VARIABLES: Mapping[str, Variable] = {
    BOT_TOKEN: Variable(
        re.compile(r"(xoxe\.)?xoxb-\S"), "a bot token begins with xoxb-", "OAuth & Permissions, Bot User OAuth Token"
    ),
    APP_TOKEN: Variable(re.compile(r"xapp-\S"), "an app token begins with xapp-", "Basic Information, App-Level Tokens"),
    SECRET: Variable(
        re.compile(r"[0-9a-f]{32}$"), "a signing secret is 32 digits of 0-9 and a-f", "Basic Information, Signing Secret"
    ),
    REFRESH_TOKEN: Variable(
        re.compile(r"xoxe-\S"), "a refresh token begins with xoxe-", "OAuth & Permissions, beside the Bot User OAuth Token"
    ),
    CLIENT_ID: Variable(
        re.compile(r"\d+\.\d+$"), "a client id is two numbers with a dot between", "Basic Information, Client ID"
    ),
    CLIENT_SECRET: Variable(
        re.compile(r"[0-9a-f]{32}$"), "a client secret is 32 digits of 0-9 and a-f", "Basic Information, Client Secret"
    ),
}
RENEWAL = (REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET, SECRET_KEY)

APP_OF_TOKEN = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")
ROTATED = "xoxe."


def app_in(app_token: str) -> str | None:
    """Return the id of the app that an app token is of; None where it does not say."""
    found = APP_OF_TOKEN.match(app_token)
    return found[1] if found else None


def is_rotated(variables: Mapping[str, str]) -> bool:
    """Whether the bot's token is one that expires. Source: docs.slack.dev/authentication/using-token-rotation."""
    return variables.get(BOT_TOKEN, "").startswith(ROTATED)


def problems_of_rotation(variables: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for a token that expires, and that nothing renews."""
    lacking = [name for name in RENEWAL if not variables.get(name)] if is_rotated(variables) else []
    if lacking:
        yield (
            f"{BOT_TOKEN} is a rotated token (xoxe.…): it expires after twelve hours. For agentcost to renew it, set also "
            f"{', '.join(lacking)} (docs/slack.md, Tokens that expire). Token rotation cannot be switched off again; a new app "
            f"made from bot/manifest.yaml has it off."
        )


def problems_of_oauth(variables: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each variable that installations in several workspaces need, or have no use for."""
    yield from missing(variables, CLIENT_ID, CLIENT_SECRET)
    yield from misshapen(variables, CLIENT_ID, CLIENT_SECRET)
    if not variables.get(SECRET_KEY):
        yield f"{SECRET_KEY} is not set: it encrypts the tokens of installations. docs/slack.md says how to make one."
    for name in (BOT_TOKEN, REFRESH_TOKEN):
        if variables.get(name):
            yield f"{name} is set, and slack.oauth in app.yaml: tokens come from installations. Remove one of the two."


def is_used(variables: Mapping[str, str]) -> bool:
    """Whether anything of Slack is set up."""
    return any(variables.get(name) for name in VARIABLES)


def missing(variables: Mapping[str, str], *names: str) -> Iterator[str]:
    """Yield a sentence for each variable that is needed and not set."""
    for name in names:
        if not variables.get(name):
            yield f"{name} is not set; Slack shows it in the app's settings under {VARIABLES[name].shown}."


def misshapen(variables: Mapping[str, str], *names: str) -> Iterator[str]:
    """Yield a sentence for each variable that is set and does not look like what it should be."""
    for name in names:
        value = variables.get(name, "")
        if value and not VARIABLES[name].begins.match(value):
            yield f"{name} does not look right: {VARIABLES[name].shape}. Slack shows it under {VARIABLES[name].shown}."
