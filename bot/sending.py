"""Delivers what waits in the outbox: each message once in its place, and no place waits for another."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from bot.logs import logged
from core.wallet.alerts import outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

    from bot.metrics import Metrics
    from core.wallet.alerts.outbox import Claimed, Message
    from core.wallet.alerts.teams import Address, AddressKind
    from core.warehouse import Warehouse

LOG = logging.getLogger("agentcost.sending")
AT_ONCE = 50


class UndeliveredError(Exception):
    """A message did not arrive, or nobody can tell whether it did.

    reason: a clause for people. is_final: trying again cannot help. retry_after: how long the place asks to be left alone.
    """

    def __init__(self, reason: str, *, is_final: bool = False, retry_after: timedelta | None = None) -> None:
        """Keep what is known of it."""
        self.reason = reason
        self.is_final = is_final
        self.retry_after = retry_after
        super().__init__(reason)


class Mailbox(Protocol):
    """A kind of place that messages are put into. brings_all: putting one brings all that are queued for its place."""

    brings_all: bool

    async def find(self, message: Message, since: datetime) -> str | None:
        """Return what the place calls a message that it got since an instant, None if it has none. Raises: UndeliveredError."""

    async def put(self, message: Message) -> str:
        """Put a message there and return what the place calls it. Raises: UndeliveredError."""


class Sender:
    """One sender; of all that run, one at most may send, which the warehouse's single owner is."""

    def __init__(
        self,
        warehouse: Warehouse,
        mailboxes: Mapping[AddressKind, Mailbox],
        now: Callable[[], datetime],
        metrics: Metrics,
        name: str = "service",
    ) -> None:
        """Send nothing yet."""
        self._warehouse, self._mailboxes, self._now, self._metrics, self._name = warehouse, mailboxes, now, metrics, name
        self._turns: defaultdict[Address, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._unsettled: list[Claimed] = []

    async def begin(self) -> None:
        """Give back what a sender had claimed that was killed."""
        await asyncio.to_thread(self._release)

    async def send_due(self) -> int:
        """Deliver what is due and return how many messages were tried.

        Places are served side by side, each by one round at a time: another round may begin while a slow place keeps
        this one, and serves the others. What became of a message and could not be written down is looked up in the
        next round.
        """
        unsettled, self._unsettled = self._unsettled, []
        try:
            claimed = await asyncio.to_thread(self._claim, unsettled)
        except BaseException:
            self._unsettled += unsettled
            raise
        by_place: defaultdict[Address, list[Claimed]] = defaultdict(list)
        for one in claimed:
            by_place[one.message.address].append(one)
        await asyncio.gather(*(self._serve(address, waiting) for address, waiting in by_place.items()))
        return len(claimed)

    async def _serve(self, address: Address, waiting: list[Claimed]) -> None:
        mailbox = self._mailboxes.get(address.kind)
        brings_all = mailbox is not None and mailbox.brings_all
        settled = 0
        try:
            async with self._turns[address]:
                for together in [waiting] if brings_all else [[one] for one in waiting]:
                    await self._deliver(together, mailbox)
                    settled += len(together)
        finally:
            self._unsettled += waiting[settled:]

    async def _deliver(self, together: list[Claimed], mailbox: Mailbox | None) -> None:
        try:
            remote_id = await _put_once(together[0], mailbox)
        except UndeliveredError as trouble:
            await asyncio.to_thread(self._failed, together, trouble)
        except Exception as error:  # noqa: BLE001 - whatever breaks at one place must not keep messages from the others
            reason = f"something broke on our side (ref {logged(error, LOG)})"
            await asyncio.to_thread(self._failed, together, UndeliveredError(reason))
        else:
            await asyncio.to_thread(self._delivered, together, remote_id)

    def _release(self) -> None:
        with self._warehouse.writing() as session:
            outbox.release_all(session, self._now())

    def _claim(self, unsettled: list[Claimed]) -> list[Claimed]:
        with self._warehouse.writing() as session:
            for one in unsettled:
                outbox.give_back(session, one)
            return outbox.claim(session, self._now(), self._name, AT_ONCE)

    def _delivered(self, together: list[Claimed], remote_id: str) -> None:
        with self._warehouse.writing() as session:
            for claimed in together:
                outbox.mark_delivered(session, claimed.message, self._now(), remote_id)
        for claimed in together:
            self._metrics.message_tried(claimed.message.address.kind, "delivered")

    def _failed(self, together: list[Claimed], trouble: UndeliveredError) -> None:
        with self._warehouse.writing() as session:
            for claimed in together:
                outbox.mark_failed(
                    session, claimed, self._now(), trouble.reason, retry_after=trouble.retry_after, is_final=trouble.is_final
                )
        for claimed in together:
            message = claimed.message
            self._metrics.message_tried(message.address.kind, "failed" if trouble.is_final else "later")
            LOG.warning("%s %s was not delivered: %s", message.address.kind, message.key, trouble.reason)


async def _put_once(claimed: Claimed, mailbox: Mailbox | None) -> str:
    """Return what the place calls the message, put there now or, if a sender was stopped after that, before."""
    if mailbox is None:
        raise UndeliveredError("this service is connected to no such place")
    found = await mailbox.find(claimed.message, claimed.queued_at) if claimed.was_tried else None
    return found or await mailbox.put(claimed.message)
