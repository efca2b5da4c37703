"""The outbox: whatever fails between any two steps, each message is delivered once and none is lost."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.alerts import outbox
from core.alerts.outbox import ClaimedMessage, OutboxMessage
from core.answer.model import Answer
from core.config.teams import Address
from core.warehouse.database import Session, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 9, 1, 6, tzinfo=UTC)
CHANNEL = Address("channel", "C0123ABCDEF")
SHEET = Address("spreadsheet", "1AbCdEfGhIjKlMnOpQrStUvWxYz")


def message(key: str, address: Address = CHANNEL) -> OutboxMessage:
    """Return a message with that key."""
    return OutboxMessage(key, address, "Service", Answer("wallet", "Credits used", "Half is used.", date(2026, 9, 1)))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session of an empty warehouse."""
    with open_warehouse(tmp_path / "w.duckdb") as warehouse, warehouse.reading() as opened:
        yield opened


def test_a_message_is_queued_once_per_place(session: Session) -> None:
    """The same key again changes nothing; another channel is another message."""
    queued = [outbox.enqueue(session, one, NOW) for one in (message("a"), message("a"), message("a", SHEET))]
    assert queued == [True, False, True]


def test_a_message_comes_back_as_it_was_queued(session: Session) -> None:
    """The answer survives the round trip through JSON."""
    outbox.enqueue(session, message("a"), NOW)
    assert [one.message for one in outbox.claim(session, NOW, "one", 5)] == [message("a")]


def test_what_is_claimed_is_nobody_else_s(session: Session) -> None:
    """Another sender gets neither the claimed messages nor those behind them in the same channel."""
    for key in "abc":
        outbox.enqueue(session, message(key), NOW)
    first, second = (outbox.claim(session, NOW, sender, 2) for sender in ("one", "two"))
    assert [[one.message.key for one in claimed] for claimed in (first, second)] == [["a", "b"], []]


def test_a_place_with_many_keeps_nothing_from_another(session: Session) -> None:
    """However many messages wait for a slow spreadsheet, newer ones for a channel are claimed as well."""
    for key in "abc":
        outbox.enqueue(session, message(key, SHEET), NOW)
    outbox.enqueue(session, message("d"), NOW + timedelta(minutes=1))
    taken = outbox.claim(session, NOW + timedelta(minutes=2), "one", 2)
    assert [(one.message.key, one.message.address) for one in taken] == [("a", SHEET), ("b", SHEET), ("d", CHANNEL)]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (5, 480), (8, 3600), (50, 3600)])
def test_waits_double_up_to_an_hour(attempts: int, seconds: int) -> None:
    """30 s × 2 for each attempt after the first."""
    assert outbox.backoff(attempts) == timedelta(seconds=seconds)


def test_a_message_is_tried_for_a_day_and_then_failed(session: Session) -> None:
    """Every claim fails; the last attempt is at most an hour after the day is over, and then nothing is due."""
    outbox.enqueue(session, message("a"), NOW)
    now, tries = NOW, 0
    while now < NOW + timedelta(days=3):
        for claimed in outbox.claim(session, now, "one", 5):
            outbox.mark_failed(session, claimed, now, "503")
            tries += 1
        now += timedelta(seconds=30)
    (found,) = outbox.deliveries(session)
    assert (found.attempts, found.error) == (tries, "503")
    assert found.failed_at is not None
    assert timedelta(days=1) <= found.failed_at - NOW <= timedelta(days=1, hours=1)


def test_a_machine_that_slept_tries_on_for_a_while(session: Session) -> None:
    """Tried on Friday and failing again after Monday's wake-up, the message is given up with the eighth attempt."""
    outbox.enqueue(session, message("a"), NOW)
    for now in (NOW, *(NOW + timedelta(days=3, hours=nth) for nth in range(6))):
        outbox.mark_failed(session, outbox.claim(session, now, "one", 5)[0], now, "503")
        assert outbox.deliveries(session)[0].failed_at is None
    last = NOW + timedelta(days=3, hours=6)
    outbox.mark_failed(session, outbox.claim(session, last, "one", 5)[0], last, "503")
    assert outbox.deliveries(session)[0].failed_at == last


def test_what_nothing_can_help_fails_at_once(session: Session) -> None:
    """A channel that does not exist is not tried for a day; a manual retry sends the message again."""
    outbox.enqueue(session, message("a"), NOW)
    outbox.mark_failed(session, outbox.claim(session, NOW, "one", 5)[0], NOW, "channel_not_found", is_final=True)
    assert outbox.claim(session, NOW + timedelta(days=2), "one", 5) == []
    assert outbox.try_again(session, NOW) == 1
    assert outbox.claim(session, NOW, "one", 5)[0].was_tried


def test_a_channel_s_own_wait_is_kept(session: Session) -> None:
    """Asked to wait 5 minutes, the message is due after 5 minutes, not after 30 seconds."""
    outbox.enqueue(session, message("a"), NOW)
    outbox.mark_failed(session, outbox.claim(session, NOW, "one", 5)[0], NOW, "429", retry_after=timedelta(minutes=5))
    due = [bool(outbox.claim(session, NOW + timedelta(seconds=seconds), "one", 5)) for seconds in (299, 300)]
    assert due == [False, True]


def test_a_late_failure_does_not_take_another_s_claim(session: Session) -> None:
    """A sender that hung, and whose claim now belongs to another, changes nothing when it wakes."""
    outbox.enqueue(session, message("a"), NOW)
    (hanging,) = outbox.claim(session, NOW, "one", 5)
    outbox.release_all(session, NOW)
    outbox.claim(session, NOW, "two", 5)
    outbox.mark_failed(session, hanging, NOW, "timed out")
    assert outbox.claim(session, NOW + timedelta(days=1), "three", 5) == []


def test_a_claim_of_a_clock_that_was_ahead_is_given_back_at_the_start(session: Session) -> None:
    """Claimed at 06:00 by a sender that was killed; the next one starts at 05:05 and gets the message."""
    outbox.enqueue(session, message("a"), NOW)
    outbox.claim(session, NOW, "one", 5)
    outbox.release_all(session, NOW - timedelta(minutes=55))
    assert outbox.claim(session, NOW, "two", 5)[0].was_tried


def test_what_was_queued_under_a_clock_that_was_ahead_does_not_wait(session: Session) -> None:
    """Queued a month ahead, a message is due at once, and so is the one behind it."""
    outbox.enqueue(session, message("a"), NOW + timedelta(days=30))
    outbox.enqueue(session, message("b"), NOW)
    assert [one.message.key for one in outbox.claim(session, NOW, "one", 5)] == ["a", "b"]


def test_what_waits_for_another_try_keeps_back_what_is_behind_it(session: Session) -> None:
    """The first failed, so the second waits with it; messages to other channels do not."""
    for one in (message("a"), message("b"), message("c", SHEET)):
        outbox.enqueue(session, one, NOW)
    first, second, _ = outbox.claim(session, NOW, "one", 5)
    outbox.mark_failed(session, first, NOW, "503")
    outbox.give_back_untried(session, second)
    outbox.enqueue(session, message("d", SHEET), NOW)
    soon, later = (outbox.claim(session, NOW + timedelta(seconds=seconds), "two", 5) for seconds in (29, 30))
    assert [[one.message.key for one in claimed] for claimed in (soon, later)] == [[], ["a", "b"]]
    assert [one.was_tried for one in later] == [True, False]


def test_what_waited_behind_a_dead_place_is_given_up_with_the_first(session: Session) -> None:
    """A day of attempts at the first message counts for its channel: the second is not tried for another day."""
    outbox.enqueue(session, message("a"), NOW)
    outbox.enqueue(session, message("b"), NOW)
    now = NOW
    while now < NOW + timedelta(days=2):
        claimed = outbox.claim(session, now, "one", 1)
        for one in claimed:
            outbox.mark_failed(session, one, now, "503")
        now += timedelta(minutes=5)
    assert [bool(one.failed_at) for one in outbox.deliveries(session)] == [True, True]


def test_what_is_withdrawn_is_looked_for_if_it_was_tried_and_never_sent(session: Session) -> None:
    """Of an alert's two messages one was tried: it is claimed once more, to look for it; queued again, both come back."""
    for address in (CHANNEL, SHEET):
        outbox.enqueue(session, message("a", address)._replace(alert_key="a"), NOW)
    tried = outbox.claim(session, NOW, "one", 1)
    outbox.mark_failed(session, tried[0], NOW, "503")
    outbox.give_back_untried(session, tried[1])
    outbox.withdraw(session, "a", NOW)
    (left,) = outbox.claim(session, NOW + timedelta(hours=1), "one", 5)
    assert (left.message.address, left.is_unwanted) == (tried[0].message.address, True)
    outbox.mark_withdrawn(session, left.message, NOW)
    assert [one.withdrawn_at for one in outbox.deliveries(session)] == [NOW, NOW]
    assert all(outbox.enqueue(session, message("a", address)._replace(alert_key="a"), NOW) for address in (CHANNEL, SHEET))
    assert len(outbox.claim(session, NOW, "one", 5)) == 2


@settings(max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
class Sending(RuleBasedStateMachine):
    """Senders that follow the protocol, and are killed, cut off or refused between any two steps."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        folder = self._stack.enter_context(TemporaryDirectory())
        self._warehouse = self._stack.enter_context(open_warehouse(Path(folder) / "w.duckdb"))
        self._session = self._stack.enter_context(self._warehouse.reading())
        self._now, self._put = NOW, 0
        self._channel: list[str] = []
        self._held: dict[str, ClaimedMessage] = {}

    @rule()
    def queue(self) -> None:
        """Queue a new message."""
        self._put += 1
        outbox.enqueue(self._session, message(f"m{self._put}"), self._now)

    @rule(number=st.integers(1, 5))
    def queue_again(self, number: int) -> None:
        """Queue a message a second time."""
        if number <= self._put:
            assert not outbox.enqueue(self._session, message(f"m{number}"), self._now)

    @rule(sender=st.sampled_from(["one", "two"]), limit=st.integers(1, 3))
    def take(self, sender: str, limit: int) -> None:
        """Claim messages: none that is held, none twice."""
        claimed = outbox.claim(self._session, self._now, sender, limit)
        assert not {one.message.key for one in claimed} & self._held.keys()
        self._held |= {one.message.key: one for one in claimed}

    def _one_held(self, number: int) -> ClaimedMessage | None:
        return list(self._held.values())[number % len(self._held)] if self._held else None

    @rule(number=st.integers(0, 9), ends=st.sampled_from(["delivered", "no reply", "killed", "refused"]))
    def send(self, number: int, ends: str) -> None:
        """Read the history if necessary, send what is not there, and possibly die before recording the outcome."""
        held = self._one_held(number)
        if held is None:
            return
        key = held.message.key
        is_there = held.was_tried and key in self._channel
        if not is_there and ends != "refused":
            self._channel.append(key)
        if is_there or ends == "delivered":
            outbox.mark_delivered(self._session, held.message, self._now, f"ts-{key}")
            del self._held[key]
        elif ends in {"no reply", "refused"}:
            outbox.mark_failed(self._session, held, self._now, ends)
            del self._held[key]
        else:
            self._restart()

    @rule()
    def kill(self) -> None:
        """Kill every sender between claiming and sending."""
        self._restart()

    def _restart(self) -> None:
        outbox.release_all(self._session, self._now)
        self._held.clear()

    @rule(hours=st.sampled_from([0.01, 0.5, 2]))
    def wait(self, hours: float) -> None:
        """Let time pass."""
        self._now += timedelta(hours=hours)

    @invariant()
    def nothing_is_in_the_channel_twice(self) -> None:
        """No message is in the channel twice."""
        assert len(self._channel) == len(set(self._channel))

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every message is stored, and every one marked as delivered is in the channel."""
        found = outbox.deliveries(self._session)
        assert len(found) == self._put
        assert {one.message.key for one in found if one.delivered_at} <= set(self._channel)

    def teardown(self) -> None:
        """With a working channel, every message that has not failed arrives once in the end."""
        self._restart()
        self._now += timedelta(hours=2)
        for held in outbox.claim(self._session, self._now, "last", 1000):
            if not (held.was_tried and held.message.key in self._channel):
                self._channel.append(held.message.key)
            outbox.mark_delivered(self._session, held.message, self._now)
        failed = {one.message.key for one in outbox.deliveries(self._session) if one.failed_at}
        assert sorted({*self._channel} | failed) == sorted(f"m{number}" for number in range(1, self._put + 1))
        assert len(self._channel) == len(set(self._channel))
        self._stack.close()


TestSending = Sending.TestCase


def taken(session: Session, now: datetime = NOW, sender: str = "one", limit: int = 5) -> list[str]:
    """Claim what is due and return the keys."""
    return [one.message.key for one in outbox.claim(session, now, sender, limit)]


def test_what_is_marked_as_delivered_twice_keeps_its_first_instant_and_id(session: Session) -> None:
    """A second mark, an hour later and with another id, changes nothing; the message is not due any more."""
    outbox.enqueue(session, message("a"), NOW)
    outbox.claim(session, NOW, "one", 5)
    for later, remote_id in ((timedelta(0), "1.1"), (timedelta(hours=1), "2.2")):
        outbox.mark_delivered(session, message("a"), NOW + later, remote_id)
    (found,) = outbox.deliveries(session)
    assert (found.delivered_at, found.remote_id, found.error, found.failed_at) == (NOW, "1.1", None, None)
    assert taken(session, NOW + timedelta(days=2)) == []


def test_what_is_found_after_it_was_given_up_has_arrived(session: Session) -> None:
    """The channel's history has it after all: neither failed nor in error; the spreadsheet's message stays failed."""
    for address in (CHANNEL, SHEET):
        outbox.enqueue(session, message("a", address), NOW)
    for claimed in outbox.claim(session, NOW, "one", 5):
        outbox.mark_failed(session, claimed, NOW, "timed out", is_final=True)
    outbox.mark_delivered(session, message("a"), NOW + timedelta(hours=1), "1.1")
    found = {one.message.address: (one.delivered_at, one.failed_at, one.error) for one in outbox.deliveries(session)}
    assert found == {CHANNEL: (NOW + timedelta(hours=1), None, None), SHEET: (None, NOW, "timed out")}


def test_a_claim_that_is_released_is_taken_by_the_next_sender_who_asks_first(session: Session) -> None:
    """Its outcome is unknown, so the history is checked first; the claim of the other message stays."""
    for address in (CHANNEL, SHEET):
        outbox.enqueue(session, message("a", address), NOW)
    first, _ = outbox.claim(session, NOW, "one", 5)
    outbox.release_claim(session, first)
    (again,) = outbox.claim(session, NOW, "two", 5)
    assert (again.message, again.sender, again.attempts, again.was_tried) == (first.message, "two", 2, True)


def test_a_claim_that_another_sender_has_by_now_is_not_released(session: Session) -> None:
    """A sender that wakes late releases neither another's claim nor a newer one of its own."""
    outbox.enqueue(session, message("a"), NOW)
    (hanging,) = outbox.claim(session, NOW, "one", 5)
    for sender in ("two", "one"):
        outbox.release_all(session, NOW)
        outbox.claim(session, NOW, sender, 5)
        for give_back in (outbox.release_claim, outbox.give_back_untried):
            give_back(session, hanging)
        assert taken(session, sender="three") == []
    assert outbox.deliveries(session)[0].attempts == 3


def test_a_message_of_ours_that_fails_keeps_nothing_behind_it(session: Session) -> None:
    """A message that we cannot render says nothing about its channel: those behind it stay; in a dead channel they fail too."""
    at_fault = {}
    for address, is_ours in ((CHANNEL, True), (SHEET, False)):
        for key in "ab":
            outbox.enqueue(session, message(key, address), NOW)
        for nth in range(9):
            now = NOW + timedelta(hours=3 * nth)
            for claimed in outbox.claim(session, now, "one", 1, busy=[SHEET if is_ours else CHANNEL]):
                outbox.mark_failed(session, claimed, now, "internal error", is_ours=is_ours)
        at_fault[address] = {
            one.message.key: one.failed_at is not None for one in outbox.deliveries(session) if one.message.address == address
        }
    assert at_fault == {CHANNEL: {"a": True, "b": False}, SHEET: {"a": True, "b": True}}


def test_a_busy_channel_is_left_out(session: Session) -> None:
    """While a spreadsheet is being written, only the channel's message is claimed."""
    for address in (CHANNEL, SHEET):
        outbox.enqueue(session, message("a", address), NOW)
    assert [one.message.address for one in outbox.claim(session, NOW, "one", 5, busy=[SHEET])] == [CHANNEL]


def test_a_claim_says_when_it_was_queued_and_for_whom(session: Session) -> None:
    """The history is searched from that instant on; an alert's message names its alert, a digest's none."""
    outbox.enqueue(session, message("a")._replace(alert_key="level-50-1"), NOW)
    outbox.enqueue(session, message("b"), NOW + timedelta(minutes=1))
    found = outbox.claim(session, NOW + timedelta(hours=1), "one", 5)
    assert [(one.queued_at, one.attempts, one.message.alert_key, one.message.team) for one in found] == [
        (NOW, 1, "level-50-1", "Service"),
        (NOW + timedelta(minutes=1), 1, None, "Service"),
    ]


def test_messages_are_listed_newest_first_with_what_became_of_them(session: Session) -> None:
    """One was delivered, one waits for a retry, one failed."""
    for nth, key in enumerate("abc"):
        outbox.enqueue(session, message(key, Address("channel", f"C{key}")), NOW + timedelta(minutes=nth))
    now = NOW + timedelta(hours=1)
    first, second, third = outbox.claim(session, now, "one", 5)
    outbox.mark_delivered(session, first.message, now, "1.1")
    outbox.mark_failed(session, second, now, "503")
    outbox.mark_failed(session, third, now, "gone", is_final=True)
    found = outbox.deliveries(session)
    assert [(one.message.key, one.created_at - NOW, one.attempts) for one in found] == [
        ("c", timedelta(minutes=2), 1),
        ("b", timedelta(minutes=1), 1),
        ("a", timedelta(0), 1),
    ]
    assert [(one.delivered_at, one.failed_at, one.error, one.remote_id) for one in found] == [
        (None, now, "gone", None),
        (None, None, "503", None),
        (now, None, None, "1.1"),
    ]
    assert found[1].next_attempt_at == now + timedelta(seconds=30)


def test_after_a_restore_every_channel_is_asked_and_every_message_may_have_arrived(session: Session) -> None:
    """A message that was never tried counts as tried once a backup is restored."""
    outbox.enqueue(session, message("a"), NOW)
    outbox.enter_history(session, CHANNEL, {}, NOW)
    outbox.mark_for_recheck(session)
    assert outbox.asked_places(session) == set()
    assert [one.was_tried for one in outbox.claim(session, NOW, "one", 5)] == [True]


def test_what_a_channel_s_history_holds_is_delivered_there_alone(session: Session) -> None:
    """The channel already has "a" as 1.1, so it is not sent there again; the spreadsheet gets both, the channel "b"."""
    for address in (CHANNEL, SHEET):
        for key in "ab":
            outbox.enqueue(session, message(key, address), NOW)
    outbox.enter_history(session, CHANNEL, {"a": "1.1", "old": "0.1"}, NOW)
    later = NOW + timedelta(minutes=1)
    claimed = outbox.claim(session, later, "one", 5)
    assert {(one.message.key, one.message.address) for one in claimed} == {("b", CHANNEL), ("a", SHEET), ("b", SHEET)}
    told = {(one.message.key, one.message.address): (one.delivered_at, one.remote_id) for one in outbox.deliveries(session)}
    assert told[("a", CHANNEL)] == (later, "1.1")
    assert outbox.asked_places(session) == {CHANNEL}


def test_a_wait_that_a_clock_ahead_wrote_is_cut_to_an_hour(session: Session) -> None:
    """A retry set for next month by a fast clock is due within an hour of the start; the other keeps its time."""
    ahead = NOW + timedelta(days=30)
    for address in (CHANNEL, SHEET):
        outbox.enqueue(session, message("a", address), NOW)
    first, second = outbox.claim(session, NOW, "one", 5)
    outbox.mark_failed(session, first, ahead, "503")
    outbox.mark_failed(session, second, NOW, "503")
    assert outbox.release_all(session, NOW) == 1
    due = {one.message.address: one.next_attempt_at for one in outbox.deliveries(session)}
    assert due == {first.message.address: NOW + timedelta(hours=1), second.message.address: NOW + timedelta(seconds=30)}


def test_a_text_that_waits_is_replaced_and_one_that_arrived_is_not(session: Session) -> None:
    """The channel keeps the text that it received, the spreadsheet gets the new one, and the other alert's text stays."""
    for address in (CHANNEL, SHEET):
        outbox.enqueue(session, message("a", address)._replace(alert_key="a"), NOW)
    outbox.enqueue(session, message("b", SHEET)._replace(alert_key="b"), NOW)
    outbox.mark_delivered(session, message("a"), NOW)
    outbox.renew(session, "a", Answer("wallet", "Credits used", "Größer: 60 % are used.", date(2026, 9, 2)))
    said = {(one.message.key, one.message.address): one.message.answer.headline for one in outbox.deliveries(session)}
    assert said == {
        ("a", CHANNEL): "Half is used.",
        ("a", SHEET): "Größer: 60 % are used.",
        ("b", SHEET): "Half is used.",
    }


def test_of_what_is_withdrawn_another_alert_s_messages_stay(session: Session) -> None:
    """The delivered message stays, the pending one is withdrawn at that instant, and the other alert's is sent."""
    for address in (CHANNEL, SHEET):
        outbox.enqueue(session, message("a", address)._replace(alert_key="a"), NOW)
    outbox.enqueue(session, message("b", SHEET)._replace(alert_key="b"), NOW)
    outbox.mark_delivered(session, message("a"), NOW)
    later = NOW + timedelta(minutes=5)
    outbox.withdraw(session, "a", later)
    found = {(one.message.key, one.message.address): (one.delivered_at, one.withdrawn_at) for one in outbox.deliveries(session)}
    assert found == {("a", CHANNEL): (NOW, None), ("a", SHEET): (None, later), ("b", SHEET): (None, None)}
    assert taken(session, later) == ["b"]


def test_failed_messages_are_queued_again_for_another_day(session: Session) -> None:
    """Two failed and one was delivered: two are due now, and have a day and eight attempts again before they fail."""
    for key in "abc":
        outbox.enqueue(session, message(key, Address("channel", f"C{key}")), NOW)
    for claimed in outbox.claim(session, NOW, "one", 5):
        outbox.mark_failed(session, claimed, NOW, "gone", is_final=True)
    outbox.mark_delivered(session, message("c", Address("channel", "Cc")), NOW)
    later = NOW + timedelta(days=3)
    assert outbox.try_again(session, later) == 2
    (first, _) = outbox.claim(session, later, "one", 5)
    outbox.mark_failed(session, first, later, "503")
    assert all(one.failed_at is None for one in outbox.deliveries(session))
    assert {one.next_attempt_at for one in outbox.deliveries(session) if one.error == "503"} == {later + timedelta(minutes=1)}
