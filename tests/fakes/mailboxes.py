"""A place for messages that misbehaves as it is told to, and remembers what really arrived."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from bot.delivery.dispatcher import ChannelError

if TYPE_CHECKING:
    from datetime import datetime

    from core.alerts.outbox import OutboxMessage
    from core.config.teams import Address

Manner = Literal["takes", "takes and times out", "is down", "limits", "has gone", "breaks", "kills"]


class KilledError(BaseException):
    """The sender was killed here."""


class FakeMailbox:
    """Does for each message what `manners` has next, and takes it properly when they are used up."""

    def __init__(self, *manners: Manner, delivers_batch: bool = False) -> None:
        self.manners = list(manners)
        self.delivers_batch = delivers_batch
        self.arrived: defaultdict[str, list[str]] = defaultdict(list)
        self.looked_for: list[tuple[str, datetime]] = []
        self.asked: list[tuple[Address, datetime]] = []

    async def find(self, message: OutboxMessage, since: datetime) -> str | None:
        """Return the number of the message that arrived under the key."""
        self.looked_for.append((message.key, since))
        there = self.arrived[message.address.id]
        return str(there.index(message.key)) if message.key in there else None

    async def history(self, address: Address, since: datetime) -> dict[str, str]:
        """Return the number of each message that arrived in a place."""
        self.asked.append((address, since))
        return {key: str(nth) for nth, key in enumerate(self.arrived.get(address.id, ()))}

    async def put(self, message: OutboxMessage) -> str:
        """Take the message, or not, as the next manner says."""
        manner = self.manners.pop(0) if self.manners else "takes"
        if manner.startswith("takes") or manner == "kills":
            self.arrived[message.address.id].append(message.key)
        if manner == "kills":
            raise KilledError
        if manner == "breaks":
            raise RuntimeError("a bug")
        if manner != "takes":
            raise ChannelError(
                manner, is_final=manner == "has gone", retry_after=timedelta(minutes=5) if manner == "limits" else None
            )
        return str(len(self.arrived[message.address.id]) - 1)
