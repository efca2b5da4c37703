# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""The rejected rows, each with its place in the file and its original text."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.wallet.deliveries import STAGE
from core.wallet.ingest.tables import NULL_WORDS, TOTAL, Record, records
from core.wallet.ingest.values import bare_number, is_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.wallet.ingest.conversion import NormalizedTable
    from core.wallet.ingest.profiles import ProfileMatch
    from core.warehouse import Session, Value

MAX_TEXT = 10_000
MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row that was not imported. column_name: as the file heads it, empty if the whole row is at fault."""

    line: int
    column_name: str
    reason: str
    original_text: str
    cells: tuple[str, ...] = ()

    def value(self, headers: Sequence[str]) -> str:
        """Return the value at fault as delivered, cut short if it is long; empty if the whole row is at fault."""
        place = headers.index(self.column_name) if self.column_name in headers else len(self.cells)
        return self.cells[place].strip()[:MAX_SHOWN] if place < len(self.cells) else ""

    def as_row(self, import_id: int, file_name: str) -> tuple[Value, ...]:
        """Return the row of the table `rejects`."""
        cells = json.dumps(self.cells, ensure_ascii=False) if self.cells else ""
        return (import_id, file_name, self.line, self.column_name, self.reason, self.original_text[:MAX_TEXT], cells)


def rejected_rows(session: Session, prepared: NormalizedTable, match: ProfileMatch) -> Iterator[RejectedRow]:
    """Give the rows that could not be read, then the staged rows with a fault, each in the order of the file."""
    for record in prepared.faults:
        yield RejectedRow(record.line, "", record.fault, record.text, record.fields)
    faults: dict[int, str] = dict(
        session.execute(
            f"SELECT rowid - (SELECT min(rowid) FROM {STAGE}), fault FROM {STAGE} WHERE fault IS NOT NULL ORDER BY rowid"
        )
    )
    for place, row in _find_rows(prepared, faults):
        column, _, reason = faults[place].partition("|")
        yield RejectedRow(row.line, match.header(column), reason, row.text, row.fields)


def may_be_read(reject: RejectedRow, prepared: NormalizedTable, match: ProfileMatch) -> bool:
    """Whether the grammar for all locales reads the faulty value as a number, time or null word, or its row is not a row."""
    cells = next(csv.reader(io.StringIO(reject.original_text), delimiter="," if prepared.has_lines else prepared.delimiter), [])
    if reject.reason == "missing" or len(cells) != len(prepared.headers) or sum(1 for cell in cells if cell.strip()) <= 1:
        return True
    if any(TOTAL.fullmatch(cell.strip()) for cell in cells if cell):
        return True
    at_fault = {
        match.field_at(place).kind: cells[place] for place in match.places.values() if match.headers[place] == reject.column_name
    }
    return any(
        text.strip().lower() in NULL_WORDS or (bare_number(text) is not None if kind in {"number", "count"} else is_time(text))
        for kind, text in at_fault.items()
        if kind != "flag"
    )


def _find_rows(prepared: NormalizedTable, places: Iterable[int]) -> Iterator[tuple[int, Record]]:
    """Give the good rows at these places, counted from 0, as they were delivered."""
    wanted = iter(places)
    place = next(wanted, None)
    if place is None:
        return
    good = (r for r in records(prepared.path, prepared.delimiter, prepared.column_count) if not r.fault)
    for number, record in enumerate(good):
        if number == place:
            yield number, _as_delivered(prepared, record)
            place = next(wanted, None)
            if place is None:
                return


def _as_delivered(prepared: NormalizedTable, record: Record) -> Record:
    if not prepared.has_lines:
        return record
    line, cells = int(record.fields[0]), record.fields[1:]
    original = prepared.originals.get(line)
    if original:
        return Record(line, original.cells, "", original.text)
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return Record(line, tuple(cells), "", text.getvalue())
