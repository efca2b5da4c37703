"""What is known of conversations, by id: asked of Slack when it matters, and forgotten when Slack says that it changed."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bot.slack.client import ConversationInfo, SlackClient

LOG = logging.getLogger("agentcost.slack")
REMEMBERED_SECONDS = 300.0
# Events after which what was known of a conversation may be wrong. Source: docs.slack.dev/reference/events.
CHANGES = (
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
)
RENAMED = "channel_id_changed"
LOST = frozenset({"channel_left", "group_left", "channel_archive", "group_archive", "channel_deleted", "group_deleted"})


class Channels:
    """Conversations as Slack tells of them; what was told is kept for five minutes, unless an event says that it changed."""

    def __init__(self, gateway: SlackClient, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing yet."""
        self._gateway = gateway
        self._clock = clock
        self._known: dict[str, tuple[float, ConversationInfo]] = {}
        self._new_ids: dict[str, str] = {}

    def current_id(self, channel: str) -> str:
        """Return the id that a conversation goes by now; Slack gives a channel another one when it moves between workspaces."""
        while channel in self._new_ids:
            channel = self._new_ids[channel]
        return channel

    async def describe(self, channel: str) -> ConversationInfo:
        """Return what Slack says of a conversation. Raises: UndeliveredError."""
        channel = self.current_id(channel)
        told = self._known.get(channel)
        if told is None or self._clock() - told[0] > REMEMBERED_SECONDS:
            told = self._known[channel] = self._clock(), await self._gateway.channel(channel)
        return told[1]

    def hear(self, event: Mapping[str, Any], own: Collection[str]) -> None:
        """Forget what an event of `CHANGES` makes doubtful, and log what keeps messages from a conversation."""
        kind = event["type"]
        if kind == RENAMED:
            old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
            if old != new and self.current_id(new) != old:
                self._new_ids[old] = new
                LOG.warning("The channel %s goes by %s now: correct it in app.yaml", old, new)
            self._known.pop(old, None)
            return
        channel = str(event.get("channel", ""))
        known = self._known.pop(channel, None)
        is_lost = kind in LOST or (kind == "member_left_channel" and event.get("user") in own)
        if known and (is_lost or kind == "channel_shared"):
            LOG.warning("%s: %s", kind, channel)
