"""Text files in whatever encoding and shape, read to the last good row.

DuckDB reads a well-formed file itself. Everything here is for finding out how a file is written, and for reading
the files that are not well formed, row by row, without losing more than the rows that are broken.
"""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CHUNK_BYTES = 1024 * 1024
SEARCH_BYTES = 4 * 1024 * 1024
SAMPLE_BYTES = 64 * 1024
MAX_SIGNS_PER_LATIN = 6  # bytes of text to a zero, at most
MAX_COLUMNS = 1_000
MAX_LINES_IN_A_ROW = 500
DELIMITERS = (",", ";", "\t", "|")
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The encodings that Salesforce offers for reports, and Excel's of eastern Europe. Source: Salesforce's help on exporting reports.
ENCODING_NAMES = {
    "cp1252": "Windows-1252 (Western)",
    "cp932": "Shift_JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "cp949": "EUC-KR (Korean)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
}
FOREIGN_WORD = re.compile(rb"[\x80-\xff](?:[\x80-\xff]|[@-~](?=[\x80-\xff])){3,}")


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a text file: its first line (the header is 1), its fields, or why it has none, and its text."""

    line: int
    fields: tuple[str, ...]
    fault: str
    text: str


def readable_text(name: str, path: Path, spool: Path) -> tuple[Path, str]:
    """Return the file itself if it is UTF-8, else a copy of it that is, and in words how it was read, where it does not say.

    Raises: ExportError, if it holds NUL bytes or a line longer than a mebibyte, which no export has.
    """
    encoding = encoding_of(name, path)
    if encoding == "utf-8":
        return path, ""
    target = spool / f"{path.name}-utf-8"
    with (
        path.open(encoding=encoding, errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while text := source.read(CHUNK_BYTES):
            copy.write(text)
    if encoding.startswith("utf"):
        _require_lines(name, target)
        return target, ""
    called = ENCODING_NAMES.get(encoding, encoding)
    return (
        target,
        f"Its text is read as {called}; a file that is not Unicode does not say. If names look wrong, export it as UTF-8.",
    )


def encoding_of(name: str, path: Path) -> str:
    """Return utf-8, utf-16, utf-16-le, utf-16-be, or what a file that is none of these is most likely written in.

    Raises: ExportError, as `readable_text`.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark) and encoding != "utf-8":
            return encoding
    utf16 = _utf16_order(head)
    if utf16:
        return utf16
    return "utf-8" if _require_lines(name, path) else _legacy_encoding(path)


def _legacy_encoding(path: Path) -> str:
    """Return the encoding of a text that is not Unicode: Western, where foreign signs stand alone between Latin letters.

    Longer runs of them are words of another script; which one is for charset-normalizer to tell.
    """
    from charset_normalizer import from_bytes  # noqa: PLC0415 -- slow to load, and hardly ever needed

    with path.open("rb") as file:
        lines = [line for line in file.readlines(SEARCH_BYTES) if not line.isascii()]
    sample = b"".join(lines)[:SAMPLE_BYTES]
    if not FOREIGN_WORD.search(sample):
        return "cp1252"
    found = from_bytes(sample, cp_isolation=[*ENCODING_NAMES]).best()
    return found.encoding if found else "cp1252"


def _utf16_order(head: bytes) -> str:
    """Return the byte order of UTF-16 without a mark, empty for other text: half of its Latin text is zeros, all in one place."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * MAX_SIGNS_PER_LATIN < len(head) or min(even, odd):
        return ""
    return "utf-16-be" if even else "utf-16-le"


def _require_lines(name: str, path: Path) -> bool:
    """Return whether a text is UTF-8."""
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    position = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK_BYTES):
            _require_text(name, chunk, position)
            decoder = _still_utf8(decoder, chunk)
            position += len(chunk)
    return decoder is not None


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
