"""The Log worksheet: each refresh that changed something, what people had overwritten, what went wrong; newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.records import NamedTuple
from sheets_addin.workbook import LABEL, Block, Cell, Worksheet, join_blocks, row_of, styles, top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets_addin.workbook import Content

TITLE = "Log"
FIRST_ROW = 5
MAX_ENTRIES = 200
WHEN = "When"
COLUMNS = (WHEN, "What", "Worksheet", "Cell", "Found", "Ours", "More")
WIDTHS = {0: 2, 1: 20, 2: 22, 3: 18, 4: 10, 5: 30, 6: 30, 7: 70}


class Entry(NamedTuple):
    """One line. number: counts up, and is the row's key."""

    number: int
    at: Content
    what: Content
    worksheet: Content = None
    cell: Content = None
    found: Content = None
    ours: Content = None
    more: Content = None


def worksheet(entries: Sequence[Entry], zone: str = "UTC") -> Worksheet:
    """Return the newest entries, newest first. zone: the name of the time zone of their instants."""
    heads = (f"{WHEN} ({zone})", *COLUMNS[1:])
    newest = sorted(entries, key=lambda entry: -entry.number)[:MAX_ENTRIES]
    lines = [_line(FIRST_ROW + index, entry) for index, entry in enumerate(newest)]
    said = "Every refresh that changed something, and what people had written into our cells. Newest first."
    return Worksheet(
        title=TITLE,
        block=join_blocks(top("Refreshes", said), row_of(FIRST_ROW - 1, LABEL, heads, styles.HEADER_LEFT), *lines),
        widths=WIDTHS,
        heights={0: 30},
        frozen=(FIRST_ROW, 0),
        row_keys={FIRST_ROW + index: str(entry.number) for index, entry in enumerate(newest)},
    )


def _line(row: int, entry: Entry) -> Block:
    when = styles.INSTANT_LABEL
    texts = (entry.what, entry.worksheet, entry.cell, entry.found, entry.ours, entry.more)
    cells = {(row, LABEL): Cell(entry.at, when)}
    return Block(cells | {(row, LABEL + 1 + at): Cell(text or None, styles.TEXT) for at, text in enumerate(texts)})
