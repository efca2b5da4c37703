"""How an import would read a file, without importing it."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Figure, Note, Table, group_digits
from core.wallet.ingest.recognition import ImportPlan, recognize
from core.wallet.ingest.rejects import rejected_rows
from core.wallet.ingest.source_file import deliveries_in
from core.wallet.ingest.tables import records
from core.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer import Value
    from core.config import WalletSettings
    from core.wallet.ingest.rejects import RejectedRow
    from core.warehouse import Session

MAX_EXAMPLE = 60
REJECT_COLUMNS = (
    Column("reason", "Reason", "text"),
    Column("column", "Column", "text"),
    Column("rows", "Rows", "count"),
    Column("file", "File", "text"),
    Column("first_line", "First line", "count"),
)
KIND_WORDS = {
    "text": "text",
    "number": "exact number",
    "instant": "instant, UTC",
    "day": "day",
    "count": "whole number",
    "flag": "true or false",
}


def explain_file(path: str | Path, settings: WalletSettings) -> Answer:
    """Return what the file, or each file in an archive, is recognised as, and how its columns are read.

    Figures: rows_read, rows_rejected. Tables: columns (a row per column of the file), and rejects where there are any.
    Raises: ExportError, exactly when importing it would.
    """
    with (
        tempfile.TemporaryDirectory(prefix="agentcost-") as folder,
        open_warehouse(Path(folder) / "explain.duckdb") as warehouse,
        warehouse.spool() as spool,
        warehouse.reading() as session,
    ):
        explained = [
            _explain(session, plan)
            for delivered in deliveries_in(Path(path), spool, settings.max_expanded_bytes)
            for plan in recognize(session, delivered, spool, settings)
        ]
    return _answer(str(path), explained)


class _Explained:
    """One recognised file, as far as the answer needs it."""

    def __init__(self, plan: ImportPlan, column_rows: list[tuple[Value, ...]], rejects: list[RejectedRow]) -> None:
        self.plan = plan
        self.column_rows = column_rows
        self.rejects = rejects


def _explain(session: Session, plan: ImportPlan) -> _Explained:
    rejects = list(rejected_rows(session, plan.prepared, plan.match))
    return _Explained(plan, list(_column_rows(plan)), rejects)


def _column_rows(plan: ImportPlan) -> list[tuple[Value, ...]]:
    prepared, match = plan.prepared, plan.match
    first = next(
        (
            r.fields[prepared.has_lines :]
            for r in records(prepared.path, prepared.delimiter, prepared.column_count)
            if not r.fault
        ),
        (),
    )
    columns = {place: column for column, place in match.places.items()}
    rows: list[tuple[Value, ...]] = []
    for place, header in enumerate(match.headers):
        column = columns.get(place, "")
        kind = KIND_WORDS[match.profile.field(column).kind] if column else "kept as it is"
        example = first[place][:MAX_EXAMPLE] if place < len(first) else ""
        rows.append((header, column, kind, example, prepared.name))
    return rows


def _answer(path: str, explained: list[_Explained]) -> Answer:
    columns = ("header", "Header"), ("field", "Read as"), ("kind", "Kind"), ("example", "First value"), ("file", "File")
    tables = (
        Table(
            "columns",
            "Columns",
            tuple(Column(key, label, "text") for key, label in columns),
            tuple(r for e in explained for r in e.column_rows),
        ),
        Table("rejects", "Rows that cannot be read", REJECT_COLUMNS, tuple(_reject_rows(explained))),
    )
    return Answer(
        question=f"import --explain {path}",
        title="How an import would read it",
        headline=" ".join(_sentence(entry) for entry in islice(explained, 3)),
        as_of=datetime.now(UTC).date(),
        figures=(
            Figure("rows_read", "Rows", Decimal(sum(e.plan.rows_read for e in explained)), "count"),
            Figure("rows_rejected", "Rows that cannot be read", Decimal(sum(len(e.rejects) for e in explained)), "count"),
        ),
        tables=tuple(table for table in tables if table.rows),
        notes=tuple(
            Note("assumption", f"{e.plan.prepared.name}: {sentence}")
            for e in explained
            for sentence in e.plan.reading.sentences()
        ),
    )


def _reject_rows(explained: list[_Explained]) -> Iterator[tuple[Value, ...]]:
    """Yield how many rows each reason rejected, and the first of them."""
    rejects = Counter((e.plan.prepared.name, r.column_name, r.reason) for e in explained for r in e.rejects)
    first_lines = {(e.plan.prepared.name, r.column_name, r.reason): r.line for e in explained for r in reversed(e.rejects)}
    for key, count in sorted(rejects.items()):
        yield key[2], key[1], Decimal(count), key[0], Decimal(first_lines[key])


def _sentence(entry: _Explained) -> str:
    plan = entry.plan
    counts = f"{group_digits(len(entry.rejects))} of them cannot be read" if entry.rejects else "all of which can be read"
    return f"{plan.prepared.name} is {plan.match.profile.title}: {group_digits(plan.rows_read)} rows, {counts}."
