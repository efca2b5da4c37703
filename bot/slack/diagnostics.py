"""What is wrong between us and Slack: every problem at once, what was found, and what could not be checked; no secret shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.slack.channels import Channels
from bot.slack.client import SlackClient, UndeliveredError
from bot.slack.disclosure import MEMBER
from bot.slack.environment import (
    API,
    APP_TOKEN,
    BOT_TOKEN,
    SECRET,
    SLACK_API,
    VARIABLES,
    app_in,
    expiring,
    is_used,
    misshapen,
    missing,
)
from bot.slack.settings import SlackSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.slack.channels import ChannelBook
    from bot.slack.client import ConversationInfo
    from core.config import SlackRules, Team

NEITHER = (
    f"Neither {APP_TOKEN} (Socket Mode) nor {SECRET} (HTTP) is set; "
    "Slack shows both in the app's settings under Basic Information."
)
AGAIN = "make the app anew from bot/manifest.yaml, or add them under OAuth & Permissions and install it again"
REFUSED = {
    "missing_scope": "the app lacks a scope",
    "channel_not_found": "there is no such channel, or it is private and the app is not in it",
    "user_not_found": "there is no such member",
    "no_such_subteam": "there is no such user group",
}
ROUND_TRIP = "agentcost doctor --send shows it"


class SlackCheck(NamedTuple):
    """What became of a check, in sentences. facts: what was found; unchecked: what nobody knows yet, and what would show it."""

    problems: Sequence[str] = ()
    facts: Sequence[str] = ()
    unchecked: Sequence[str] = ()


async def examine(
    variables: Mapping[str, str],
    rules: SlackRules,
    scopes: Callable[[], Iterable[str]],
    teams: Sequence[Team] = (),
    book: ChannelBook | None = None,
) -> SlackCheck:
    """Return what is found; nothing where nothing of Slack is set up.

    scopes: the scopes that the bot needs, worked out only if Slack says which it has. teams: who is told, and where.
    book: what was known of channels before; None where that cannot be read.
    """
    if not is_used(variables):
        return SlackCheck()
    examination = _Examination(variables, rules, teams, book)
    await examination.run(scopes)
    found = examination.problems, examination.facts, examination.unchecked
    return SlackCheck(*(list(dict.fromkeys(sentences)) for sentences in found))


class _Examination:
    """One check, as far as it has come."""

    def __init__(self, variables: Mapping[str, str], rules: SlackRules, teams: Sequence[Team], book: ChannelBook | None) -> None:
        self._variables, self._rules, self._teams = variables, rules, teams
        api = variables.get(API) or SLACK_API
        self._gateway = SlackClient(SlackSettings(variables.get(BOT_TOKEN, ""), app_token=variables.get(APP_TOKEN), api_url=api))
        self._channels = Channels(self._gateway, book=book)
        self._has_book = book is not None
        self.problems: list[str] = []
        self.facts: list[str] = []
        self.unchecked: list[str] = []

    async def run(self, scopes: Callable[[], Iterable[str]]) -> None:
        self.problems += _problems_of_variables(self._variables)
        takes_app_token = bool(self._variables.get(APP_TOKEN)) and await self._app_token()
        takes_bot_token = bool(self._variables.get(BOT_TOKEN)) and await self._bot_token(scopes)
        if takes_bot_token:
            await self._names()
            if takes_app_token:
                await self._one_app()
        else:
            self.unchecked.append("scopes, channels, user groups and members: Slack does not take the bot's token")
        if self._variables.get(SECRET):
            self.unchecked.append(f"whether {SECRET} is this app's: only a request of Slack's tells; {ROUND_TRIP}")
        self.unchecked.append(f"whether Slack's requests reach agentcost serve; {ROUND_TRIP}")

    async def _app_token(self) -> bool:
        try:
            await self._gateway.socket_url()
        except UndeliveredError as error:
            lacks = {"missing_scope": "it lacks the scope connections:write"}
            remedy = "Slack shows it under Basic Information, App-Level Tokens"
            self.problems.append(_problem(error, f"Slack refuses {APP_TOKEN}", remedy, REFUSED | lacks))
            return False
        self.facts.append(f"{APP_TOKEN} opens a connection")
        return True

    async def _bot_token(self, scopes: Callable[[], Iterable[str]]) -> bool:
        try:
            granted = await self._gateway.granted_scopes()
        except UndeliveredError as error:
            remedy = "Slack shows it under OAuth & Permissions"
            self.problems.append(_problem(error, f"Slack refuses {BOT_TOKEN}", remedy))
            return False
        lacking = [scope for scope in scopes() if granted is not None and scope not in granted]
        if granted is None:
            self.unchecked.append(f"the scopes of {BOT_TOKEN}: Slack does not list them")
        if lacking:
            self.problems.append(f"The bot lacks the scopes {', '.join(lacking)}: {AGAIN}.")
        self.facts.append(f"Slack takes {BOT_TOKEN}" + ("" if lacking or granted is None else ", and it has every scope"))
        return True

    async def _one_app(self) -> None:
        """Hold the app of one token against that of the other."""
        ours = app_in(self._variables[APP_TOKEN])
        try:
            theirs = await self._gateway.app_id()
        except UndeliveredError as error:
            theirs, reason = None, f" ({error.reason})"
        else:
            reason = ""
        if ours is None or theirs is None:
            self.unchecked.append(f"whether both tokens are of one app: Slack does not say{reason}; {ROUND_TRIP}")
        elif ours != theirs:
            self.problems.append(
                f"{APP_TOKEN} is of the app {ours} and {BOT_TOKEN} of the app {theirs}: take both from one app's settings."
            )
        else:
            self.facts.append(f"both tokens are of the app {ours}")

    async def _names(self) -> None:
        """Ask for everything that app.yaml names."""
        for channel in _channels(self._rules, self._teams):
            await self._channel(channel)
        members = dict.fromkeys((*self._rules.users, *filter(MEMBER.fullmatch, (team.owner for team in self._teams))))
        for name in self._rules.user_groups:
            await self._named("user group", name, self._gateway.members)
        for name in members:
            await self._named("member", name, self._gateway.person)

    async def _named(self, kind: str, name: str, ask: Callable[[str], object]) -> None:
        try:
            await ask(name)  # type: ignore[misc]  # both are coroutines
        except UndeliveredError as error:
            self.problems.append(_problem(error, f"app.yaml names the {kind} {name}", "correct the id in app.yaml"))
        else:
            self.facts.append(f"the {kind} {name} is there")

    async def _channel(self, channel: str) -> None:
        said = f"app.yaml names the channel {channel}"
        try:
            told = await self._channels.describe(channel)
        except UndeliveredError as error:
            self.problems.append(_problem(error, said, "correct its id in app.yaml"))
            if not self._has_book:
                self.unchecked.append(
                    f"whether {channel} goes by another id now: agentcost status of the running service says so"
                )
            return
        current = self._channels.current_id(channel)
        if current != channel:
            self.problems.append(
                f"{said}, which goes by {current} now: write {current} instead. Until then messages for it go there."
            )
        readers = [team for team in self._teams if channel in team.channels]
        if told.is_archived:
            self.problems.append(f"{said}: it is archived. Take it out, or bring it back.")
        elif not told.is_member:
            self.problems.append(f"{said}: the app is not in it. Invite it there: /invite @agentcost.")
        elif readers and told.is_shared and not self._rules.may_show_others(channel):
            self._shared(said, channel, readers)
        self.facts.append(f"{current} is {_in_words(told)}")

    def _shared(self, said: str, channel: str, readers: Sequence[Team]) -> None:
        nobody = [team.name for team in readers if not MEMBER.fullmatch(team.owner)]
        if nobody:
            self.problems.append(
                f"{said}: another company shares it, so alerts and digests of {', '.join(nobody)} do not go there. Allow it with "
                f"slack.channels.{channel}.allow_shared: true, or name a member's id as the team's owner."
            )
        else:
            self.facts.append(f"alerts and digests for {channel} go to the owner of the team, since another company shares it")


def _channels(rules: SlackRules, teams: Sequence[Team]) -> list[str]:
    return list(dict.fromkeys((*rules.channels, *(channel for team in teams for channel in team.channels))))


def _in_words(told: ConversationInfo) -> str:
    words = ["private" if told.is_private else "public"]
    words += ["archived"] * told.is_archived + ["shared with another company"] * told.is_shared
    words.append("and the app is in it" if told.is_member else "and the app is not in it")
    return ", ".join(words)


def _problems_of_variables(variables: Mapping[str, str]) -> Iterator[str]:
    yield from missing(variables, BOT_TOKEN)
    if not variables.get(APP_TOKEN) and not variables.get(SECRET):
        yield NEITHER
    yield from misshapen(variables, *VARIABLES)
    yield from expiring(variables)


def _problem(error: UndeliveredError, what: str, remedy: str, words: Mapping[str, str] = REFUSED) -> str:
    if error.is_unreached:
        return f"Slack is not reached ({error.reason}). Check the network, and {API} if it is set."
    if error.reason == "missing_scope" and error.needed:
        return f"{what}: the app lacks the scope {error.needed}, so Slack does not say; {AGAIN}."
    return f"{what}: {words.get(error.reason, error.reason)}; {remedy}."
