"""Text files in any encoding and shape, read to the last good row.

DuckDB reads a well-formed file itself. Everything here is for finding out how a file is written, and for reading
files that are not well formed, row by row, without losing more than the broken rows.
"""

from __future__ import annotations

import codecs
import csv
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from core.config import ENCODINGS
from core.wallet.ingest.tables.double_encoding import decode_again, find_double_encoding
from core.wallet.ingest.tables.encodings import (
    Guess,
    codec_of,
    declared_encoding,
    encoding_of_unicode,
    foreign_lines,
    guess_encoding,
)
from core.wallet.ingest.values import file_reasons as reasons

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

CHUNK_BYTES = 1024 * 1024
HEAD_BYTES = 4096
MAX_COLUMNS = 1_000
MAX_LINES_IN_A_ROW = 500
DELIMITERS = (",", ";", "\t", "|")
PLAIN_QUOTES: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a text file: its first line (the header is 1), its fields, or why it has none, and its text."""

    line: int
    fields: tuple[str, ...]
    fault: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadableText:
    """A text as UTF-8, and in words how it was read if the file does not state it, and what it may be instead.

    taken_for: the encoding that it was mistaken for, if it was encoded twice.
    """

    path: Path
    reading: str = ""
    doubt: str = ""
    taken_for: str = ""


def readable_text(name: str, path: Path, spool: Path, said: str | None, *, is_lined: bool = True) -> ReadableText:
    """Return the file itself if it is UTF-8, else a UTF-8 copy.

    said: the encoding of text that is not Unicode, if known. is_lined: whether its lines must be short, as those of CSV are.

    Raises: ExportError, if it has NUL bytes or a line longer than a mebibyte, which no export has, or does not match the setting.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    encoding = encoding_of_unicode(head)
    if encoding:
        copy = _copy_as_utf8(path, encoding, spool)
        return undo_double_encoding(copy, spool, is_ascii=_require_text(name, copy, is_lined=is_lined) == "ascii")
    written_in = _require_text(name, path, is_lined=is_lined)
    if written_in:
        return undo_double_encoding(path, spool, is_ascii=written_in == "ascii")
    declared = declared_encoding(head)
    with suppress(UnicodeDecodeError):
        if declared:
            return ReadableText(_copy_as_utf8(path, declared, spool, "strict"))
    if said:
        return ReadableText(_copy_as_said(name, path, said, spool))
    guess = guess_encoding(foreign_lines(path))
    copy = _copy_as_utf8(path, codec_of(guess.encoding), spool)
    if guess.rivals:
        return ReadableText(copy, doubt=_doubt(guess))
    return ReadableText(
        copy,
        f"Its text is read as {_called(guess.encoding)}; a file that is not Unicode does not say. If names look wrong, export it "
        "as UTF-8.",
    )


def undo_double_encoding(path: Path, spool: Path, *, is_ascii: bool = False) -> ReadableText:
    """Return a UTF-8 text, or a copy with the intended names if it was encoded twice; if that is unsure, say so."""
    found = None if is_ascii else find_double_encoding(line.decode(errors="replace") for line in foreign_lines(path))
    if found is None or not found.is_certain:
        return ReadableText(path, doubt=found.sentence if found else "")
    target = spool / f"{path.name}-decoded"
    with (
        path.open(encoding="utf-8-sig", errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while text := source.read(CHUNK_BYTES) + source.readline():
            copy.write(decode_again(text, found.codec))
    return ReadableText(target, reading=found.sentence, taken_for=found.codec)


def _copy_as_utf8(path: Path, codec: str, spool: Path, errors: str = "replace") -> Path:
    target = spool / f"{path.name}-utf-8"
    with (
        path.open(encoding=codec, errors=errors, newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while text := source.read(CHUNK_BYTES):
            copy.write(text)
    return target


def _copy_as_said(name: str, path: Path, said: str, spool: Path) -> Path:
    try:
        return _copy_as_utf8(path, codec_of(said), spool, "strict")
    except UnicodeDecodeError as trouble:
        raise reasons.OTHER_ENCODING.refusal(name=name, encoding=_called(said)) from trouble


def _called(encoding: str) -> str:
    return f"{encoding} ({ENCODINGS[encoding]})"


def _doubt(guess: Guess) -> str:
    """Return a sentence on what else a text may be, and which setting decides."""
    others = " or ".join(f"{word} in {_called(name)}" for name, word in guess.rivals)
    choices = " or ".join([guess.encoding, *(name for name, _ in guess.rivals)])
    return reasons.SEVERAL_ENCODINGS.tell(word=guess.word, encoding=_called(guess.encoding), others=others, choices=choices)


def _require_text(name: str, path: Path, *, is_lined: bool) -> Literal["ascii", "utf-8", ""]:
    """Return whether a text is ASCII, UTF-8, or neither. Raises: ExportError, if it is not text."""
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    position, is_ascii = 0, True
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK_BYTES):
            _require_text_in(name, chunk, position, is_lined=is_lined)
            is_ascii = is_ascii and chunk.isascii()
            decoder = _still_utf8(decoder, chunk)
            position += len(chunk)
    return "" if decoder is None else "ascii" if is_ascii else "utf-8"


def _require_text_in(name: str, chunk: bytes, position: int, *, is_lined: bool) -> None:
    if b"\0" in chunk:
        raise reasons.NUL_BYTE.refusal(name=name, place=position + chunk.index(0) + 1)
    if is_lined and len(chunk) == CHUNK_BYTES and b"\n" not in chunk and b"\r" not in chunk:
        raise reasons.LONG_LINE.refusal(name=name, place=position + 1)


def _still_utf8(decoder: codecs.IncrementalDecoder | None, chunk: bytes) -> codecs.IncrementalDecoder | None:
    if decoder is None or (chunk.isascii() and not decoder.getstate()[0]):
        return decoder
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return None
    return decoder


def delimiter_and_headers(name: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the delimiter that splits the first line into most columns, and those columns.

    Raises: ExportError, if there are more columns than any export has.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline(CHUNK_BYTES).rstrip("\r\n")
    delimiter = max(DELIMITERS, key=lambda candidate: len(_fields(first, candidate)))
    headers = _fields(first, delimiter)
    if len(headers) > MAX_COLUMNS:
        raise reasons.TOO_MANY_COLUMNS.refusal(name=name, count=len(headers), most=MAX_COLUMNS)
    return delimiter, tuple(headers)


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


class _Lines:
    """The lines of a file, remembering those of the row being read, so that a broken row can return its lines."""

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
        """Put the lines after the first back, to be read again."""
        self.line -= len(self.taken) - 1
        self._waiting.extend(reversed(self.taken[1:]))


def records(
    path: Path, delimiter: str, column_count: int | None, *, has_header: bool = True, quoting: Mapping[str, Any] = PLAIN_QUOTES
) -> Iterator[Record]:
    """Yield every row that is not blank, those after the header or all; an unreadable row costs one line, not the rest.

    column_count: the number of fields a row has, None for any number. quoting: how values are quoted, as `csv.reader` takes it.
    """
    style: dict[str, Any] = {"delimiter": delimiter, "strict": True, **quoting}
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
