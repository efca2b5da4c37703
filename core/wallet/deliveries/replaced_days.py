"""Days for which one file is authoritative: other imports of them do not count, whichever came first.

A downward correction looks like an older row, so the user must state that a file replaces what is known. It does so for the cards
that it has rows of, in events, hours and days alike, and for one agent if one is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.records import NamedTuple
from core.wallet.export_tables import ROLLED_UP, TABLES

if TYPE_CHECKING:
    from datetime import tzinfo

    from core.warehouse import Session, Value


@dataclass(frozen=True, slots=True)
class ReplacedDays:
    """What a file is declared authoritative for: whole days, and one agent; an empty agent means all."""

    first_day: date
    last_day: date
    agent: str = ""

    @property
    def day_after_last(self) -> date:
        """The first day that is not replaced."""
        return self.last_day + timedelta(days=1)


class DayBounds(NamedTuple):
    """How days and cards are read: the team's time zone, and the card of rows that name none."""

    time_zone: tzinfo
    default_card: str

    def instants(self, table: str, replaced: ReplacedDays) -> tuple[datetime, datetime]:
        """Return when replaced days begin and end: daily rows in UTC, as the wallet does, others in the team's zone."""
        zone = self.time_zone if TABLES[table].is_day_local else UTC
        first, after = (
            datetime.combine(day, time(), zone).astimezone(UTC) for day in (replaced.first_day, replaced.day_after_last)
        )
        return first, after


def plain_text(name: str) -> str:
    """Return a name without case, spaces, underscores and hyphens, as `plain_sql` does."""
    return re.sub(r"[\s_\-]+", "", name).lower()


def plain_sql(text: str) -> str:
    """Return SQL for a name without case, spaces, underscores and hyphens."""
    return f"lower(regexp_replace({text}, '[\\s_\\-]+', '', 'g'))"


def card_sql(table: str, row: str, default_card: str) -> str:
    """Return SQL for the card that a row names, in plain letters; empty for a table whose rows name none."""
    if not TABLES[table].card:
        return "''"
    named = TABLES[table].card.format(row=row)
    return f"coalesce({plain_sql(named)}, {default_card})"


def covers_sql(table: str, row: str, replaced: str) -> str:
    """Return SQL for whether replaced days cover a row; empty for tables whose rows are not of days."""
    known = TABLES[table]
    if not known.begins:
        return ""
    begins = known.begins.format(row=row)
    ends = f"{begins} + INTERVAL 1 DAY <= {replaced}.ends_at" if known.grain == "day" else f"{begins} < {replaced}.ends_at"
    agent = plain_sql(f"coalesce({row}.{known.agent}, '')") if known.agent else "''"
    tables = ", ".join(f"'{name}'" for name in (ROLLED_UP if known.grain else (table,)))
    return (
        f"{replaced}.table_name IN ({tables}) AND {begins} >= {replaced}.begins_at AND {ends}"
        f" AND {replaced}.card = {card_sql(table, row, f'{replaced}.default_card')}"
        f" AND ({replaced}.agent = '' OR {replaced}.agent = {agent})"
    )


def masked_sql(session: Session, table: str, row: str, import_id: int) -> str:
    """Return SQL for whether another import was declared authoritative for a row's day."""
    covers = covers_sql(table, row, "r")
    if not covers or not session.value("SELECT count(*) FROM replaced_days"):
        return "false"
    return f"EXISTS (SELECT 1 FROM replaced_days AS r WHERE {covers} AND r.import_id <> {import_id:d})"  # noqa: S608 -- a number


def claim_days(session: Session, import_id: int, table: str, replaced: ReplacedDays, bounds: DayBounds) -> None:
    """Record that an import is authoritative for days, for every card that its staged rows of these days name."""
    begins_at, ends_at = bounds.instants(table, replaced)
    default = plain_text(bounds.default_card)
    values: dict[str, Value] = {
        "import_id": import_id,
        "table_name": table,
        "first_day": replaced.first_day,
        "day_after_last": replaced.day_after_last,
        "begins_at": begins_at,
        "ends_at": ends_at,
        "default_card": default,
        "agent": plain_text(replaced.agent),
    }
    for card in _cards_in(session, table, replaced, bounds):
        session.run("claim_days", card=card, **values)


def _cards_in(session: Session, table: str, replaced: ReplacedDays, bounds: DayBounds) -> list[str]:
    """Return the names of the cards of the staged rows in the days, in plain letters, with all other names of these cards."""
    named = card_sql(table, "s", f"'{plain_text(bounds.default_card)}'")
    begins_at, ends_at = bounds.instants(table, replaced)
    row = TABLES[table].begins.format(row="s")
    found = session.execute(
        f"WITH named AS (SELECT DISTINCT {named} AS card FROM incoming AS s"  # noqa: S608 -- names of columns are ours
        f" WHERE s.fault IS NULL AND {row} >= $begins_at AND {row} < $ends_at),"
        f" spelled AS (SELECT {plain_sql('spelling')} AS plain, card FROM cards)"
        " SELECT card FROM named UNION SELECT o.plain FROM named AS n JOIN spelled AS s ON s.plain = n.card"
        " JOIN spelled AS o ON o.card = s.card ORDER BY 1",
        {"begins_at": begins_at, "ends_at": ends_at},
    )
    return [str(card) for (card,) in found]


def replaced_days_of(session: Session, import_id: int) -> ReplacedDays | None:
    """Return what an import is authoritative for; None if nothing was declared."""
    rows = session.query("replaced_days_of", import_id=import_id)
    return ReplacedDays(rows[0]["first_day"], rows[0]["day_after_last"] - timedelta(days=1), rows[0]["agent"]) if rows else None
