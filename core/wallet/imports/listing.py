"""The imports of a wallet as an answer: what arrived when, what counts now, and what was undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.answer import Answer, Column, Figure, Note, Table, group_digits
from core.answer import day as shown_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, tzinfo

    from core.warehouse import Session

MAX_IMPORTS, MAX_UNDONE = 10_000, 5
COLUMNS = (
    Column("import_id", "No", "count"),
    Column("imported_on", "Imported", "day"),
    Column("file", "File", "text"),
    Column("profile", "Format", "text"),
    Column("rows_read", "Rows", "count"),
    Column("rows_rejected", "Rejected", "count"),
    Column("counted_credits", "Credits", "credits"),
    Column("imported_at", "Imported at", "instant", is_detail=True),
    Column("counted_rows", "Rows that count", "count", is_detail=True),
    Column("data_through", "Data through", "instant", is_detail=True),
    Column("replaced_from", "Replaces from", "day", is_detail=True),
    Column("replaced_to", "Replaces to", "day", is_detail=True),
)


def list_imports(session: Session, today: date, zone: tzinfo) -> Answer:
    """Return every import, newest first, with what now counts of it. zone: the zone of the days shown."""
    rows = session.query("imports_listed", most_rows=MAX_IMPORTS)
    undone = session.query("undone_imports_listed", most_rows=MAX_UNDONE)
    return Answer(
        question="imports",
        title="Imports",
        headline=_headline(len(rows), len(undone)),
        as_of=today,
        figures=(Figure("imports", "Imports", Decimal(len(rows)), "count"),),
        tables=(Table("imports", "Imports, newest first", COLUMNS, tuple(_row(row, zone) for row in rows)),) if rows else (),
        notes=tuple(_notes(rows, undone)),
    )


def _headline(count: int, undone: int) -> str:
    if not count:
        return "Everything was taken back." if undone else "Nothing has been imported yet: agentcost import FILE."
    return "1 import." if count == 1 else f"{group_digits(count)} imports."


def _row(row: Mapping[str, Any], zone: tzinfo) -> tuple[Any, ...]:
    counts = (Decimal(row["rows_read"]), Decimal(row["rows_rejected"]), row["counted_credits"])
    details = (row["imported_at"], Decimal(row["counted_rows"]), row["data_through"], row["replaced_from"], _last_day(row))
    return (
        Decimal(row["import_id"]),
        row["imported_at"].astimezone(zone).date(),
        row["file_name"],
        row["profile"],
        *counts,
        *details,
    )


def _last_day(row: Mapping[str, Any]) -> date | None:
    after: date | None = row["replaced_to"]
    return after - timedelta(days=1) if after else None


def _notes(rows: list[dict[str, Any]], undone: list[dict[str, Any]]) -> Iterator[Note]:
    if rows:
        yield Note(
            "assumption",
            "Credits: what now counts of each import. What several deliver counts for the one with the newest data.",
        )
    if folded := [str(row["import_id"]) for row in reversed(rows) if row["is_folded"]]:
        yield Note(
            "assumption",
            f"Old rows of imports {', '.join(folded)} are folded into sums: these imports can no longer be taken back.",
        )
    for row in rows:
        if row["replaced_from"]:
            days = f"{shown_day(row['replaced_from'])} to {shown_day(_last_day(row) or row['replaced_from'])}"
            yield Note(
                "assumption",
                f"Import {row['import_id']} is authoritative for {days}: what others say of its cards then does not count.",
            )
    for row in undone:
        yield Note(
            "assumption", f"Import {row['import_id']} ({row['file_name']}) was taken back on {_at(row)} by {row['undone_by']}."
        )


def _at(row: Mapping[str, Any]) -> str:
    at: datetime = row["undone_at"].astimezone(UTC)
    return f"{at:%Y-%m-%d %H:%M} UTC"
