"""Text files in whatever encoding and shape, read to the last good row.

DuckDB reads a well-formed file itself. Everything here is for finding out how a file is written, and for reading
the files that are not well formed, row by row, without losing more than the rows that are broken.
"""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CHUNK_BYTES = 1024 * 1024
MAX_COLUMNS = 1_000
MAX_LINES_IN_A_ROW = 500
DELIMITERS = (",", ";", "\t", "|")
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a text file: its first line (the header is 1), its fields, or why it has none, and its text."""

    line: int
    fields: tuple[str, ...]
    fault: str
    text: str


def readable_text(name: str, path: Path, spool: Path) -> Path:
    """Return the file itself if it is UTF-8, else a copy of it that is.

    Raises: ExportError, if it holds NUL bytes or a line longer than a mebibyte, which no export has.
    """
    encoding = encoding_of(name, path)
    if encoding == "utf-8":
        return path
    target = spool / f"{path.name}-utf-8"
    with (
        path.open(encoding=encoding, errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while text := source.read(CHUNK_BYTES):
            copy.write(text)
    if encoding != "cp1252":
        _require_lines(name, target)
    return target


def encoding_of(name: str, path: Path) -> str:
    """Return utf-8, utf-16, utf-16-le, utf-16-be or cp1252; all but UTF-8 is read with care, never by guess of words.

    Raises: ExportError, as `readable_text`.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark) and encoding != "utf-8":
            return encoding
    if _looks_like_utf16(head):
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    return _require_lines(name, path)


def _looks_like_utf16(head: bytes) -> bool:
    return len(head) >= len(BYTE_ORDER_MARKS) and {0} in (set(head[1::2]), set(head[::2])) and set(head) != {0}


def _require_lines(name: str, path: Path) -> str:
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    position = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK_BYTES):
            _require_text(name, chunk, position)
            decoder = _still_utf8(decoder, chunk)
            position += len(chunk)
    return "utf-8" if decoder else "cp1252"


def _require_text(name: str, chunk: bytes, position: int) -> None:
    if b"\0" in chunk:
        raise ExportError(
            f"{name} is not a text file: it has a NUL byte at byte {position + chunk.index(0) + 1:,}. Export it again as CSV."
        )
    if len(chunk) == CHUNK_BYTES and b"\n" not in chunk and b"\r" not in chunk:
        raise ExportError(f"{name} has a line of more than a mebibyte at byte {position + 1:,}: no wallet export has one.")


def _still_utf8(decoder: codecs.IncrementalDecoder | None, chunk: bytes) -> codecs.IncrementalDecoder | None:
    if decoder is None or (chunk.isascii() and not decoder.getstate()[0]):
        return decoder
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return None
    return decoder


def delimiter_and_headers(name: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the delimiter that cuts the first line into most columns, and those columns.

    Raises: ExportError, if there are more columns than any export has.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline(CHUNK_BYTES).rstrip("\r\n")
    delimiter = max(DELIMITERS, key=lambda candidate: len(_fields(first, candidate)))
    headers = _fields(first, delimiter)
    if len(headers) > MAX_COLUMNS:
        raise ExportError(
            f"{name} has {len(headers):,} columns; a wallet export has about thirty, and I take {MAX_COLUMNS:,} at most."
        )
    return delimiter, tuple(headers)


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


class _Lines:
    """The lines of a file with a memory for those of the row being read, so that a broken row gives its lines back."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self._waiting: list[str] = []
        self.taken: list[str] = []
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES_IN_A_ROW:
            raise csv.Error("the quotes around a value never close")
        line = self._waiting.pop() if self._waiting else next(self._file)
        self.taken.append(line)
        self.line += 1
        return line

    def give_back_all_but_first(self) -> None:
        """Have the lines after the first read again."""
        self.line -= len(self.taken) - 1
        self._waiting.extend(reversed(self.taken[1:]))


def records(
    path: Path, delimiter: str, column_count: int | None, *, has_header: bool = True, is_backslashed: bool = False
) -> Iterator[Record]:
    """Give every row that is not blank, those after the header or all; a row that cannot be read costs one line, not the rest.

    column_count: how many fields a row has, None for any number. is_backslashed: quotes in values have a backslash before them.
    """
    style: dict[str, Any] = {"delimiter": delimiter, "strict": True}
    if is_backslashed:
        style |= {"escapechar": "\\", "doublequote": False}
    if column_count is None:
        style["skipinitialspace"] = delimiter != "\t"
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, **style)
        while True:
            first_line, lines.taken = lines.line + 1, []
            try:
                fields: Sequence[str] = next(reader)
                fault = _width_fault(fields, column_count) if fields and column_count is not None else ""
            except StopIteration:
                return
            except csv.Error:
                fields, fault = (), "the quotes around a value are broken"
                reader = csv.reader(lines, **style)
            if (has_header and first_line == 1) or not (fields or fault):
                continue
            text = "".join(lines.taken[:1] if fault else lines.taken).rstrip("\r\n")
            if fault:
                lines.give_back_all_but_first()
            yield Record(first_line, tuple(fields), fault, text)


def _width_fault(fields: Sequence[str], column_count: int) -> str:
    if len(fields) == column_count:
        return ""
    return f"it has {len(fields)} columns, the header has {column_count}"
