"""When alerts are evaluated: once after all files of a command, and only with a plausible clock.

An import marks the evaluation as due in its transaction; the evaluation clears the mark in its own. A process killed in between
leaves the mark, and the next one catches up.
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
    """Mark the evaluation as due, in the transaction of the import."""
    session.run("evaluation_due")


def is_due(session: Session) -> bool:
    """Whether data came in that has not been evaluated yet."""
    return bool(session.row(queries.EvaluationRow).is_due)


def mark_done(session: Session, now: datetime) -> None:
    """Clear the mark, in the transaction of the evaluation."""
    session.run("evaluation_done", now=now)


def doubt_of_clock(session: Session, now: datetime) -> str | None:
    """Return why an instant is implausible, as a sentence; None if it is plausible.

    It is plausible within 31 days of the last evaluation, or of the newest data, whose instants come from another clock; and
    before the first evaluation, when there is nothing to compare with.
    """
    row = session.row(queries.EvaluationRow)
    known = [instant for instant in (row.evaluated_at, row.data_through) if instant]
    # Two witnesses: the last evaluation comes from this clock, the data's instants from Salesforce's.
    if row.evaluated_at is None or any(abs(now - instant) <= FAR for instant in known):
        return None
    nearest = min(known, key=lambda instant: abs(now - instant))
    return (
        f"The clock says {now:%Y-%m-%d %H:%M} UTC, {abs(now - nearest).days} days from the nearest instant known, "
        f"{nearest:%Y-%m-%d}: alerts and digests are held back until newer data is imported. Is the clock right?"
    )
