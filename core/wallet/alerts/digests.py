"""Digests that are issued: each team's once per week and month, whoever asks for it again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from core.questions.digest import NO_OUTLOOK, digest
from core.wallet.alerts import outbox

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.answer import Answer
    from core.questions.context import Context
    from core.questions.digest import Kind, Outlook
    from core.wallet.alerts.teams import Team
    from core.warehouse import Session

HASHED = 8


def period_of(kind: Kind, day: date) -> str:
    """Return the period in which a digest comes once: the ISO week or the month of the day, as 2026-W47 or 2026-11."""
    if kind == "monthly":
        return f"{day:%Y-%m}"
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def key_of(team: Team, kind: Kind, period: str) -> str:
    """Return the key of a digest's messages."""
    return f"digest-{kind}-{period}-{hashlib.sha256(team.name.encode()).hexdigest()[:HASHED]}"


def period_in(key: str) -> str:
    """Return the week or month that a digest's key names."""
    return key.split("-", 2)[2].rpartition("-")[0]


def name_of(team: Team, kind: Kind) -> str:
    """Return what a team's digests of a kind are known by."""
    return f"{team.name} {kind}"


def is_issued(session: Session, team: Team, kind: Kind, day: date) -> bool:
    """Whether the digest of the day's week or month was issued already."""
    rows = session.query("digests_issued")
    return (name_of(team, kind), period_of(kind, day)) in {(row["name"], row["period"]) for row in rows}


def issue(  # noqa: PLR0913, PLR0917 - who gets what when
    session: Session, context: Context, team: Team, kind: Kind, now: datetime, outlook: Outlook = NO_OUTLOOK
) -> Answer | None:
    """Queue a team's digest for each of its places and return it; None if it was issued in this period already.

    In the caller's transaction. context: of the team's day. Raises: InputError, while there is no use to digest; then
    nothing is issued, and it may be asked for again.
    """
    period = period_of(kind, context.as_of)
    made = digest(session, context, team, kind, outlook)
    if not session.run("issue_digest", digest_name=name_of(team, kind), period=period, now=now, headline=made.headline):
        return None
    for address in team.addresses:
        outbox.put(session, outbox.Message(key_of(team, kind, period), address, team.name, made), now)
    return made
