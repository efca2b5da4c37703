# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""Workbooks, JSON and Parquet as a plain CSV in the spool; its first column is the row's place in the original."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from core.answer import group_digits
from core.errors import ExportError
from core.records import NamedTuple
from core.wallet.export_tables import normal_header
from core.wallet.ingest.profiles import PROFILES, known_columns, match
from core.wallet.ingest.tables import (
    DELIMITERS,
    MAX_COLUMNS,
    MIN_IN_HEADER,
    TOTAL,
    Grid,
    Record,
    cell_text,
    clean_table,
    decode_again,
    delimiter_and_headers,
    find_double_encoding,
    find_header,
    find_tables,
    keys_of,
    looks_like_web_page,
    matches_exactly,
    readable_text,
    records,
    signs_of_more,
    split_grid,
    table_rows,
    undo_double_encoding,
)
from core.wallet.ingest.values import bare_number
from core.wallet.ingest.values import file_reasons as reasons
from core.warehouse import StatementError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from core.config.wallet import WalletSettings
    from core.wallet.ingest.source_file import SourceFile
    from core.wallet.ingest.tables import Cleaned, Original, ReadableText
    from core.warehouse import Session

MAX_JSON_BYTES = 256 * 1024**2
MAX_JSON_LINE = 16 * 1024**2
MAX_CELLS = 60_000_000
LINES_LOOKED_AT = 60
RARE_DELIMITERS = ("^", "~", "\x01", "\x1f")
TAIL_BYTES = 16 * 1024
MAX_SHEET_BYTES = 512 * 1024**2
NEVER_CALCULATED = re.compile(rb"""<c r="([A-Z]+\d+)"[^>]*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>""")
CELL = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
SEARCH_BYTES = 1024 * 1024
EXACT_BELOW = 1e15  # floats of whole numbers are exact below this


@dataclass(frozen=True, slots=True)
class NormalizedTable:
    """A table ready to be read: UTF-8 CSV in the spool.

    has_lines: the first column of the file, not counted in `headers`, is the row's line in the original.
    is_typed: numbers were numbers in the original, so there is no decimal mark to decide. is_of_days: its times of use are days.
    faults: rows that could not be read at all. originals: rows with an unreadable value as delivered, by line.
    readings, notes, doubts: how it was cleaned, what was left out, and why its figures may be incomplete.
    total: the cells of a total row below the table, which was left out.
    """

    name: str
    path: Path
    delimiter: str
    headers: tuple[str, ...]
    has_lines: bool = False
    is_typed: bool = False
    is_of_days: bool = False
    faults: tuple[Record, ...] = field(default=())
    readings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    originals: Mapping[int, Original] = field(default_factory=dict)

    @property
    def column_count(self) -> int:
        """How many columns the file in the spool has."""
        return len(self.headers) + self.has_lines


def prepare_quickly(
    delivered: SourceFile, spool: Path, session: Session | None, settings: WalletSettings
) -> NormalizedTable | None:
    """Return the file as a table that DuckDB can read as it is; None, if it needs cleaning first.

    Raises: ExportError, if it cannot be read at all.
    """
    if delivered.kind == "parquet":
        return _from_parquet(delivered, spool, _require_session(delivered, session), settings.max_expanded_bytes)
    if delivered.kind == "json":
        text = readable_text(delivered.name, delivered.path, spool, settings.encoding, is_lined=False)
        unicode = replace(delivered, path=text.path)
        return _read_as(text, _from_json_lines(unicode, spool)) if _is_json_lines(text.path) else None
    return _quick_text(delivered, spool, settings) if delivered.kind == "csv" else None


def _quick_text(delivered: SourceFile, spool: Path, settings: WalletSettings) -> NormalizedTable | None:
    text = readable_text(delivered.name, delivered.path, spool, settings.encoding)
    path = text.path
    if _is_web_page(path):
        return None
    delimiter, headers = delimiter_and_headers(delivered.name, path)
    is_plain = known_columns(headers, settings) >= MIN_IN_HEADER and matches_exactly(delivered.name, headers, settings)
    footer = _footer(path, delimiter, len(headers)) if is_plain else None
    if footer is None:
        return None
    notes = (f"{group_digits(footer.rows)} {'line' if footer.rows == 1 else 'lines'} of text left out.",) if footer.rows else ()
    if footer.total:
        notes = (*notes, "1 total left out.")
    if notes:
        path = _copy_start(path, spool / f"{path.name}-without-footer", footer.starts_at)
    return _read_as(text, NormalizedTable(delivered.name, path, delimiter, headers, notes=notes, total=footer.total))


def _read_as(text: ReadableText, table: NormalizedTable) -> NormalizedTable:
    """Return a table with notes on how its text was read."""
    return replace(
        table,
        readings=(*filter(None, [text.reading]), *table.readings),
        doubts=(*filter(None, [text.doubt]), *table.doubts),
    )


def _decode_table(table: NormalizedTable, spool: Path) -> NormalizedTable:
    """Return a table with double-encoded names repaired."""
    text = undo_double_encoding(table.path, spool)
    headers = tuple(decode_again(header, text.taken_for) for header in table.headers) if text.taken_for else table.headers
    return _read_as(text, replace(table, path=text.path, headers=headers))


def _decode_grid(grid: Grid) -> Grid:
    """Return a grid with double-encoded names repaired, as for a table."""
    found = find_double_encoding(field for record in grid.rows() for field in record.fields)
    if found is None:
        return grid
    if not found.is_certain:
        return replace(grid, doubt=" ".join(filter(None, [grid.doubt, found.sentence])))

    def rows() -> Iterator[Record]:
        for record in grid.rows():
            fields = tuple(decode_again(field, found.codec) for field in record.fields)
            yield replace(record, fields=fields, text=decode_again(record.text, found.codec))

    return replace(grid, rows=rows, reading=" ".join(filter(None, [grid.reading, found.sentence])))


def prepare(delivered: SourceFile, spool: Path, most_bytes: int) -> NormalizedTable:
    """Return the first table of a file from any system, such as a help desk's; its first row is the header.

    Raises: ExportError, if it cannot be read as one, or only by a session, as Parquet.
    """
    if delivered.kind == "csv":
        path = readable_text(delivered.name, delivered.path, spool, None).path
        if not _is_web_page(path):
            delimiter, headers = delimiter_and_headers(delivered.name, path)
            return NormalizedTable(delivered.name, path, delimiter, headers)
    grid = next(_grids(delivered, spool, None, most_bytes, None), None)
    if grid is None:
        raise ExportError(f"{delivered.name} is a workbook without a filled cell.")
    rows = grid.rows()
    header = next(rows)
    return _convert(delivered, spool, header.fields, ((record.line, *record.fields) for record in rows))


def find_grids(delivered: SourceFile, spool: Path, session: Session, settings: WalletSettings) -> Iterator[Grid]:
    """Yield the sheets, lists and texts of a file as rows, whatever they contain. Raises: ExportError, if it cannot be read."""
    yield from _grids(delivered, spool, session, settings.max_expanded_bytes, settings.encoding)


def prepare_tables(
    delivered: SourceFile, spool: Path, session: Session, settings: WalletSettings
) -> tuple[list[NormalizedTable], list[str]]:
    """Return the tables of a file, each cleaned, and a note on what was left unread.

    Raises: ExportError, if it has no wallet table.
    """
    grids = [table for grid in find_grids(delivered, spool, session, settings) for table in split_grid(grid, settings)]
    usable = [grid for grid in grids if find_header(grid, settings)]
    unread = [f"{grid.name} has no columns of the wallet and is left out." for grid in grids if grid not in usable]
    hidden = [grid for grid in usable if grid.is_hidden]
    if 0 < len(hidden) < len(usable):
        usable = [grid for grid in usable if not grid.is_hidden]
        names = ", ".join(grid.name for grid in hidden)
        doubt = reasons.HIDDEN_SHEET.tell(names=names)
        usable[0] = replace(usable[0], doubt=" ".join(filter(None, [usable[0].doubt, doubt])))
    groups: dict[tuple[str, ...], list[Grid]] = {}
    for grid in usable:
        found = find_header(grid, settings)
        headers = tuple(map(normal_header, found[1] if found else ()))
        key = (*headers, *([grid.name] if "id" not in headers and _shares_rows(grid, groups.get(headers, ())) else []))
        groups.setdefault(key, []).append(grid)
    tables = []
    for number, alike in enumerate(groups.values() or [grids[:1]]):
        grid = _join_grids(alike, delivered.name if len(groups) <= 1 else alike[0].name)
        cleaned = clean_table(grid, spool / f"{delivered.path.name}-table-{number}", settings)
        tables.append(_prepare_table(grid.name, cleaned))
    return tables, unread if usable else []


def _shares_rows(grid: Grid, others: Sequence[Grid]) -> bool:
    """Whether a sheet repeats another's data under other headers: then it is read as a delivery of its own."""
    said = {record.fields for other in others for record in other.rows() if any(map(_is_number, record.fields))}
    return bool(said) and any(record.fields in said for record in grid.rows())


def _is_number(cell: str) -> bool:
    return bare_number(cell) is not None


def _prepare_table(name: str, cleaned: Cleaned) -> NormalizedTable:
    if len(cleaned.headers) > MAX_COLUMNS:
        raise reasons.TOO_MANY_COLUMNS.refusal(name=name, count=len(cleaned.headers), most=MAX_COLUMNS)
    return NormalizedTable(
        name,
        cleaned.path,
        ",",
        cleaned.headers,
        has_lines=True,
        is_typed=True,
        is_of_days=cleaned.is_of_days,
        faults=tuple(cleaned.faults),
        readings=cleaned.readings,
        notes=cleaned.notes,
        doubts=cleaned.doubts,
        originals=cleaned.originals,
    )


def _join_grids(grids: list[Grid], name: str) -> Grid:
    """Join grids with the same header; the repeated headers are skipped."""
    if len(grids) == 1:
        return replace(grids[0], name=name)
    return replace(
        grids[0],
        name=name,
        rows=lambda: chain.from_iterable(grid.rows() for grid in grids),
        is_merged=any(grid.is_merged for grid in grids),
    )


def _grids(delivered: SourceFile, spool: Path, session: Session | None, most_bytes: int, encoding: str | None) -> Iterator[Grid]:
    if delivered.kind in {"xlsx", "xls", "ods"}:
        yield from map(_decode_grid, _workbook_grids(delivered, most_bytes))
    elif delivered.kind == "json":
        text = readable_text(delivered.name, delivered.path, spool, encoding, is_lined=False)
        for grid in _json_grids(replace(delivered, path=text.path), spool):
            told = replace(grid, reading=text.reading or grid.reading, doubt=" ".join(filter(None, [text.doubt, grid.doubt])))
            yield _decode_grid(told)
    elif delivered.kind == "arrow":
        yield _decode_grid(_arrow_grid(delivered))
    elif delivered.kind == "parquet":
        quick = _from_parquet(delivered, spool, _require_session(delivered, session), most_bytes)
        yield _grid_of(quick)
    else:
        text = readable_text(delivered.name, delivered.path, spool, encoding)
        grid = (_web_page_grid if _is_web_page(text.path) else _text_grid)(delivered.name, text.path)
        yield replace(grid, reading=text.reading, doubt=text.doubt)


def _require_session(delivered: SourceFile, session: Session | None) -> Session:
    if session is None:
        raise ExportError(f"{delivered.name} is a Parquet file; save it as CSV or XLSX.")
    return session


def _grid_of(prepared: NormalizedTable) -> Grid:
    """Return a converted table as a grid, with the original's line numbers."""

    def rows() -> Iterator[Record]:
        yield Record(1, prepared.headers, "", "")
        for record in records(prepared.path, prepared.delimiter, prepared.column_count):
            yield record if record.fault else replace(record, line=int(record.fields[0]), fields=record.fields[1:])
        yield from prepared.faults

    return Grid(prepared.name, rows, reading=" ".join(prepared.readings), doubt=" ".join(prepared.doubts))


# Text


def _is_web_page(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return looks_like_web_page(file.read(SEARCH_BYTES // 16))


def _web_page_grid(name: str, path: Path) -> Grid:
    if path.stat().st_size > MAX_JSON_BYTES:
        raise reasons.LONG_PAGE.refusal(name=name, most=MAX_JSON_BYTES)
    found = table_rows(path.read_text(encoding="utf-8-sig", errors="replace"))
    if not found:
        raise reasons.PAGE_WITHOUT_TABLE.refusal(name=name)
    return Grid(name, lambda: (_record(number, row) for number, row in enumerate(found, start=1)))


def _record(number: int, cells: Iterable[str]) -> Record:
    fields = tuple(cells)
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(fields)
    return Record(number, fields, "", text.getvalue())


def _text_grid(name: str, path: Path) -> Grid:
    """Return a text file's rows, split at the delimiter that yields the most wallet columns."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = [file.readline(SEARCH_BYTES) for _ in range(LINES_LOOKED_AT)]
    said = re.fullmatch(r"\s*\"?sep=(.)\"?\s*", head[0]) if head else None
    delimiter = said[1] if said else _likeliest(head)
    quoting: dict[str, Any] = {"quotechar": "'"} if not said and _is_single_quoted(head, delimiter) else {}
    if any('\\"' in line for line in head):
        quoting |= {"escapechar": "\\", "doublequote": False}

    def rows() -> Iterator[Record]:
        found = records(path, delimiter, None, has_header=False, quoting=quoting)
        width, last = 0, None
        for record in found:
            if said and record.line == 1:
                continue
            if last:
                width = len(last.fields)
                yield last
            last = record
        if last and not last.fault and len(last.fields) < width and not _ends_with_line(path):
            last = replace(
                last, fault=f"it has {len(last.fields)} columns, the header has {width}"
            )  # cut off, perhaps in a value
        if last:
            yield last

    return Grid(name, rows)


def _likeliest(head: Sequence[str]) -> str:
    """Return the best delimiter; rare ones are tried if no other yields a known column."""
    best = max(DELIMITERS, key=lambda mark: _cut_well([*_split(head, mark)]))
    if _cut_well([*_split(head, best)])[0]:
        return best
    return max((best, *RARE_DELIMITERS), key=lambda mark: _cut_well([*_split(head, mark)]))


def _is_single_quoted(head: Sequence[str], delimiter: str) -> bool:
    """Whether apostrophes are used as quotes: around every value of a line with several."""
    return any(len(row) > 1 and all(len(c) > 1 and c[0] == c[-1] == "'" for c in row) for row in _split(head, delimiter))


def _cut_well(rows: Sequence[Sequence[str]]) -> tuple[int, int, int]:
    """Rank how rows are split: by known columns, by the number of cells in rows of one width, by that width."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    cells = max((width * count for width, count in widths.items()), default=0)
    return max((_count_known_of(tuple(row)) for row in rows), default=0), cells, max(widths, default=0)


def _ends_with_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 1))
        return file.read() in {b"\n", b"\r"}


def _split(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t")
    except csv.Error:
        return


class _Footer(NamedTuple):
    """Where a table's footer starts, in bytes; how many lines of text it has; the cells of its one total row, if any."""

    starts_at: int
    rows: int
    total: tuple[str, ...] = ()


def _footer(path: Path, delimiter: str, column_count: int) -> _Footer | None:
    """Return what is below a file's rows; None, if its end needs a closer look, as for several totals or broken rows.

    A line of text has one filled cell, the first. The last row above it must be complete, so that no value is cut.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL_BYTES))
        lines = file.read().splitlines(keepends=True)[1:]
    starts_at, rows, total = size, 0, tuple[str, ...]()
    is_cut_off = bool(lines) and not lines[-1].endswith((b"\n", b"\r"))
    for nth in range(len(lines) - 1, -1, -1):
        cells = next(filter(any, _tail_rows([lines[nth].rstrip(b"\r\n")], delimiter)), [])
        if lines[nth].count(b'"') % 2 or (is_cut_off and 0 < len(cells) < column_count and not rows):
            return None
        is_total = _says_total(cells)
        if is_total and (total or len(cells) > column_count):
            return None
        if not is_total and len(cells) == column_count and column_count > 1 and any(cells[1:]):
            above = _tail_rows(lines[: nth + 1], delimiter)
            return (
                None if any(TOTAL.fullmatch(cell.strip()) for row in above for cell in row) else _Footer(starts_at, rows, total)
            )
        if not is_total and any(cells[1:]):
            return None
        total = tuple(cells) if is_total else total
        starts_at -= len(lines[nth])
        rows += bool(cells) and not is_total
    return None if rows or total else _Footer(size, 0)


def _says_total(cells: Sequence[str]) -> bool:
    return any(TOTAL.fullmatch(cell.strip()) for cell in cells)


def _tail_rows(lines: Sequence[bytes], delimiter: str) -> Iterator[list[str]]:
    yield from _split((line.decode("utf-8", errors="replace") for line in lines[-LINES_LOOKED_AT:]), delimiter)


def _copy_start(source: Path, target: Path, byte_count: int) -> Path:
    with source.open("rb") as whole, target.open("wb") as start:
        while byte_count > 0 and (chunk := whole.read(min(byte_count, SEARCH_BYTES))):
            start.write(chunk)
            byte_count -= len(chunk)
    return target


def _write(target: Path, headers: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    """Write rows as CSV; line breaks of any kind in quoted values are kept, and an invalid character becomes `?`."""
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(("line", *headers))
        writer.writerows(rows)
    return target


def _convert(delivered: SourceFile, spool: Path, headers: tuple[str, ...], rows: Iterable[Iterable[object]]) -> NormalizedTable:
    if len(headers) > MAX_COLUMNS:
        raise reasons.TOO_MANY_COLUMNS.refusal(name=delivered.name, count=len(headers), most=MAX_COLUMNS)
    headers = tuple(header.encode(errors="replace").decode() for header in headers)
    target = _write(spool / f"{delivered.path.name}-csv", headers, rows)
    return NormalizedTable(delivered.name, target, ",", headers, has_lines=True, is_typed=True)


# Workbooks


def _workbook_grids(delivered: SourceFile, most_bytes: int) -> Iterator[Grid]:
    if delivered.kind != "xls":
        _require_honest_workbook(delivered, most_bytes)
    try:
        workbook = CalamineWorkbook.from_path(str(delivered.path))
        for metadata in workbook.sheets_metadata:
            sheet = workbook.get_sheet_by_name(metadata.name)
            rows = sheet.to_python(skip_empty_area=False)
            if any(cell != "" for row in rows for cell in row):
                grid = _sheet_grid(f"{delivered.name}/{metadata.name}", rows, is_merged=_has_merged_rows(sheet))
                yield replace(grid, is_hidden=metadata.visible != SheetVisibleEnum.Visible)
    except PasswordError as locked:
        raise reasons.LOCKED_WORKBOOK.refusal(name=delivered.name) from locked
    except (CalamineError, OSError, ValueError) as trouble:
        raise _refuse_damage(delivered, "workbook", trouble) from trouble


def _has_merged_rows(sheet: CalamineSheet) -> bool:
    try:
        return any(end[0] > start[0] for start, end in sheet.merged_cell_ranges or ())
    except CalamineError:  # unknown for old workbooks and OpenDocument
        return False


def _sheet_grid(name: str, rows: list[list[Any]], *, is_merged: bool) -> Grid:
    clocked = {nth for row in rows for nth, cell in enumerate(row) if isinstance(cell, datetime)}

    def texts() -> Iterator[Record]:
        for number, row in enumerate(rows, start=1):
            if any(cell != "" for cell in row):
                yield _record(number, (_clock_text(cell) if nth in clocked else _as_text(cell) for nth, cell in enumerate(row)))

    return Grid(name, texts, is_merged)


def _require_honest_workbook(delivered: SourceFile, most_bytes: int) -> None:
    """Refuse a workbook that expands beyond the limit, or whose few cells span a vast sheet."""
    size = 0
    try:
        with zipfile.ZipFile(delivered.path) as archive:
            for member in archive.infolist():
                if member.filename.startswith("xl/worksheets/"):
                    _require_calculated(delivered.name, archive, member)
                with archive.open(member) as file:
                    size += _measure_entry(delivered.name, iter(partial(file.read, SEARCH_BYTES), b""), most_bytes - size)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as trouble:
        raise _refuse_damage(delivered, "workbook", trouble) from trouble


def _require_calculated(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse formulas without a saved value: the cells would be blank, and their credits lost."""
    with archive.open(member) as file:
        found = NEVER_CALCULATED.search(file.read(MAX_SHEET_BYTES))
    if found:
        raise reasons.NEVER_CALCULATED.refusal(name=name, cell=found[1].decode())


def _measure_entry(name: str, chunks: Iterator[bytes], most_bytes: int) -> int:
    size = last_row = last_column = 0
    tail = b""
    for chunk in chunks:
        size += len(chunk)
        for letters, digits in CELL.findall(tail + chunk):
            last_row, last_column = max(last_row, int(digits)), max(last_column, _column_number(letters))
        tail = chunk[-32:]
        if size > most_bytes:
            raise reasons.TOO_LARGE.refusal(name=name)
        if last_row * last_column > MAX_CELLS:
            raise reasons.TOO_MANY_CELLS.refusal(name=name, rows=last_row, columns=last_column)
    return size


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
    """Return the text of a cell in a time column; midnight is read as a date."""
    return f"{cell.isoformat()} 00:00:00" if isinstance(cell, date) and not isinstance(cell, datetime) else _as_text(cell)


# JSON


def _json_grids(delivered: SourceFile, spool: Path) -> Iterator[Grid]:
    if _is_json_lines(delivered.path):
        yield _grid_of(_from_json_lines(delivered, spool))
        return
    document = _whole_document(delivered)
    rows = _find_rows(document)
    if not rows:
        raise reasons.JSON_WITHOUT_ROWS.refusal(name=delivered.name)
    headers = keys_of(rows)
    if len(headers) > MAX_COLUMNS:
        raise reasons.TOO_MANY_COLUMNS.refusal(name=delivered.name, count=len(headers), most=MAX_COLUMNS)

    def texts() -> Iterator[Record]:
        yield Record(0, headers, "", "")
        for number, row in enumerate(rows, start=1):
            yield _record(number, (cell_text(row.get(header)) for header in headers))

    yield Grid(delivered.name, texts, doubt=_more_to_come(document, len(rows)))


def _more_to_come(document: object, row_count: int) -> str:
    """Return why a response is incomplete: it says that there are more pages, or more rows."""
    ends = signs_of_more(document, row_count)
    said = " and ".join(f"{key} {json.dumps(value)}" for key, value in sorted(ends.items()))
    return reasons.PART_OF_AN_ANSWER.tell(said=said) if ends else ""


def _is_json_lines(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        filled = (line for line in iter(lambda: file.readline(MAX_JSON_LINE), "") if line.strip())
        first, second = next(filled, ""), next(filled, "")
    row = _parse_json(first)
    return bool(second) and isinstance(row, dict) and not _is_document(row)


def _is_document(row: Mapping[str, object]) -> bool:
    """Whether a line of JSON is a response with rows in it, not a row."""
    return _count_known_of(tuple(row)) == 0 and any(isinstance(inner, list | dict) for inner in row.values())


def _parse_json(text: str) -> object:
    """Return the value of a JSON text, with numbers as text; None if it is not JSON."""
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def _whole_document(delivered: SourceFile) -> object:
    if delivered.path.stat().st_size > MAX_JSON_BYTES:
        raise reasons.LONG_JSON.refusal(name=delivered.name, most=MAX_JSON_BYTES)
    text = delivered.path.read_text(encoding="utf-8-sig", errors="replace")
    document = _parse_json(text)
    if document is None:
        document = _documents(text)
    if document is None:
        raise reasons.BROKEN_JSON.refusal(name=delivered.name)
    return document


def _documents(text: str) -> list[object] | None:
    """Return the consecutive documents of a text; None if one of them is broken."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
    found: list[object] = []
    at = 0
    while rest := len(text[at:].lstrip()):
        try:
            value, at = decoder.raw_decode(text, len(text) - rest)
        except (ValueError, RecursionError):
            return None
        found.append(value)
    return found or None


def _find_rows(document: object) -> list[dict[str, Any]]:
    """Return the list of objects in the document that are the rows; a document may also be one row itself.

    The list of cards if there is one; else the one with the most wallet columns, pages joined; among equals one that is not
    nested in another's rows, then the longest.
    """
    lists = find_tables(document)
    has_cells = isinstance(document, dict) and any(not isinstance(cell, dict | list) for cell in document.values())
    if isinstance(document, dict) and has_cells and _count_known_keys([document]):
        lists.append(("", False, [document]))
    cards = [rows for key, _, rows in lists if key == "cards"]
    if cards:
        return cards[0]
    if not lists:
        return []
    best = max(lists, key=lambda found: (_count_known_keys(found[2]), not found[1], len(found[2])))
    if not _count_known_keys(best[2]):
        return best[2]
    return [row for _, is_inner, rows in lists if _is_page(rows, best[2]) and is_inner == best[1] for row in rows]


def _is_page(rows: list[dict[str, Any]], of: list[dict[str, Any]]) -> bool:
    """Whether rows have the columns of others, so that both are pages of one answer."""
    return rows is of or _count_known_keys(rows) == _count_known_keys(of)


def _count_known_keys(rows: Iterable[Mapping[str, object]]) -> int:
    """Return how many wallet columns the rows have; a single one, such as an id, does not count."""
    return _count_known_of(keys_of(rows))


@lru_cache(maxsize=64)
def _count_known_of(keys: tuple[str, ...]) -> int:
    known = max(len(match(profile, keys).places) for profile in PROFILES)
    return known if known > 1 else 0


def _from_json_lines(delivered: SourceFile, spool: Path) -> NormalizedTable:
    headers = keys_of(row for _, row, _ in _json_lines(delivered) if row is not None)
    faults = tuple(Record(line, (), "it is not a JSON object", text) for line, row, text in _json_lines(delivered) if row is None)
    rows = (
        (line, *(cell_text(row.get(header)) for header in headers)) for line, row, _ in _json_lines(delivered) if row is not None
    )
    return replace(_decode_table(_convert(delivered, spool, headers, rows), spool), faults=faults)


def _json_lines(delivered: SourceFile) -> Iterator[tuple[int, dict[str, Any] | None, str]]:
    with delivered.path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, text in enumerate(iter(lambda: file.readline(MAX_JSON_LINE), ""), start=1):
            if text.strip():
                row = _parse_json(text)
                yield number, row if isinstance(row, dict) else None, text.rstrip("\n")


# Arrow


def _arrow_grid(delivered: SourceFile) -> Grid:
    """Return the rows of an Arrow stream or file of record batches, as query APIs return."""
    from nanoarrow import ArrayStream  # noqa: PLC0415 -- loaded for Arrow only

    try:
        with ArrayStream.from_path(str(delivered.path)) as stream:
            headers = tuple(str(field.name) for field in stream.schema.fields)
            rows = [tuple(map(_as_cell, row)) for batch in stream for row in batch.iter_tuples()]
    except Exception as trouble:
        raise _refuse_damage(delivered, "Arrow stream", trouble) from trouble

    def texts() -> Iterator[Record]:
        yield Record(0, headers, "", "")
        for number, row in enumerate(rows, start=1):
            yield _record(number, row)

    return Grid(delivered.name, texts)


def _as_cell(value: object) -> str:
    return "" if value is None else _as_text(value) if not isinstance(value, dict | list) else cell_text(value)


# Parquet


def _from_parquet(delivered: SourceFile, spool: Path, session: Session, most_bytes: int) -> NormalizedTable:
    source, target = str(delivered.path), spool / f"{delivered.path.name}-csv"
    try:
        size = session.value("SELECT sum(total_uncompressed_size) FROM parquet_metadata($source)", {"source": source})
        if (size or 0) > most_bytes:
            raise reasons.TOO_LARGE.refusal(name=delivered.name)
        described = session.execute(
            "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($source))", {"source": source}
        )
        columns = ", ".join(_parquet_cell(name, kind) for name, kind in described)
        rows = f"SELECT row_number() OVER () AS line, {columns} FROM read_parquet({_literal(source)})"
        session.execute(f"COPY ({rows}) TO {_literal(str(target))} (FORMAT csv, HEADER)")
    except StatementError as trouble:
        raise _refuse_damage(delivered, "Parquet file", trouble) from trouble
    headers = tuple(str(name) for name, _ in described)
    return _decode_table(NormalizedTable(delivered.name, target, ",", headers, has_lines=True, is_typed=True), spool)


def _refuse_damage(delivered: SourceFile, kind: str, trouble: Exception) -> ExportError:
    """Return the refusal with the library's message but without our path to the file: the person who shared it reads it."""
    said = str(trouble).replace(str(delivered.path), delivered.name).strip().rstrip(".")
    return reasons.DAMAGED_FILE.refusal(name=delivered.name, kind=kind, trouble=said)


def _parquet_cell(name: str, kind: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    is_nested = kind.endswith("]") or kind.startswith(("STRUCT", "MAP"))
    return f"to_json({column})" if is_nested else f"CAST({column} AS VARCHAR)"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
