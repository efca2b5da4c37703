"""Who asked, imported, acknowledged or changed what, when and from where; kept for so many days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.database import Session

What = Literal["asked", "imported", "undone", "acknowledged", "snoozed", "changed"]
Outcome = Literal["answered", "refused", "broken"]


class QuestionEvent(NamedTuple):
    """A question that a surface heard; refused means that the asker can put it right. seconds: until its answer.

    is_miss: whether it was not understood, and the team keeps such questions. surface: formulas or MCP.
    """

    who: str
    question: str
    outcome: Outcome
    reads_wallet: bool
    seconds: float
    is_miss: bool = False
    surface: str = "formulas"


class AuditEntry(NamedTuple):
    """One thing that somebody did. about: a question, file, key or setting; source: command line, Slack, formulas or service."""

    at: datetime
    who: str
    what: What
    about: str
    source: str


def append(session: Session, deed: AuditEntry) -> None:
    """Write a deed down, in the transaction that does it."""
    session.run("insert_audit", **deed._asdict())


def deeds(session: Session) -> list[AuditEntry]:
    """Return what is written down, newest first."""
    return [AuditEntry(**row) for row in session.query("audit_trail")]


def prune(session: Session, now: datetime, keep_days: int, elapsed: timedelta = timedelta()) -> int:
    """Delete what is older than so many days, and return how much there was; a clock that is wrong deletes nothing.

    An instant that lies beyond the newest one stored counts as that one. Beyond what the data's own instants, which come
    from another clock, call old, no more goes than what is as old as the oldest deed and what has elapsed since the last
    pruning. elapsed: by a monotonic clock; none where that is not known.
    """
    row = session.query("audit_extent")[0]
    if row["oldest"] is None:
        return 0
    kept = timedelta(days=keep_days)
    by_data = row["data_through"] - kept if row["data_through"] else row["oldest"]
    return session.run("prune_audit", before=min(now - kept, row["newest"] - kept, max(by_data, row["oldest"] + elapsed)))
