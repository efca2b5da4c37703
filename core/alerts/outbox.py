"""Pending messages: each once per key and channel, claimed before it is sent, and marked afterwards.

This order delivers a message at most once, whatever fails:

1. `claim` in a transaction of its own, committed before anything is sent.
2. If the message `was_tried` before, look for its key in the channel's history: a sender may have been killed, or got no reply,
after the channel accepted the message. If found: `mark_delivered` with the channel's id for it.
3. Else send it, with its key in the message's metadata or row.
4. `mark_delivered`, or `mark_failed` with the error: also if no reply came, because step 2 then checks.

Messages to one channel are claimed in the order of events; one that waits for a retry holds back those behind it. One whose alert
ended before delivery is withdrawn: if it was never tried it is not sent, if it may have arrived it is looked for once.
What a channel was sent before this warehouse knew it, or since the backup that was restored, is in the channel's history, which
is read once (`asked_places`, `insert_alert_history`): `claim` marks what was found there as delivered.

A message that failed after a day without replies may still be in the channel; the history says so on a retry. A starting sender
first calls `release_all`, which releases what a killed sender had claimed; one that could not record the outcome of a message
calls `release_claim`. Everything runs in the caller's transaction, and one transaction writes at
a time, so no message is ever claimed by two.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from core.answer import answer_from_json
from core.config import Address
from core.records import NamedTuple
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from core.answer import Answer
    from core.config import AddressKind
    from core.warehouse import Session

# Outages last seconds or hours, so delays double from one to the other. Our choice, no source.
FIRST_WAIT, MAX_WAIT = timedelta(seconds=30), timedelta(hours=1)
# A day covers a night and a broken token; eight tries prove that the machine was awake for it.
GIVE_UP_AFTER, MIN_TRIES = timedelta(days=1), 8
# 2¹⁰ × 30 s is far beyond the hour; the bound only keeps the shift small.
DOUBLINGS = 10


class OutboxMessage(NamedTuple):
    """A message for one channel; alert_key is None for digests."""

    key: str
    address: Address
    team: str
    answer: Answer
    alert_key: str | None = None


class ClaimedMessage(NamedTuple):
    """A message that its sender, and nobody else, may send now. attempts: claims, this one included.

    is_unwanted: its alert ended, so it is only looked for.
    """

    message: OutboxMessage
    sender: str
    attempts: int
    queued_at: datetime
    is_unwanted: bool = False

    @property
    def was_tried(self) -> bool:
        """Whether it may already be in the channel, so that the history must be checked before sending."""
        return self.attempts > 1


class Delivery(NamedTuple):
    """The outcome of a message."""

    message: OutboxMessage
    created_at: datetime
    attempts: int
    next_attempt_at: datetime
    delivered_at: datetime | None
    failed_at: datetime | None
    withdrawn_at: datetime | None
    error: str | None
    remote_id: str | None


def enqueue(session: Session, message: OutboxMessage, now: datetime) -> bool:
    """Queue a message behind all others and return whether it was queued: not if its key is already there, whatever its outcome.

    A withdrawn message is queued again.
    """
    payload = json.dumps(message.answer.to_json(), ensure_ascii=False)
    told = {**_place(message), "team": message.team, "alert_key": message.alert_key, "payload": payload}
    return bool(session.run("enqueue_message", **told, now=now))


def claim(session: Session, now: datetime, sender: str, limit: int, busy: Iterable[Address] = ()) -> list[ClaimedMessage]:
    """Claim up to `limit` due messages for each channel, in the order of events, for this sender only.

    Skips busy channels, and messages already in the channel's history: those have arrived.
    """
    due = session.rows(queries.OutboxDueRow, now=now, most=limit, busy="\n".join(f"{one.kind} {one.id}" for one in busy))
    claimed = []
    for row in due:
        message = _message(row)
        # The channel has it from before a restore, or from another warehouse: sending it again would duplicate it.
        if told := session.rows(queries.ToldBeforeInRow, **_place(message)):
            mark_delivered(session, message, now, told[0].remote_id)
            continue
        session.run("claim_message", **_place(message), sender=sender, now=now)
        claimed.append(ClaimedMessage(message, sender, row.attempts + 1, row.created_at, row.is_unwanted))
    return claimed


def asked_places(session: Session) -> set[Address]:
    """Return the channels whose history was already read."""
    return {_address(row) for row in session.rows(queries.PlacesAskedRow)}


def enter_history(session: Session, address: Address, told: Mapping[str, str], now: datetime) -> None:
    """Record the keys in a channel's history, and that it was read."""
    place = {"kind": address.kind, "address": address.id}
    for key, remote_id in told.items():
        session.run("enter_told_before", **place, key=key, remote_id=remote_id)
    session.run("place_asked", **place, now=now)


def mark_delivered(session: Session, message: OutboxMessage, now: datetime, remote_id: str = "") -> None:
    """Record that a channel has a message; a repeat, or a call after the claim was released, changes nothing else."""
    session.run("mark_delivered", **_place(message), remote_id=remote_id, now=now)


def mark_failed(  # noqa: PLR0913 - what a sender knows of a failure
    session: Session,
    claimed: ClaimedMessage,
    now: datetime,
    error: str,
    *,
    retry_after: timedelta | None = None,
    is_final: bool = False,
    is_ours: bool = False,
) -> None:
    """Release a claim after a failure: to be retried later, or never.

    Delays double from 30 s up to an hour, or last as long as the channel asks (retry_after). The message has failed a day after
    the first attempt and after eight tries (so that a sleeping machine does not count), or at once if retries cannot help
    (is_final: no such channel). Messages that waited behind it as long fail too, unless only this message was at fault (is_ours).
    A claim that was released meanwhile is left alone.
    """
    # Never sooner than the channel asks for, or it blocks us for longer.
    wait = max(backoff(claimed.attempts), retry_after or timedelta())
    session.run(
        "mark_failed",
        **_place(claimed.message),
        sender=claimed.sender,
        attempts=claimed.attempts,
        error=error,
        next=now + wait,
        now=now,
        give_up=now - GIVE_UP_AFTER,
        least=MIN_TRIES,
        is_final=is_final,
        is_ours=is_ours,
    )
    place = {"kind": claimed.message.address.kind, "address": claimed.message.address.id}
    # A channel that accepts nothing holds back all its messages; a single bad message holds back nothing.
    if not is_ours:
        session.run("fail_behind", **place, error=error, now=now, give_up=now - GIVE_UP_AFTER)
        session.run("wait_behind", **place, now=now)


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 30 s, a minute, two …, at most an hour."""
    doublings = min(max(attempts - 1, 0), DOUBLINGS)
    return min(FIRST_WAIT * (1 << doublings), MAX_WAIT)


def release_all(session: Session, now: datetime) -> int:
    """Release every claim and return how many messages changed; only for a caller that knows no other sender runs.

    A delay of more than an hour, written while the clock was ahead, is cut to an hour.
    """
    return session.run("release_all_claims", latest=now + MAX_WAIT)


def release_claim(session: Session, claimed: ClaimedMessage) -> None:
    """Release a claim whose outcome could not be recorded; the next sender checks the channel's history first."""
    session.run("release_claim", **_place(claimed.message), sender=claimed.sender, attempts=claimed.attempts)


def give_back_untried(session: Session, claimed: ClaimedMessage) -> None:
    """Release a claim that was not used, as if it had not been made."""
    session.run("release_untried", **_place(claimed.message), sender=claimed.sender, attempts=claimed.attempts)


def withdraw(session: Session, alert_key: str, now: datetime) -> None:
    """Withdraw an alert's undelivered messages; those that may have arrived are looked for once and not sent."""
    session.run("withdraw_messages", alert_key=alert_key, now=now)


def mark_withdrawn(session: Session, message: OutboxMessage, now: datetime) -> None:
    """Record that a withdrawn message has not arrived."""
    session.run("mark_withdrawn", **_place(message), now=now)


def renew(session: Session, alert_key: str, answer: Answer) -> None:
    """Replace the text of an alert's undelivered messages."""
    session.run("renew_messages", alert_key=alert_key, payload=json.dumps(answer.to_json(), ensure_ascii=False))


def mark_for_recheck(session: Session) -> None:
    """Treat pending messages as tried before, and read every history again: a backup does not know what was sent since."""
    session.run("require_recheck")
    session.run("forget_asked_places")


def try_again(session: Session, now: datetime) -> int:
    """Queue every failed message again, for another day, and return how many there are."""
    return session.run("retry_messages", now=now)


def deliveries(session: Session) -> list[Delivery]:
    """Return every message and its outcome, newest first."""
    return [
        Delivery(
            _message(row),
            row.created_at,
            row.attempts,
            row.next_attempt_at,
            row.delivered_at,
            row.failed_at,
            row.withdrawn_at,
            row.error,
            row.remote_id,
        )
        for row in session.rows(queries.OutboxDeliveriesRow)
    ]


def answer_in(payload: str) -> Answer:
    """Return the message that a payload holds."""
    return answer_from_json(json.loads(payload))


def _message(row: queries.OutboxDueRow | queries.OutboxDeliveriesRow) -> OutboxMessage:
    return OutboxMessage(row.key, _address(row), row.team, answer_in(row.payload), row.alert_key)


def _address(row: queries.OutboxDueRow | queries.OutboxDeliveriesRow | queries.PlacesAskedRow) -> Address:
    return Address(cast("AddressKind", row.kind), row.address)  # the table allows no other kind


def _place(message: OutboxMessage) -> dict[str, str]:
    return {"key": message.key, "kind": message.address.kind, "address": message.address.id}
