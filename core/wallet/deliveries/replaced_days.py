"""Days of which one file is the truth: what other imports say of them does not count, whichever came first.

A correction downwards looks like an older row, so it must be said that a file replaces what is known. It does for the cards that
it has rows of, in events, hours and days alike, and for one agent where that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.warehouse import Session

USAGE_TABLES = ("usage_events", "usage_hours", "usage_days")
BEGINS = {
    "usage_events": "{row}.event_time",
    "usage_hours": "{row}.hour_start",
    "usage_days": "CAST({row}.day AS TIMESTAMP)",
    "ai_usage": "{row}.event_time",
}
CARDS = {"usage_events": "coalesce({row}.card_definition, {row}.card_name)", "usage_hours": "{row}.card_definition"}
AGENTS = {"usage_events": "root_resource", "ai_usage": "agent"}


@dataclass(frozen=True, slots=True)
class ReplacedDays:
    """What a file is said to be the truth of: whole days, and one agent; an empty agent means all."""

    first_day: date
    last_day: date
    agent: str = ""

    @property
    def day_after_last(self) -> date:
        """The first day that is not replaced."""
        return self.last_day + timedelta(days=1)


def plain_sql(text: str) -> str:
    """Return SQL for a name without case, spaces, underscores and hyphens."""
    return f"lower(regexp_replace({text}, '[\\s_\\-]+', '', 'g'))"


def card_sql(table: str, row: str, default_card: str) -> str:
    """Return SQL for the card that a row names, in plain letters; empty for a table whose rows name none."""
    if table == "ai_usage":
        return "''"
    named = CARDS.get(table, "{row}.card_definition").format(row=row)
    return f"coalesce({plain_sql(named)}, {default_card})"


def covers_sql(table: str, row: str, replaced: str) -> str:
    """Return SQL for whether replaced days cover a row; empty for tables whose rows are not of days."""
    if table not in BEGINS:
        return ""
    begins = BEGINS[table].format(row=row)
    ends = f"{begins} + INTERVAL 1 DAY <= {replaced}.ends_at" if table == "usage_days" else f"{begins} < {replaced}.ends_at"
    agent = plain_sql(f"coalesce({row}.{AGENTS[table]}, '')") if table in AGENTS else "''"
    tables = ", ".join(f"'{name}'" for name in (USAGE_TABLES if table in USAGE_TABLES else (table,)))
    return (
        f"{replaced}.table_name IN ({tables}) AND {begins} >= {replaced}.begins_at AND {ends}"
        f" AND {replaced}.card = {card_sql(table, row, f'{replaced}.default_card')}"
        f" AND ({replaced}.agent = '' OR {replaced}.agent = {agent})"
    )


def masked_sql(session: Session, table: str, row: str, import_id: int) -> str:
    """Return SQL for whether another import than this one was said to be the truth for a row's day."""
    covers = covers_sql(table, row, "r")
    if not covers or not session.value("SELECT count(*) FROM replaced_days"):
        return "false"
    return f"EXISTS (SELECT 1 FROM replaced_days AS r WHERE {covers} AND r.import_id <> {import_id:d})"  # noqa: S608 -- a number
