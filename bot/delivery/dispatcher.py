"""Delivers pending messages: each once in its channel, and no channel waits for another."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from core.alerts import outbox
from core.error_log import log_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.observability import Metrics
    from core.alerts import ClaimedMessage, OutboxMessage
    from core.config import Address, AddressKind
    from core.warehouse import Warehouse

LOG = logging.getLogger("agentcost.sending")
AT_ONCE = 50
LOOKED_BACK = timedelta(days=92)


class ChannelError(Exception):
    """A message did not arrive, or that is unknown.

    reason: a clause for people. is_final: a retry cannot help. retry_after: the delay that the channel asks for.
    """

    def __init__(self, reason: str, *, is_final: bool = False, retry_after: timedelta | None = None) -> None:
        """Keep what is known of it."""
        self.reason = reason
        self.is_final = is_final
        self.retry_after = retry_after
        super().__init__(reason)


class Channel(Protocol):
    """A kind of channel. delivers_batch: posting one message delivers all that are queued for its channel."""

    delivers_batch: bool

    async def find(self, message: OutboxMessage, since: datetime) -> str | None:
        """Return the channel's id of a message that it got since an instant, None if it has none. Raises: UndeliveredError."""

    async def history(self, address: Address, since: datetime) -> dict[str, str]:
        """Return the channel's id of each message that it got since an instant, by the message's key.

        Raises: UndeliveredError.
        """

    async def put(self, message: OutboxMessage) -> str:
        """Post a message and return the channel's id for it. Raises: UndeliveredError."""


class Dispatcher:
    """One sender; at most one may send, which is the warehouse's single owner."""

    def __init__(
        self,
        warehouse: Warehouse,
        mailboxes: Mapping[AddressKind, Channel],
        now: Callable[[], datetime],
        metrics: Metrics,
        name: str = "service",
    ) -> None:
        """Send nothing yet."""
        self._warehouse, self._mailboxes, self._now, self._metrics, self._name = warehouse, mailboxes, now, metrics, name
        self._serving: dict[Address, asyncio.Task[None]] = {}
        self._unsettled: list[ClaimedMessage] = []

    async def begin(self) -> None:
        """Release the claims of a killed sender."""
        await asyncio.to_thread(self._release)

    async def start_due(self) -> int:
        """Start to deliver due messages to free channels, and return their number.

        Channels are served in parallel: a slow one does not delay the others, and nothing more is claimed for it until it is
        done. An outcome that could not be recorded is looked up with the next claims.
        """
        self._serving = {address: task for address, task in self._serving.items() if not task.done()}
        unsettled, self._unsettled = self._unsettled, []
        try:
            claimed, asked = await asyncio.to_thread(self._claim, unsettled, tuple(self._serving))
        except BaseException:
            self._unsettled += unsettled
            raise
        by_place: defaultdict[Address, list[ClaimedMessage]] = defaultdict(list)
        for one in claimed:
            by_place[one.message.address].append(one)
        for address, waiting in by_place.items():
            self._serving[address] = asyncio.ensure_future(self._serve(address, waiting, is_asked=address in asked))
        return len(claimed)

    async def drain(self) -> None:
        """Wait until started deliveries are done."""
        await asyncio.gather(*self._serving.values())

    async def send_due(self) -> int:
        """Deliver due messages and return how many were tried."""
        count = await self.start_due()
        await self.drain()
        return count

    async def _serve(self, address: Address, waiting: list[ClaimedMessage], *, is_asked: bool) -> None:
        """Deliver a channel's messages in order, up to the first that must wait; those behind it wait too.

        If the channel's history was not read yet, because the warehouse is new or restored, it is read first.
        """
        mailbox = self._mailboxes.get(address.kind)
        delivers_batch = mailbox is not None and mailbox.delivers_batch
        left = deque([waiting] if delivers_batch else [[one] for one in waiting])
        try:
            told = {} if is_asked or mailbox is None else await self._ask(address, mailbox, waiting[:1])
            while left and told is not None:
                if not await self._deliver(left[0], mailbox, told):
                    left.popleft()
                    break
                left.popleft()
            if told is None:
                left = deque([waiting[1:]])
            behind = [one for together in left for one in together]
            left.clear()
            await asyncio.to_thread(self._give_back, behind)
        except Exception as error:  # noqa: BLE001 - what could not be written down is looked up later
            log_error(error, LOG)
        finally:
            self._unsettled += [one for together in left for one in together]

    async def _ask(self, address: Address, mailbox: Channel, first: list[ClaimedMessage]) -> dict[str, str] | None:
        """Return and record a channel's earlier messages; None if it does not say, and then the first message waits."""
        try:
            told = await mailbox.history(address, self._now() - LOOKED_BACK)
        except ChannelError as trouble:
            await asyncio.to_thread(self._mark_failed, first, trouble)
            return None
        await asyncio.to_thread(self._enter, address, told)
        return told

    async def _deliver(self, together: list[ClaimedMessage], mailbox: Channel | None, told: Mapping[str, str]) -> bool:
        """Deliver messages that go together, and return whether those behind them may follow."""
        first = together[0]
        try:
            remote_id = told.get(first.message.key) or await _put_once(first, mailbox)
        except ChannelError as trouble:
            await asyncio.to_thread(self._mark_failed, together, trouble)
            return trouble.is_final
        except Exception as error:  # noqa: BLE001 - whatever breaks at one place must not keep messages from the others
            reason = f"internal error (ref {log_error(error, LOG)})"
            await asyncio.to_thread(self._mark_failed, together, ChannelError(reason), is_ours=True)
            return False
        if remote_id is None:
            await asyncio.to_thread(self._withdrawn, together)
        else:
            await asyncio.to_thread(self._mark_delivered, together, remote_id)
        return True

    def _release(self) -> None:
        with self._warehouse.writing() as session:
            outbox.release_all(session, self._now())

    def _claim(self, unsettled: list[ClaimedMessage], busy: tuple[Address, ...]) -> tuple[list[ClaimedMessage], set[Address]]:
        """Return what this sender may send now, and the channels whose history was already read."""
        with self._warehouse.writing() as session:
            for one in unsettled:
                outbox.release_claim(session, one)
            return outbox.claim(session, self._now(), self._name, AT_ONCE, busy), outbox.asked_places(session)

    def _enter(self, address: Address, told: Mapping[str, str]) -> None:
        with self._warehouse.writing() as session:
            outbox.enter_history(session, address, told, self._now())

    def _give_back(self, untouched: list[ClaimedMessage]) -> None:
        if untouched:
            with self._warehouse.writing() as session:
                for one in untouched:
                    outbox.give_back_untried(session, one)

    def _withdrawn(self, together: list[ClaimedMessage]) -> None:
        with self._warehouse.writing() as session:
            for claimed in together:
                outbox.mark_withdrawn(session, claimed.message, self._now())

    def _mark_delivered(self, together: list[ClaimedMessage], remote_id: str) -> None:
        with self._warehouse.writing() as session:
            for claimed in together:
                outbox.mark_delivered(session, claimed.message, self._now(), remote_id)
        for claimed in together:
            self._metrics.message_tried(claimed.message.address.kind, "delivered")

    def _mark_failed(self, together: list[ClaimedMessage], trouble: ChannelError, *, is_ours: bool = False) -> None:
        with self._warehouse.writing() as session:
            for claimed in together:
                outbox.mark_failed(
                    session,
                    claimed,
                    self._now(),
                    trouble.reason,
                    retry_after=trouble.retry_after,
                    is_final=trouble.is_final,
                    is_ours=is_ours,
                )
        for claimed in together:
            message = claimed.message
            self._metrics.message_tried(message.address.kind, "failed" if trouble.is_final else "later")
            self._metrics.place_failed(message.address.kind, trouble.reason)
            LOG.warning("%s %s was not delivered: %s", message.address.kind, message.key, trouble.reason)


async def _put_once(claimed: ClaimedMessage, mailbox: Channel | None) -> str | None:
    """Return the channel's id for the message, posted now or earlier by a sender that was stopped.

    None for a withdrawn one that did not arrive.
    """
    if mailbox is None:
        raise ChannelError("this service has no connection to that place")
    found = await mailbox.find(claimed.message, claimed.queued_at) if claimed.was_tried else None
    return found if found or claimed.is_unwanted else await mailbox.put(claimed.message)
