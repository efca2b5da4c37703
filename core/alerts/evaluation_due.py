"""When what is news is decided: once after all files of a command, and by a clock that can be believed.

An import marks in its transaction that deciding is due; deciding clears the mark in its own. Whoever is killed in between leaves
the mark, and the next who looks makes up for it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.warehouse import queries

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse import Session

# Longer than a service is usually off; a clock that is wrong is usually wrong by years.
FAR = timedelta(days=31)


def mark_due(session: Session) -> None:
    """Note that something came in, in the transaction that brings it."""
    session.run("evaluation_due")


def is_due(session: Session) -> bool:
    """Whether something came in of which nobody decided yet whether it is news."""
    return bool(session.row(queries.EvaluationRow).is_due)


def mark_done(session: Session, now: datetime) -> None:
    """Note that what is news was decided, in the transaction that decides it."""
    session.run("evaluation_done", now=now)


def doubt_of_clock(session: Session, now: datetime) -> str | None:
    """Return why an instant cannot be believed, as a sentence; None where it can.

    It can within 31 days of the last decision, or of the newest data, whose instants come from another clock; and before
    the first decision, with which nothing can be compared.
    """
    row = session.row(queries.EvaluationRow)
    known = [instant for instant in (row.evaluated_at, row.data_through) if instant]
    # Two witnesses: the last decision comes from this clock, the data's instants from Salesforce's.
    if row.evaluated_at is None or any(abs(now - instant) <= FAR for instant in known):
        return None
    nearest = min(known, key=lambda instant: abs(now - instant))
    return (
        f"The clock says {now:%Y-%m-%d %H:%M} UTC, {abs(now - nearest).days} days from the nearest instant known, "
        f"{nearest:%Y-%m-%d}: alerts and digests are held back until newer data is imported. Is the clock right?"
    )
