"""What is wrong between us and Slack: every problem at once, no secret shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.client import SlackClient, UndeliveredError
from bot.slack.environment import API, APP_TOKEN, BOT_TOKEN, SECRET, SLACK_API, VARIABLES, is_used, misshapen, missing
from bot.slack.settings import SlackSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping

    from core.config import SlackRules

NEITHER = (
    f"Neither {APP_TOKEN} (Socket Mode) nor {SECRET} (HTTP) is set; "
    "Slack shows both in the app's settings under Basic Information."
)
AGAIN = "make the app anew from bot/manifest.yaml, or add them under OAuth & Permissions and install it again"
REFUSED = {
    "missing_scope": "it lacks the scope connections:write",
    "channel_not_found": "there is no such channel, or it is private and the app is not in it",
    "user_not_found": "there is no such member",
    "no_such_subteam": "there is no such user group",
}


async def problems(variables: Mapping[str, str], rules: SlackRules, scopes: Callable[[], Iterable[str]]) -> list[str]:
    """Return a sentence for each problem; none where nothing of Slack is set up.

    scopes: the scopes that the bot needs, worked out only if Slack says which it has.
    """
    if not is_used(variables):
        return []
    gateway = SlackClient(
        SlackSettings(variables.get(BOT_TOKEN, ""), app_token=variables.get(APP_TOKEN), api_url=variables.get(API) or SLACK_API)
    )
    found = list(_of_variables(variables))
    if variables.get(APP_TOKEN):
        found += [problem async for problem in _of_app_token(gateway)]
    if variables.get(BOT_TOKEN):
        found += [problem async for problem in _of_bot(gateway, rules, scopes)]
    return list(dict.fromkeys(found))


def _of_variables(variables: Mapping[str, str]) -> Iterator[str]:
    yield from missing(variables, BOT_TOKEN)
    if not variables.get(APP_TOKEN) and not variables.get(SECRET):
        yield NEITHER
    yield from misshapen(variables, *VARIABLES)


async def _of_app_token(gateway: SlackClient) -> AsyncIterator[str]:
    try:
        await gateway.socket_url()
    except UndeliveredError as error:
        yield _problem(error, f"Slack refuses {APP_TOKEN}", "Slack shows it under Basic Information, App-Level Tokens")


async def _of_bot(gateway: SlackClient, rules: SlackRules, scopes: Callable[[], Iterable[str]]) -> AsyncIterator[str]:
    try:
        granted = await gateway.granted_scopes()
    except UndeliveredError as error:
        yield _problem(error, f"Slack refuses {BOT_TOKEN}", "Slack shows it under OAuth & Permissions")
        return
    lacking = [scope for scope in scopes() if scope not in granted]
    if lacking:
        yield f"The bot lacks the scopes {', '.join(lacking)}: {AGAIN}."
    async for problem in _of_rules(gateway, rules):
        yield problem


async def _of_rules(gateway: SlackClient, rules: SlackRules) -> AsyncIterator[str]:
    for channel in rules.channels:
        try:
            told = await gateway.channel(channel)
        except UndeliveredError as error:
            yield _problem(error, f"app.yaml names the channel {channel}", "correct its id under slack")
            continue
        if told.is_archived:
            yield f"app.yaml names the channel {channel}: it is archived. Take it out, or bring it back."
        elif not told.is_member:
            yield f"app.yaml names the channel {channel}: the app is not in it. Invite it there: /invite @agentcost."
    for ask, kind, names in ((gateway.members, "user group", rules.user_groups), (gateway.person, "member", rules.users)):
        for name in names:
            try:
                await ask(name)
            except UndeliveredError as error:
                yield _problem(error, f"app.yaml names the {kind} {name}", "correct the id under slack")


def _problem(error: UndeliveredError, what: str, remedy: str) -> str:
    if error.is_unreached:
        return f"Slack is not reached ({error.reason}). Check the network, and {API} if it is set."
    return f"{what}: {REFUSED.get(error.reason, error.reason)}; {remedy}."
