"""Reports failed messages to their team and its owner through another channel: nobody misses what nobody knows of."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from core.alerts.outbox import OutboxMessage, enqueue
from core.alerts.repository import HASHED
from core.answer import Answer
from core.config import MEMBER, Address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from core.config import Team
    from core.warehouse import Session

KEY = "undelivered"
# A channel that failed a week ago may be fixed; one still broken fails again within days.
LATELY = timedelta(days=7)


def report_undelivered(session: Session, teams: Sequence[Team], now: datetime, as_of: date, owner: str = "") -> int:
    """Queue a notice of failed messages in each team's other channels and for its owner; return the number of messages.

    Once for each channel and day with failed messages. A channel whose own messages failed recently gets no notice, and the
    notice holds no wallet figure. owner: for teams that name none; only a member's id can be written to.
    """
    failing = session.query("given_up_places", since=now - LATELY)
    silent = {(row["kind"], row["address"]) for row in failing}
    by_name = {team.name: team for team in teams}
    queued = 0
    for row in failing:
        team = by_name.get(row["team"])
        for channel in _places(team, owner) if team else ():
            # A notice into a channel that fails as well would only add another undelivered message.
            if ("channel", channel) not in silent:
                message = OutboxMessage(_key(row), Address("channel", channel), row["team"], _notice(row, as_of))
                queued += enqueue(session, message, now)
    return queued


def _places(team: Team, owner: str) -> tuple[str, ...]:
    """Return where else a team can be notified: its other channels, and its owner directly."""
    member = team.owner or owner
    return (*team.channels, member) if MEMBER.fullmatch(member) else team.channels


def _key(row: dict[str, object]) -> str:
    # Hashed, because keys are shown in channels, and an address may be a person's.
    place = hashlib.sha256(f"{row['team']}\n{row['kind']}\n{row['address']}".encode()).hexdigest()[:HASHED]
    return f"{KEY}-{place}-{row['last_failed']:%Y-%m-%d}"


def _notice(row: dict[str, object], as_of: date) -> Answer:
    count, place = row["messages"], f"{row['kind']} {row['address']}"
    messages = "1 message" if count == 1 else f"{count} messages"
    return Answer(
        question="alerts",
        title="Not delivered",
        headline=f"{messages} for {place} could not be delivered: {row['error']}",
        as_of=as_of,
        arithmetic=("`agentcost alerts` lists them; once that is fixed, `agentcost alerts --retry` sends them.",),
    )
