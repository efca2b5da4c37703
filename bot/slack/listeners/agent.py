"""Slack's agent surface: suggested prompts, a status while an answer is computed, titles of threads.

It is available if an app's manifest has an agent view and the workspace's plan allows it; without it, only these are missing.
The earlier view, with threads that Slack starts, works too. Source: docs.slack.dev/ai/migrating-to-agent-messaging.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.slack.blocks import one_line
from bot.slack.client import UndeliveredError
from bot.slack.installation import current_workspace
from bot.slack.origin import DIRECT, SlackOrigin
from core.language import print_question, read
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence

    from slack_bolt.async_app import AsyncAck

    from bot.slack.channels import Channels
    from bot.slack.client import SlackClient
    from bot.slack.permissions import Permissions
    from core.config import Team
    from core.scope import NameKind

    Body = Mapping[str, Any]

LOG = logging.getLogger("agentcost.slack")
STATUS, GREETING = "is working it out …", "Ask in your own words, English or German"
MAX_PROMPTS, TITLE_CHARACTERS, PROMPT_CHARACTERS = 4, 60, 60
OFF_SECONDS = 3_600.0
CHANNEL = re.compile(r"[CG][A-Z0-9]{5,}")


class Prompt(NamedTuple):
    """A button above the composer: its label, and its question."""

    title: str
    message: str


ABOUT_PRICES = (
    Prompt("What do 10,000 chats a month cost?", "compare 10000 interactions 5 actions"),
    Prompt("When do 200 seats pay off?", "breakeven 200 users"),
    Prompt("What does a credit cost?", "price flex 100k credits"),
    Prompt("What can I ask?", "help"),
)
ABOUT_THE_WALLET = (
    Prompt("How much is left?", "wallet"),
    Prompt("When do we run out?", "forecast"),
    Prompt("Who uses most?", "usage by agent"),
    Prompt("What do 10,000 chats a month cost?", "compare 10000 interactions 5 actions"),
)


class AgentListeners:
    """The callbacks of the surface, and what it adds around answers in direct messages."""

    def __init__(
        self,
        gateway: SlackClient,
        rights: Permissions,
        channels: Channels,
        teams: Callable[[], Sequence[Team]] = tuple,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Know how to send, who may read the wallet, and whose channel is whose. teams: read again each time, in a thread."""
        self._gateway = gateway
        self._rights = rights
        self._channels = channels
        self._teams = teams
        self._clock = clock
        self._off_since: dict[tuple[str, bool], float] = {}
        self._said: set[tuple[str, str]] = set()
        self._has_view: set[str] = set()
        self._titled: set[tuple[str, str]] = set()

    async def begin(self, ack: AsyncAck, body: Body) -> None:
        """Suggest questions when somebody opens the direct message, or comes to it from another channel."""
        await ack()
        event = body["event"]
        told = event.get("assistant_thread") or event
        user, channel = (
            str(told.get("user_id") or told.get("user") or ""),
            str(told.get("channel_id") or told.get("channel") or ""),
        )
        if not user or not channel.startswith(DIRECT):
            return
        thread = told.get("thread_ts")
        prompts = await self._prompts(SlackOrigin(user, channel), channel_in(told.get("context") or told.get("app_context")))
        call = self._gateway.suggest(channel, thread, GREETING, [prompt._asdict() for prompt in prompts])
        if await self._try(call, is_thread=thread is not None) and thread is None:
            self._has_view.add(current_workspace())

    def place_of_answer(self, place: SlackOrigin, timestamp: str | None) -> SlackOrigin:
        """Return where a direct message is answered: with an agent view, in the thread that it starts.

        Only an app with the current view can suggest prompts for a channel as a whole.
        """
        is_root = current_workspace() in self._has_view and place.thread is None and timestamp is not None
        return replace(place, thread=timestamp) if is_root else place

    @asynccontextmanager
    async def answering(self, place: SlackOrigin, question: str) -> AsyncIterator[None]:
        """Show in the thread of a direct message that an answer is being computed, and use its first question as its title."""
        channel, thread = place.channel or "", place.thread
        if not channel.startswith(DIRECT) or thread is None:
            yield
            return
        shows = await self._try(self._gateway.set_status(channel, thread, STATUS))
        try:
            yield
        finally:
            if shows:
                await self._try(self._gateway.set_status(channel, thread, ""))
        if shows and question and (channel, thread) not in self._titled:
            self._titled.add((channel, thread))
            await self._try(self._gateway.set_title(channel, thread, one_line(question, TITLE_CHARACTERS)))

    async def _prompts(self, place: SlackOrigin, context: str | None) -> Sequence[Prompt]:
        """Return the prompts: about the wallet for those who may read it, the part that the channel's team watches first."""
        if await self._rights.refusal(place, "wallet"):
            return ABOUT_PRICES
        teams = await asyncio.to_thread(self._teams) if context else ()
        current = self._channels.current_id(context or "")
        team = next((one for one in teams if current in map(self._channels.current_id, one.channels)), None)
        own = _of_team(team) if team else ()
        return (*own, *ABOUT_THE_WALLET)[:MAX_PROMPTS]

    async def _try(self, call: Coroutine[Any, Any, None], *, is_thread: bool = True) -> bool:
        """Return whether Slack accepted an optional call; if the plan or the app lacks the feature, skip it for an hour.

        is_thread: whether it is about one thread, which both views have, or the channel, which only the current one has.
        """
        key = current_workspace(), is_thread
        if self._clock() - self._off_since.get(key, float("-inf")) < OFF_SECONDS:
            call.close()
            return False
        try:
            await call
        except UndeliveredError as refusal:
            if not refusal.is_unreached:
                self._off_since[key] = self._clock()
                if (key[0], refusal.reason) not in self._said:
                    self._said.add((key[0], refusal.reason))
                    LOG.info("Slack's agent surface is not used: %s", refusal.reason)
            return False
        return True


def channel_in(context: Any) -> str | None:  # noqa: ANN401 - whatever Slack says of where somebody is
    """Return the channel that somebody looks at, as Slack reports it: in its own field, or among others; None without one."""
    if not isinstance(context, dict):
        return None
    entities = [one for one in context.get("entities") or () if isinstance(one, dict)]
    said = [context.get("channel_id"), *(value for one in entities for value in one.values())]
    return next((one for one in said if isinstance(one, str) and CHANNEL.fullmatch(one)), None)


def _of_team(team: Team) -> Sequence[Prompt]:
    """Return questions about the part of the wallet that a team watches; none if it watches all, or several."""
    scope = team.watches
    named: list[tuple[NameKind, str]] = [("department", one) for one in scope.departments]
    named += [("agent", one) for one in scope.agents] + [("org", one) for one in scope.orgs]
    if len(named) != 1 or '"' in named[0][1]:  # no question can express a name with quotation marks in it
        return ()
    kind, name = named[0]
    called = one_line(name, PROMPT_CHARACTERS // 2)
    return (
        Prompt(f"What does {called} use?", _asked_of("usage by day", kind, name)),
        Prompt(f"What changed for {called}?", _asked_of("variance last 7 days", kind, name)),
    )


def _asked_of(question: str, kind: NameKind, name: str) -> str:
    """Return a question about one org, department or agent, its name quoted if needed."""
    named: dict[str, Any] = {kind: name}
    return print_question(read(question)._replace(**named))
