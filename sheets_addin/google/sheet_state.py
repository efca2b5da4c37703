"""What was last written to one of our sheets, small enough for developer metadata: enough to tell an edit from a new figure.

Google allows 30,000 characters of metadata per sheet, including the anchors of rows and columns. A cell is remembered as a
mark of 16 bits; if there is no room for that, a row is; if there is none for that either, nothing is, and edits there
are reverted without a report.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sheets_addin.workbook import Formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sheets_addin.workbook import Entered

STATE_KEY = "agentcost.state"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
NEVER_OURS, LEFT_TO_PEOPLE, MARKS = 0, 0xFFFF, 0xFFFE
MARK_BYTES = 2
METADATA_CHARACTERS, SPARE_CHARACTERS = 30_000, 500
"""Google's limit per sheet, and what is left for others."""
Key = str


@dataclass(frozen=True, slots=True)
class SheetState:
    """What we last wrote. rows, columns: their keys in order. marks: by row and column, or by row alone.

    looks: a hash of each row's formats, notes and rules. set_up: of widths, heights and frozen rows and columns.
    charts, protections: Google's ids, charts with a hash of their content. as_of: the day of the figures, if they have one.
    """

    rows: tuple[Key, ...] = ()
    columns: tuple[Key, ...] = ()
    looks: tuple[int, ...] = ()
    marks: bytes = b""
    set_up: int = 0
    charts: tuple[tuple[int, int], ...] = ()
    protections: tuple[int, ...] = ()
    protected: int = 0
    as_of: str = ""

    @property
    def marks_cells(self) -> bool:
        """Whether single cells are remembered."""
        return bool(self.rows) and len(self.marks) == MARK_BYTES * len(self.rows) * len(self.columns)

    @property
    def marks_rows(self) -> bool:
        """Whether rows are remembered, but no single cells."""
        return not self.marks_cells and bool(self.rows) and len(self.marks) == MARK_BYTES * len(self.rows)

    def wrote(self, row: int, column: int, found: Entered, mark: int) -> bool:
        """Whether a cell that is given up, and has a value with a mark, was written by us and by nobody since.

        What we wrote elsewhere in its column counts: if people sort rows, the values move while the rows' keys stay.
        """
        width = len(self.columns)
        known = self.mark(row * width + column)
        if known in {NEVER_OURS, LEFT_TO_PEOPLE}:
            return False
        return isinstance(found, Formula) or mark == known or any(mark == self.mark(at) for at in self._column(column))

    def _column(self, column: int) -> range:
        return range(column, len(self.rows) * len(self.columns), len(self.columns))

    def mark(self, index: int) -> int:
        """Return the mark at a position in the list of marks."""
        return int.from_bytes(self.marks[MARK_BYTES * index : MARK_BYTES * (index + 1)], "big")


def pack(state: SheetState) -> str:
    """Return the state as text of letters, digits and a few symbols."""
    said = [
        " ".join(_in_runs(state.rows)),
        " ".join(_in_runs(state.columns)),
        state.looks,
        state.set_up,
        state.charts,
        state.protections,
        state.protected,
        state.as_of,
    ]
    text = json.dumps(said, separators=(",", ":")).encode()
    return b64encode(zlib.compress(len(text).to_bytes(4, "big") + text + state.marks, 6)).decode()


def unpack(text: str) -> SheetState:
    """Return the state from such a text; from a damaged one, a state that remembers nothing."""
    try:
        raw = zlib.decompress(b64decode(text, validate=True))
        end = 4 + int.from_bytes(raw[:4], "big")
        rows, columns, looks, set_up, charts, protections, protected, as_of = json.loads(raw[4:end])
    except (ValueError, zlib.error):
        return SheetState()
    return SheetState(
        tuple(_one_by_one(rows.split())),
        tuple(_one_by_one(columns.split())),
        tuple(looks),
        raw[end:],
        set_up,
        tuple((one, shown) for one, shown in charts),
        tuple(protections),
        protected,
        as_of,
    )


def base_36(number: int) -> str:
    """Return a number in few characters, because metadata is limited."""
    higher, digit = divmod(number, len(DIGITS))
    return (base_36(higher) if higher else "") + DIGITS[digit]


def _in_runs(keys: Sequence[Key]) -> Iterator[str]:
    """Yield keys, with consecutive numbers as FIRST:LAST; keys of row subjects start with a point."""
    start = 0
    while start < len(keys):
        end = start + 1
        if not keys[start].startswith("."):
            number = int(keys[start], len(DIGITS))
            while end < len(keys) and keys[end] == base_36(number + end - start):
                end += 1
        yield f"{keys[start]}:{keys[end - 1]}" if end - start > 1 else keys[start]
        start = end


def _one_by_one(said: Iterable[str]) -> Iterator[Key]:
    for one in said:
        first, is_run, last = one.partition(":")
        if one.startswith(".") or not is_run:
            yield one
        else:
            yield from map(base_36, range(int(first, len(DIGITS)), int(last, len(DIGITS)) + 1))


def mark_of(entered: Entered) -> int:
    """Return the mark of what our cell has, never equal to that of a cell that was not ours."""
    return hash32(entered) % (MARKS - 1) + 1


def hash32(value: object) -> int:
    """Return a 32-bit hash of a value, the same in every process."""
    text = f"={value.text}" if isinstance(value, Formula) else repr(value)
    return zlib.crc32(text.encode())


def fit_state(state: SheetState, grid: Sequence[Sequence[int]], characters: int) -> SheetState | None:
    """Return the state with the finest marks that fit the metadata; None if it does not fit even without them.

    grid: the marks of the cells, row by row. characters: those of the metadata beside the state.
    """
    room = METADATA_CHARACTERS - SPARE_CHARACTERS - characters
    ways = (b"".join(_pack_row(row) for row in grid), _pack_row([row_mark(row) for row in grid]), b"")
    states = (replace(state, marks=marks) for marks in ways if len(marks) <= room)
    return next((one for one in states if len(pack(one)) <= room), None)


def row_mark(marks: Iterable[int]) -> int:
    """Return the mark of a row, computed from the marks of its cells."""
    return zlib.crc32(_pack_row(marks)) % (MARKS - 1) + 1


def _pack_row(marks: Iterable[int]) -> bytes:
    return b"".join(mark.to_bytes(MARK_BYTES, "big") for mark in marks)
