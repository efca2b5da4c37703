"""Issuing digests: once per team and week or month, however often somebody asks."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from core.alerts import NO_OUTLOOK, key_of, name_of, outbox, period_of
from core.digests.content import digest
from core.wallet.usage import period_start
from core.warehouse import queries

if TYPE_CHECKING:
    from datetime import date

    from core.alerts import DigestOutlook, Kind
    from core.answer import Answer
    from core.config import Team
    from core.context import Context
    from core.warehouse import Session


def is_issued(session: Session, context: Context, team: Team, kind: Kind, day: date) -> bool:
    """Whether the digest for the day's week or month was already issued.

    Earlier versions named each week by its day's ISO week, which differs if the week begins on Sunday.
    """
    calendar, name = context.config.period_calendar, name_of(team, kind)
    begins = datetime.combine(period_start(day, "week", calendar), time(), context.config.zone).astimezone(UTC)
    issued = {row.period: row.issued_at for row in session.rows(queries.DigestsIssuedRow) if row.name == name}
    by_iso_week = issued.get(period_of(kind, day))
    return period_of(kind, day, calendar) in issued or (kind == "weekly" and by_iso_week is not None and by_iso_week >= begins)


def issue_digest(  # noqa: PLR0913, PLR0917 - who gets what when
    session: Session, context: Context, team: Team, kind: Kind, now: datetime, outlook: DigestOutlook = NO_OUTLOOK
) -> Answer | None:
    """Queue a team's digest for each of its channels and return it; None if it was already issued in this period.

    Runs in the caller's transaction. context: for the team's day. Raises: InputError, while there is no usage to digest; then
    nothing is issued, and the call can be repeated.
    """
    period = period_of(kind, context.as_of, context.config.period_calendar)
    made = digest(session, context, team, kind, outlook)
    if is_issued(session, context, team, kind, context.as_of):
        return None
    if not session.run("issue_digest", digest_name=name_of(team, kind), period=period, now=now, headline=made.headline):
        return None
    for address in team.addresses:
        outbox.enqueue(session, outbox.OutboxMessage(key_of(team, kind, period), address, team.name, made), now)
    return made
