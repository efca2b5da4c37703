"""Checks the connection to Slack: every problem at once, what was found, and what could not be checked; no secret shown."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from bot.slack.channels import Channels
from bot.slack.client import SlackClient, UndeliveredError, words_for
from bot.slack.environment import (
    API,
    APP_TOKEN,
    BOT_TOKEN,
    SECRET,
    SLACK_API,
    VARIABLES,
    app_in,
    is_rotated,
    is_used,
    misshapen,
    missing,
    problems_of_oauth,
    problems_of_rotation,
)
from bot.slack.installation import working_for
from bot.slack.settings import SlackSettings
from core.config import MEMBER
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence

    from bot.slack.channels import ChannelBook
    from bot.slack.client import ConversationInfo
    from bot.slack.installation import TokenSource
    from core.config import SlackOAuth, SlackRules, Team

Told = TypeVar("Told")

NEITHER = (
    f"Neither {APP_TOKEN} (Socket Mode) nor {SECRET} (HTTP) is set; "
    "Slack shows both in the app's settings under Basic Information."
)
AGAIN = "create the app again from bot/manifest.yaml, or add them under OAuth & Permissions and install it again"
REFUSED = {
    "missing_scope": "the app lacks a scope",
    "channel_not_found": "there is no such channel, or it is private and the app is not in it",
    "user_not_found": "there is no such member",
    "no_such_subteam": "there is no such user group",
}
RENEWED_ELSEWHERE = (
    "scopes, channels, user groups and members: what renews the bot's token is not set up, or the service that runs has it; "
    "the service itself says how Slack takes it"
)
ROUND_TRIP = "agentcost doctor --send shows it"


class SlackCheck(NamedTuple):
    """What became of a check, in sentences. facts: what was found; unchecked: what nobody knows yet, and what would show it."""

    problems: Sequence[str] = ()
    facts: Sequence[str] = ()
    unchecked: Sequence[str] = ()


async def examine(  # noqa: PLR0913, PLR0917 - what the check rests on, most of it optional
    variables: Mapping[str, str],
    rules: SlackRules,
    scopes: Callable[[], Iterable[str]],
    teams: Sequence[Team] = (),
    book: ChannelBook | None = None,
    tokens: TokenSource | None = None,
    installed: Sequence[str] | None = None,
) -> SlackCheck:
    """Return what is found; nothing where nothing of Slack is set up.

    scopes: the scopes that the bot needs, worked out only if Slack says which it has. teams: who is told, and where.
    book: what was known of channels before; None where that cannot be read.
    tokens: renew the bot's token; None where it lasts, or where a service that runs renews it.
    installed: the workspaces where the app is installed, with slack.oauth; None where a service that runs knows.
    """
    if not is_used(variables) and rules.oauth is None:
        return SlackCheck()
    examination = _Examination(variables, rules, teams, book, tokens)
    if rules.oauth:
        examination.places = [workspace for workspace in rules.oauth.workspaces if workspace in (installed or ())]
        examination.check_installations(rules.oauth, installed)
    await examination.run(scopes)
    found = examination.problems, examination.facts, examination.unchecked
    return SlackCheck(*(list(dict.fromkeys(sentences)) for sentences in found))


class _Examination:
    """One check, as far as it has come."""

    def __init__(
        self,
        variables: Mapping[str, str],
        rules: SlackRules,
        teams: Sequence[Team],
        book: ChannelBook | None,
        tokens: TokenSource | None,
    ) -> None:
        self._variables, self._rules, self._teams = variables, rules, teams
        api = variables.get(API) or SLACK_API
        self._has_token = bool(variables.get(BOT_TOKEN)) and (tokens is not None or not is_rotated(variables))
        settings = SlackSettings(variables.get(BOT_TOKEN, ""), app_token=variables.get(APP_TOKEN), api_url=api, tokens=tokens)
        self._gateway = SlackClient(settings)
        self._channels = Channels(self._gateway, book=book)
        self._has_book = book is not None
        self.places = [""]
        self.problems: list[str] = []
        self.facts: list[str] = []
        self.unchecked: list[str] = []

    def check_installations(self, oauth: SlackOAuth, installed: Sequence[str] | None) -> None:
        """Say where the app is installed, of the workspaces that app.yaml names. installed: None where nobody here knows."""
        self._has_token = bool(self.places)
        if installed is None:
            self.unchecked.append("installations: the service that runs has them, and says itself how Slack takes each")
            return
        for workspace in oauth.workspaces:
            if workspace not in installed:
                page = f"{oauth.address.rstrip('/')}/slack/install"
                self.problems.append(
                    f"app.yaml names the workspace {workspace}: the app is not installed there. Open {page} while it is served."
                )

    async def run(self, scopes: Callable[[], Iterable[str]]) -> None:
        self.problems += _problems_of_variables(self._variables, is_oauth=self._rules.oauth is not None)
        takes_app_token = bool(self._variables.get(APP_TOKEN)) and await self._app_token()
        takes_bot_token = self._has_token and all([await self._bot_token(scopes, workspace) for workspace in self.places])
        if takes_bot_token:
            await self._names()
            if takes_app_token and self._rules.oauth is None:
                await self._one_app()
        elif self._rules.oauth and not self.places:
            self.unchecked.append("scopes, channels, user groups and members: no installation is known here")
        elif is_rotated(self._variables) and not self._has_token:
            self.unchecked.append(RENEWED_ELSEWHERE)
        else:
            self.unchecked.append("scopes, channels, user groups and members: Slack rejects the bot's token")
        if self._variables.get(SECRET):
            self.unchecked.append(f"whether {SECRET} is this app's: only a request from Slack can tell; {ROUND_TRIP}")
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

    async def _bot_token(self, scopes: Callable[[], Iterable[str]], workspace: str) -> bool:
        token = f"the token of {workspace}" if workspace else BOT_TOKEN
        try:
            with working_for(workspace):
                granted = await self._gateway.granted_scopes()
        except UndeliveredError as error:
            remedy = "install the app there again" if workspace else "Slack shows it under OAuth & Permissions"
            is_ours = words_for(error) != error.reason
            self.problems.append(words_for(error) if is_ours else _problem(error, f"Slack refuses {token}", remedy))
            return False
        lacking = [scope for scope in scopes() if granted is not None and scope not in granted]
        if granted is None:
            self.unchecked.append(f"the scopes of {token}: Slack does not list them")
        if lacking:
            where = f" in {workspace}" if workspace else ""
            self.problems.append(f"The bot lacks the scopes {', '.join(lacking)}{where}: {AGAIN}.")
        self.facts.append(f"Slack accepts {token}" + ("" if lacking or granted is None else ", and it has every scope"))
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
        named = _channels(self._rules, self._teams)
        told_directly = [one for one in (*named, *(team.owner for team in self._teams)) if MEMBER.fullmatch(one)]
        for channel in named:
            if channel not in told_directly:
                await self._channel(channel)
        members = dict.fromkeys((*self._rules.users, *told_directly))
        for name in self._rules.user_groups:
            await self._named("user group", name, self._gateway.members)
        for name in members:
            await self._named("member", name, self._gateway.person)

    async def _first_told(self, places: Sequence[str], ask: Callable[[], Awaitable[Told]]) -> Told:
        """Return what the first of workspaces that knows it tells. Raises: UndeliveredError, where none does."""
        for workspace in places[:-1]:
            with working_for(workspace), suppress(UndeliveredError):
                return await ask()
        with working_for(places[-1]):
            return await ask()

    async def _named(self, kind: str, name: str, ask: Callable[[str], Awaitable[object]]) -> None:
        try:
            await self._first_told(self.places, lambda: ask(name))
        except UndeliveredError as error:
            self.problems.append(_problem(error, f"app.yaml names the {kind} {name}", "correct the id in app.yaml"))
        else:
            self.facts.append(f"the {kind} {name} is there")

    async def _channel(self, channel: str) -> None:
        said = f"app.yaml names the channel {channel}"
        said_in = [team.workspace for team in self._teams if channel in team.channels and team.workspace in self.places]
        try:
            told = await self._first_told(said_in[:1] or self.places, lambda: self._channels.describe(channel))
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
        elif readers and told.is_shared and not any(map(self._rules.may_show_others, (channel, current))):
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


def _problems_of_variables(variables: Mapping[str, str], *, is_oauth: bool) -> Iterator[str]:
    yield from problems_of_oauth(variables) if is_oauth else missing(variables, BOT_TOKEN)
    if not variables.get(APP_TOKEN) and not variables.get(SECRET):
        yield NEITHER
    yield from misshapen(variables, *VARIABLES)
    if not is_oauth:
        yield from problems_of_rotation(variables)


def _problem(error: UndeliveredError, what: str, remedy: str, words: Mapping[str, str] = REFUSED) -> str:
    if error.is_unreached:
        return f"Slack is not reached ({error.reason}). Check the network, and {API} if it is set."
    if error.reason == "missing_scope" and error.needed:
        return f"{what}: the app lacks the scope {error.needed}, so Slack does not say; {AGAIN}."
    return f"{what}: {words.get(error.reason, error.reason)}; {remedy}."
