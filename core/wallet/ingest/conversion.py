# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""Workbooks, JSON and Parquet as a plain CSV in the spool; its first column is the row's place in the original."""

from __future__ import annotations

import csv
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineError, CalamineWorkbook

from core.errors import ExportError
from core.wallet.ingest.csv_text import MAX_COLUMNS, Record, delimiter_and_headers, readable_text, records
from core.wallet.ingest.profiles import PROFILES, match
from core.warehouse import StatementError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from core.wallet.ingest.source_file import SourceFile
    from core.warehouse import Session

MAX_JSON_BYTES = 256 * 1024**2
MAX_JSON_LINE = 16 * 1024**2
MAX_CELLS = 60_000_000
HEADER_WITHIN_ROWS = 30
CELL = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
SEARCH_BYTES = 1024 * 1024
EXACT_BELOW = 1e15  # floats of whole numbers are exact below


@dataclass(frozen=True, slots=True)
class NormalizedTable:
    """A table ready to be read: UTF-8 CSV in the spool.

    has_lines: the first column of the file, not counted in `headers`, is the row's line in the original.
    is_typed: numbers were numbers in the original, so there is no decimal mark to decide.
    faults: rows that could not be read at all.
    """

    name: str
    path: Path
    delimiter: str
    headers: tuple[str, ...]
    has_lines: bool = False
    is_typed: bool = False
    faults: tuple[Record, ...] = field(default=())

    @property
    def column_count(self) -> int:
        """How many columns the file in the spool has."""
        return len(self.headers) + self.has_lines


def prepare(delivered: SourceFile, spool: Path, session: Session | None, most_bytes: int) -> NormalizedTable:
    """Return the delivered file as a table of text; Parquet is read by a session only.

    Raises: ExportError, if it cannot be read as one.
    """
    if delivered.kind == "xlsx":
        return _from_workbook(delivered, spool, most_bytes)
    if delivered.kind == "json":
        return _from_json(delivered, spool)
    if delivered.kind == "parquet" and session is None:
        raise ExportError(f"{delivered.name} is a Parquet file; save it as CSV or XLSX.")
    if delivered.kind == "parquet" and session:
        return _from_parquet(delivered, spool, session, most_bytes)
    path = readable_text(delivered.name, delivered.path, spool)
    delimiter, headers = delimiter_and_headers(delivered.name, path)
    return NormalizedTable(delivered.name, path, delimiter, headers)


def without_broken_rows(prepared: NormalizedTable, spool: Path) -> NormalizedTable:
    """Return the table with only its well-formed rows in it, and the others as faults."""
    faults: list[Record] = []
    found = records(prepared.path, prepared.delimiter, prepared.column_count)
    rows = ((record.line, *record.fields) for record in _keep_good(found, faults))
    target = _write(spool / f"{prepared.path.name}-good", prepared.headers, rows)
    return replace(prepared, path=target, delimiter=",", has_lines=True, faults=tuple(faults))


def _keep_good(found: Iterable[Record], faults: list[Record]) -> Iterator[Record]:
    for record in found:
        if record.fault:
            faults.append(record)
        else:
            yield record


def _write(target: Path, headers: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    """Write rows as CSV; a line break in a quoted value, of whatever kind, stays in it, and half a sign becomes `?`."""
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(("line", *headers))
        writer.writerows(rows)
    return target


def _convert(delivered: SourceFile, spool: Path, headers: tuple[str, ...], rows: Iterable[Iterable[object]]) -> NormalizedTable:
    if len(headers) > MAX_COLUMNS:
        raise ExportError(f"{delivered.name} has {len(headers):,} columns; I take {MAX_COLUMNS:,} at most.")
    headers = tuple(header.encode(errors="replace").decode() for header in headers)
    target = _write(spool / f"{delivered.path.name}-csv", headers, rows)
    return NormalizedTable(delivered.name, target, ",", headers, has_lines=True, is_typed=True)


# Workbooks


def _from_workbook(delivered: SourceFile, spool: Path, most_bytes: int) -> NormalizedTable:
    _require_honest_workbook(delivered, most_bytes)
    rows = _sheet_rows(delivered)
    place = max(range(min(len(rows), HEADER_WITHIN_ROWS)), key=lambda row: _count_known_columns(rows[row]), default=None)
    if place is None:
        raise ExportError(f"{delivered.name} is a workbook without a filled cell.")
    headers = tuple(map(_as_text, rows[place]))
    clocked = {nth for row in rows[place + 1 :] for nth, cell in enumerate(row) if isinstance(cell, datetime)}
    filled = (
        (number, *(_clock_text(cell) if nth in clocked else _as_text(cell) for nth, cell in enumerate(row)))
        for number, row in enumerate(rows[place + 1 :], start=place + 2)
        if any(cell != "" for cell in row)
    )
    return _convert(delivered, spool, headers, filled)


def _sheet_rows(delivered: SourceFile) -> list[list[Any]]:
    """Return the rows of the sheet that knows most of the wallet's columns, from its first row on."""
    try:
        workbook = CalamineWorkbook.from_path(str(delivered.path))
        sheets = [workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names]
    except (CalamineError, OSError, ValueError) as trouble:
        raise ExportError(f"{delivered.name} is a damaged workbook: {_hide_paths(trouble, delivered)}.") from trouble
    return max(sheets, key=lambda rows: max(map(_count_known_columns, rows[:HEADER_WITHIN_ROWS]), default=-1), default=[])


def _count_known_columns(row: Iterable[object]) -> int:
    headers = [_as_text(cell) for cell in row]
    return max(len(match(profile, headers).places) for profile in PROFILES)


def _require_honest_workbook(delivered: SourceFile, most_bytes: int) -> None:
    """Refuse a workbook that expands beyond the limit, or whose few cells span a vast sheet."""
    size = 0
    try:
        with zipfile.ZipFile(delivered.path) as archive:
            for member in archive.infolist():
                with archive.open(member) as file:
                    size += _measure_entry(delivered.name, iter(partial(file.read, SEARCH_BYTES), b""), most_bytes - size)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as trouble:
        raise ExportError(f"{delivered.name} is a damaged workbook: {trouble}.") from trouble


def _measure_entry(name: str, chunks: Iterator[bytes], most_bytes: int) -> int:
    size = last_row = last_column = 0
    tail = b""
    for chunk in chunks:
        size += len(chunk)
        for letters, digits in CELL.findall(tail + chunk):
            last_row, last_column = max(last_row, int(digits)), max(last_column, _column_number(letters))
        tail = chunk[-32:]
        if size > most_bytes:
            raise ExportError(_too_large(name))
        if last_row * last_column > MAX_CELLS:
            raise ExportError(
                f"{name} spans {last_row:,} rows and {last_column:,} columns, more than I take from a workbook. Save it as CSV."
            )
    return size


def _too_large(name: str) -> str:
    return f"{name} expands to more than wallet.max_expanded_bytes allows. If it is what it should be, raise that limit."


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _as_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < EXACT_BELOW else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _clock_text(cell: object) -> str:
    """Return the text of a cell in a column of times, where a date is a time too: midnight is read as a date."""
    return f"{cell.isoformat()} 00:00:00" if isinstance(cell, date) and not isinstance(cell, datetime) else _as_text(cell)


# JSON


def _from_json(delivered: SourceFile, spool: Path) -> NormalizedTable:
    if _is_json_lines(delivered.path):
        return _from_json_lines(delivered, spool)
    rows = _find_rows(_whole_document(delivered))
    if not rows:
        raise ExportError(f"{delivered.name} is JSON without a list of rows in it.")
    headers = _keys(rows)
    numbered = ((number, *_cells(row, headers)) for number, row in enumerate(rows, start=1))
    return _convert(delivered, spool, headers, numbered)


def _is_json_lines(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        filled = (line for line in iter(lambda: file.readline(MAX_JSON_LINE), "") if line.strip())
        first, second = next(filled, ""), next(filled, "")
    return bool(second) and isinstance(_parse_json(first), dict)


def _parse_json(text: str) -> object:
    """Return the value of a JSON text, its numbers as the text they are; None if it is not JSON."""
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def _whole_document(delivered: SourceFile) -> object:
    if delivered.path.stat().st_size > MAX_JSON_BYTES:
        raise ExportError(
            f"{delivered.name} is one JSON document of over {MAX_JSON_BYTES:,} bytes. Export JSON lines, Parquet or CSV instead."
        )
    document = _parse_json(delivered.path.read_text(encoding="utf-8-sig", errors="replace"))
    if document is None:
        raise ExportError(f"{delivered.name} looks like JSON but is broken, perhaps cut off. Export it again.")
    return document


def _find_rows(document: object) -> list[dict[str, Any]]:
    """Return the list of objects in the document that are the rows; a document may also be one row itself.

    That of cards if there is one; else the one with most of the wallet's columns; of those alike one that lies in no
    other one's rows, and the longest.
    """
    lists = list(_lists_of_objects(document))
    if isinstance(document, dict) and _count_known_keys([document]):
        lists.append(("", [document], False))
    cards = [rows for key, rows, _ in lists if key == "cards"]
    if cards:
        return cards[0]
    return max(
        (found[1:] for found in lists),
        key=lambda found: (_count_known_keys(found[0]), not found[1], len(found[0])),
        default=([],),
    )[0]


def _lists_of_objects(document: object) -> Iterator[tuple[str, list[dict[str, Any]], bool]]:
    """Give each list of objects with its key, and whether it lies in one of several objects of a list."""
    pending: list[tuple[str, object, bool]] = [("", document, False)]
    while pending:
        name, value, is_inner = pending.pop()
        if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
            yield name, value, is_inner
        children: Iterable[tuple[str, object]] = (
            value.items() if isinstance(value, dict) else ((name, entry) for entry in value) if isinstance(value, list) else ()
        )
        is_inner = is_inner or (isinstance(value, list) and len(value) > 1)
        pending.extend((str(child), inner, is_inner) for child, inner in children if isinstance(inner, dict | list))


def _count_known_keys(rows: Iterable[Mapping[str, object]]) -> int:
    """Return how many of the wallet's columns the rows have; one alone, such as an id, says nothing."""
    return _count_known_of(_keys(rows))


@lru_cache(maxsize=64)
def _count_known_of(keys: tuple[str, ...]) -> int:
    known = _count_known_columns(keys)
    return known if known > 1 else 0


def _keys(rows: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(rows)))


def _cells(row: Mapping[str, object], headers: Iterable[str]) -> Iterator[str]:
    return (_json_cell(row.get(header)) for header in headers)


def _json_cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _from_json_lines(delivered: SourceFile, spool: Path) -> NormalizedTable:
    headers = _keys(row for _, row, _ in _json_lines(delivered) if row is not None)
    faults = tuple(Record(line, (), "it is not a JSON object", text) for line, row, text in _json_lines(delivered) if row is None)
    rows = ((line, *_cells(row, headers)) for line, row, _ in _json_lines(delivered) if row is not None)
    return replace(_convert(delivered, spool, headers, rows), faults=faults)


def _json_lines(delivered: SourceFile) -> Iterator[tuple[int, dict[str, Any] | None, str]]:
    with delivered.path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, text in enumerate(iter(lambda: file.readline(MAX_JSON_LINE), ""), start=1):
            if text.strip():
                row = _parse_json(text)
                yield number, row if isinstance(row, dict) else None, text.rstrip("\n")


# Parquet


def _from_parquet(delivered: SourceFile, spool: Path, session: Session, most_bytes: int) -> NormalizedTable:
    source, target = str(delivered.path), spool / f"{delivered.path.name}-csv"
    try:
        size = session.value("SELECT sum(total_uncompressed_size) FROM parquet_metadata($source)", {"source": source})
        if (size or 0) > most_bytes:
            raise ExportError(_too_large(delivered.name))
        described = session.execute(
            "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($source))", {"source": source}
        )
        columns = ", ".join(_parquet_cell(name, kind) for name, kind in described)
        rows = f"SELECT row_number() OVER () AS line, {columns} FROM read_parquet({_literal(source)})"
        session.execute(f"COPY ({rows}) TO {_literal(str(target))} (FORMAT csv, HEADER)")
    except StatementError as trouble:
        raise ExportError(f"{delivered.name} is a damaged Parquet file: {_hide_paths(trouble, delivered)}") from trouble
    headers = tuple(str(name) for name, _ in described)
    return NormalizedTable(delivered.name, target, ",", headers, has_lines=True, is_typed=True)


def _hide_paths(trouble: Exception, delivered: SourceFile) -> str:
    """Return the words of a library without our own path to the file: they are read by whoever shared it."""
    return str(trouble).replace(str(delivered.path), delivered.name)


def _parquet_cell(name: str, kind: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    is_nested = kind.endswith("]") or kind.startswith(("STRUCT", "MAP"))
    return f"to_json({column})" if is_nested else f"CAST({column} AS VARCHAR)"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
