"""The sender: whatever a channel does, each message arrives once, and no channel waits for another."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.dispatcher import Dispatcher
from bot.observability.metrics import Metrics, MetricState
from core.alerts import outbox
from core.alerts.outbox import Delivery, OutboxMessage
from core.answer.model import Answer
from core.config.teams import Address
from core.warehouse.database import StatementError, Warehouse, open_warehouse
from tests.fakes.mailboxes import FakeMailbox, KilledError, Manner

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
STEP = timedelta(minutes=10)
CHANNEL, OTHER = Address("channel", "C1"), Address("channel", "C2")


class Post:
    """A warehouse with messages to send, and a clock."""

    def __init__(self, warehouse: Warehouse, mailbox: FakeMailbox) -> None:
        self.warehouse, self.mailbox, self.now = warehouse, mailbox, NOW

    def queue(self, key: str, address: Address = CHANNEL) -> None:
        """Queue a message."""
        answer = Answer("wallet", "Credits used", "Half is used.", date(2026, 11, 23))
        with self.warehouse.writing() as session:
            outbox.enqueue(session, OutboxMessage(key, address, "Service", answer), self.now)

    def restart(self) -> Dispatcher:
        """Return a new sender that has begun."""
        metrics = Metrics(lambda: MetricState(is_open=True, data_through=None, messages={}))
        sender = Dispatcher(self.warehouse, {"channel": self.mailbox}, lambda: self.now, metrics)
        asyncio.run(sender.begin())
        return sender

    def send(self, sender: Dispatcher) -> Dispatcher:
        """Send what is due; after a kill continue with a new sender. Let ten minutes pass."""
        try:
            asyncio.run(sender.send_due())
        except KilledError:
            sender = self.restart()
        self.now += STEP
        return sender

    def deliveries(self) -> list[Delivery]:
        """Return the outcome of each message."""
        with self.warehouse.reading() as session:
            return outbox.deliveries(session)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse."""
    with open_warehouse(tmp_path / "wallet.duckdb") as opened:
        yield opened


def test_a_message_arrives_and_is_not_sent_again(warehouse: Warehouse) -> None:
    """A delivered message is stored with the channel's id for it, and nothing is due afterwards."""
    post = Post(warehouse, FakeMailbox())
    post.queue("a")
    sender = post.send(post.send(post.restart()))
    assert post.mailbox.arrived == {"C1": ["a"]}
    assert [(one.remote_id, one.attempts) for one in post.deliveries()] == [("0", 1)]
    assert asyncio.run(sender.send_due()) == 0


@pytest.mark.parametrize("manner", ["takes and times out", "kills"])
def test_a_message_that_arrived_unnoticed_is_found_and_not_sent_again(warehouse: Warehouse, manner: Manner) -> None:
    """Without a reply, or after a kill, the channel's history is checked first."""
    post = Post(warehouse, FakeMailbox(manner))
    post.queue("a")
    post.send(post.send(post.restart()))
    assert post.mailbox.arrived == {"C1": ["a"]}
    assert post.mailbox.looked_for == [("a", NOW)]


def test_a_place_that_has_gone_is_given_up_at_once(warehouse: Warehouse) -> None:
    """Retries cannot help: the message fails with the reason."""
    post = Post(warehouse, FakeMailbox("has gone"))
    post.queue("a")
    post.send(post.send(post.restart()))
    assert [(one.failed_at is not None, one.error, one.attempts) for one in post.deliveries()] == [(True, "has gone", 1)]


def test_a_place_that_wants_to_be_left_alone_is(warehouse: Warehouse) -> None:
    """Slack's Retry-After counts if it is longer than our own delay."""
    post = Post(warehouse, FakeMailbox("limits"))
    post.queue("a")
    asyncio.run(post.restart().send_due())
    assert [one.next_attempt_at for one in post.deliveries()] == [NOW + timedelta(minutes=5)]


def test_what_breaks_in_one_place_keeps_nothing_from_another(warehouse: Warehouse) -> None:
    """A bug in one channel is logged and retried; the other channel gets its message at once."""
    post = Post(warehouse, FakeMailbox("breaks"))
    post.queue("a", CHANNEL)
    post.queue("a", OTHER)
    asyncio.run(post.restart().send_due())
    assert post.mailbox.arrived == {"C2": ["a"]}


def test_a_place_that_one_putting_brings_up_to_date_is_put_to_once(warehouse: Warehouse) -> None:
    """A spreadsheet with many alerts is updated once, and all of them count as delivered."""
    post = Post(warehouse, FakeMailbox(delivers_batch=True))
    for key in "abc":
        post.queue(key)
    asyncio.run(post.restart().send_due())
    assert post.mailbox.arrived == {"C1": ["a"]}
    assert [one.delivered_at for one in post.deliveries()] == [NOW] * 3


@pytest.mark.parametrize(("write", "manner"), [("mark_delivered", "takes"), ("mark_failed", "takes and times out")])
def test_what_could_not_be_written_down_is_looked_up_in_the_next_round(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, write: str, manner: Manner
) -> None:
    """The disk is full for a moment: that message is found in the channel, and those behind it arrive."""
    written, troubles = getattr(outbox, write), [StatementError("No space left on device")]

    def disk_is_full_once(*said: object, **also_said: object) -> None:
        if troubles:
            raise troubles.pop()
        written(*said, **also_said)

    monkeypatch.setattr(outbox, write, disk_is_full_once)
    post = Post(warehouse, FakeMailbox(manner))
    for key in "ab":
        post.queue(key)
    sender = post.restart()
    asyncio.run(sender.send_due())
    asyncio.run(sender.send_due())
    assert post.mailbox.arrived == {"C1": ["a", "b"]}
    assert [one.delivered_at for one in post.deliveries()] == [NOW] * 2


class Hanging(FakeMailbox):
    """A channel that keeps its first message until it may continue."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.goes_on, self.has_other = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def put(self, message: OutboxMessage) -> str:
        """Accept a message, the channel's own once it may."""
        if message.address == CHANNEL:
            self.begun.set()
            await self.goes_on.wait()
            return await super().put(message)
        self.has_other.set()
        return await super().put(message)


def test_a_slow_place_keeps_no_other_from_the_next_round(warehouse: Warehouse) -> None:
    """While one channel hangs, new messages for another are sent."""

    async def two_rounds(sender: Dispatcher, mailbox: Hanging) -> list[str]:
        await sender.start_due()
        await mailbox.begun.wait()
        post.queue("b", OTHER)
        await sender.start_due()
        await mailbox.has_other.wait()
        meanwhile = dict(mailbox.arrived)
        mailbox.goes_on.set()
        await sender.drain()
        return meanwhile[OTHER.id]

    post = Post(warehouse, mailbox := Hanging())
    post.queue("a", CHANNEL)
    assert asyncio.run(two_rounds(post.restart(), mailbox)) == ["b"]
    assert mailbox.arrived[CHANNEL.id] == ["a"]


def test_a_slow_place_gets_its_messages_one_after_another(warehouse: Warehouse) -> None:
    """Messages for a channel that is being served are claimed afterwards."""

    async def three_rounds(sender: Dispatcher, mailbox: Hanging) -> list[int]:
        counts = [await sender.start_due()]
        await mailbox.begun.wait()
        post.queue("b", CHANNEL)
        counts.append(await sender.start_due())
        mailbox.goes_on.set()
        await sender.drain()
        return [*counts, await sender.send_due()]

    post = Post(warehouse, mailbox := Hanging())
    post.queue("a", CHANNEL)
    assert asyncio.run(three_rounds(post.restart(), mailbox)) == [1, 0, 1]
    assert mailbox.arrived[CHANNEL.id] == ["a", "b"]


@settings(max_examples=40, deadline=None)
@given(
    manners=st.lists(st.sampled_from(["takes", "takes and times out", "is down", "limits", "breaks", "kills"]), max_size=12),
    keys=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True),
)
def test_whatever_a_place_does_each_message_arrives_there_once(manners: list[Manner], keys: list[str]) -> None:
    """Down, rate-limited, broken, killed, timed out after accepting, in any order: once each, in every channel."""
    with TemporaryDirectory() as folder, open_warehouse(Path(folder) / "w.duckdb") as warehouse:
        post = Post(warehouse, FakeMailbox(*manners))
        for key in keys:
            post.queue(key, CHANNEL)
            post.queue(key, OTHER)
        sender = post.restart()
        for _ in range(60):
            sender = post.send(sender)
        assert {place: sorted(there) for place, there in post.mailbox.arrived.items()} == {"C1": sorted(keys), "C2": sorted(keys)}
