"""What is known of conversations, by id: asked of Slack when it matters, kept, and forgotten when Slack says that it changed."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Protocol

from bot.slack.client import UndeliveredError
from bot.slack.installation import current_workspace
from core.errors import AgentcostError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bot.slack.client import ConversationInfo, SlackClient
    from core.config import SlackRules

LOG = logging.getLogger("agentcost.slack")
REMEMBERED_SECONDS = 300.0
# Events after which what was known of a conversation may be wrong. Source: docs.slack.dev/reference/events.
CHANGES = (
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
)
MOVED = "channel_id_changed"
LOST = frozenset({"channel_left", "group_left", "channel_archive", "group_archive", "channel_deleted", "group_deleted"})
GONE = "channel_not_found"


class ChannelBook(Protocol):
    """Keeps what is known of conversations beyond the end of the process; a workspace is empty where there is but one."""

    def facts(self) -> Mapping[tuple[str, str], ConversationInfo]:
        """Return what Slack last said of each conversation, by workspace and id."""

    def moves(self) -> Mapping[str, str]:
        """Return the id that each conversation got instead of an earlier one."""

    def keep(self, workspace: str, told: ConversationInfo) -> None:
        """Keep what Slack says of a conversation."""

    def keep_move(self, old: str, new: str) -> None:
        """Keep that a conversation goes by another id."""


class ReadChannelBook:
    """A book as it was read once, or an empty one; it keeps nothing."""

    def __init__(
        self, facts: Mapping[tuple[str, str], ConversationInfo] | None = None, moves: Mapping[str, str] | None = None
    ) -> None:
        """Hold what was read."""
        self._facts, self._moves = facts or {}, moves or {}

    def facts(self) -> Mapping[tuple[str, str], ConversationInfo]:
        """Return what was read of each conversation."""
        return self._facts

    def moves(self) -> Mapping[str, str]:
        """Return what was read of ids that changed."""
        return self._moves

    def keep(self, workspace: str, told: ConversationInfo) -> None:
        """Keep nothing."""

    def keep_move(self, old: str, new: str) -> None:
        """Keep nothing."""


class Channels:
    """Conversations as Slack tells of them; what was told is good for five minutes, unless an event says that it changed.

    A conversation gets another id when it moves between workspaces. An event says so. Where it came while nobody listened,
    the conversation is known again by when and by whom it was made, and by its name.
    """

    def __init__(
        self, gateway: SlackClient, clock: Callable[[], float] = time.monotonic, book: ChannelBook | None = None
    ) -> None:
        """Know nothing yet. book: what was known before, and will be kept."""
        self._gateway = gateway
        self._clock = clock
        self._book: ChannelBook = book or ReadChannelBook()
        self._known: dict[tuple[str, str], tuple[float, ConversationInfo]] = {}
        self._kept: dict[tuple[str, str], ConversationInfo] = {}
        self._moves: dict[str, str] = {}
        self._gone: dict[tuple[str, str], float] = {}
        self._is_loaded = False

    async def load(self) -> None:
        """Read what was kept, once; where it cannot be read, go on without, and try again the next time."""
        if self._is_loaded:
            return
        try:
            facts, moves = await asyncio.to_thread(self._book.facts), await asyncio.to_thread(self._book.moves)
        except AgentcostError as trouble:
            LOG.info("Stored channel data cannot be read yet: %s", trouble)
            return
        self._kept, self._moves = {**facts, **self._kept}, {**moves, **self._moves}
        self._is_loaded = True

    @property
    def moves(self) -> Mapping[str, str]:
        """The id that each conversation goes by now, by each one that it went by before."""
        return {old: self.current_id(old) for old in self._moves}

    def current_id(self, channel: str) -> str:
        """Return the id that a conversation goes by now."""
        while channel in self._moves:
            channel = self._moves[channel]
        return channel

    def goes_by_several(self, channel: str) -> bool:
        """Whether an id is not the only one that its conversation went by."""
        return channel in self._moves or channel in self._moves.values()

    def with_current_ids(self, rules: Callable[[], SlackRules]) -> Callable[[], SlackRules]:
        """Return the rules that name conversations by the ids that they go by now, too."""
        return lambda: rules().with_moves(self.moves)

    async def describe(self, channel: str) -> ConversationInfo:
        """Return what Slack says of a conversation, under whatever id it goes by now. Raises: UndeliveredError."""
        await self.load()
        channel = self.current_id(channel)
        key = current_workspace(), channel
        told = self._known.get(key)
        if told is None or self._clock() - told[0] > REMEMBERED_SECONDS:
            told = self._known[key] = self._clock(), await self._ask(channel)
        return told[1]

    def forget(self, channel: str) -> None:
        """Ask Slack anew the next time."""
        self._known.pop((current_workspace(), self.current_id(channel)), None)

    def last_known(self, channel: str) -> ConversationInfo | None:
        """Return what Slack said of a conversation when it last did, however long ago; None where it never did."""
        return self._kept.get((current_workspace(), self.current_id(channel)))

    async def hear(self, event: Mapping[str, Any], own: Collection[str]) -> None:
        """Forget what an event of `CHANGES` makes doubtful, and log what keeps messages from a conversation."""
        kind = event["type"]
        if kind == MOVED:
            await self._note_move(str(event["old_channel_id"]), str(event["new_channel_id"]))
            return
        about = event.get("channel", "")
        channel = str(about.get("id", "") if isinstance(about, dict) else about)
        known = [self._known.pop(key) for key in [*self._known] if key[1] == channel]
        is_lost = kind in LOST or (kind == "member_left_channel" and event.get("user") in own)
        if known and (is_lost or kind == "channel_shared"):
            LOG.warning("%s: %s", kind, channel)

    async def _ask(self, channel: str) -> ConversationInfo:
        try:
            told = await self._gateway.channel(channel)
        except UndeliveredError as refusal:
            found = await self._find_again(channel) if refusal.reason == GONE else None
            if found is None:
                raise
            told = found
        if told.id and told.id != channel:
            await self._note_move(channel, told.id)
        await self._keep(told)
        return told

    async def _find_again(self, channel: str) -> ConversationInfo | None:
        """Return the one conversation that was made by the same member in the same second and has, or had, the same name.

        None where there is none such, or more than one: figures go nowhere by a guess.
        """
        key = current_workspace(), channel
        before = self._kept.get(key)
        if before is None or not before.created or self._clock() - self._gone.get(key, float("-inf")) < REMEMBERED_SECONDS:
            return None
        try:
            found = [one async for one in self._gateway.channels() if one.is_same_as(before) and one.id != channel]
        except UndeliveredError as refusal:
            LOG.info("Slack did not list its channels: %s", refusal.reason)
            found = []
        if len(found) == 1:
            return found[0]
        self._gone[key] = self._clock()
        return None

    async def _note_move(self, old: str, new: str) -> None:
        if old == new or self._moves.get(old) == new:
            return
        self._moves.pop(new, None)  # a conversation that comes back under an earlier id goes by that
        self._moves[old] = new
        self._known = {key: told for key, told in self._known.items() if key[1] != old}
        LOG.warning("The channel %s now has the id %s: correct it in app.yaml", old, new)
        try:
            await asyncio.to_thread(self._book.keep_move, old, new)
        except AgentcostError as trouble:
            LOG.warning("The channel %s now has the id %s, which could not be stored: %s", old, new, trouble)

    async def _keep(self, told: ConversationInfo) -> None:
        """Keep what Slack says, where it is not what it said before."""
        key = current_workspace(), told.id
        if not told.id or self._kept.get(key) == told:
            return
        self._kept[key] = told
        try:
            await asyncio.to_thread(self._book.keep, key[0], told)
        except AgentcostError as trouble:
            LOG.info("What Slack says about a channel could not be stored: %s", trouble)
