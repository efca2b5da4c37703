"""Any answer as a worksheet: its headline, its tables one under another, its notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.display import day
from sheets_addin import looks
from sheets_addin.answer_blocks import LABEL, keys_of, table_block, top
from sheets_addin.workbook import Block, Cell, Worksheet, joined

if TYPE_CHECKING:
    from core.answer import Answer, Table

FIRST_ROW = 4
TEXT_WIDTH, NUMBER_WIDTH = 30.0, 17.0


def worksheet(title: str, answer: Answer) -> Worksheet:
    """Return the tables of an answer; what people write beside a row stays beside what the row is about."""
    keys: dict[int, str] = {}
    blocks, row = [top(answer.title, f"{answer.headline} As of {day(answer.as_of)}.")], FIRST_ROW
    for table in answer.tables:
        blocks.append(table_block(row, LABEL, table))
        keys |= keys_of(table, row + 2, f"{table.key}-")
        row += len(table.rows) + 3
    notes = {(row + index, LABEL): Cell(note.text, looks.HINT) for index, note in enumerate(answer.notes)}
    return Worksheet(
        title=title,
        block=joined(*blocks, Block(notes)),
        widths={0: 2} | _widths(answer.tables),
        heights={0: 30},
        frozen=(2, 0),
        row_keys=keys,
        as_of=answer.as_of,
    )


def _widths(tables: tuple[Table, ...]) -> dict[int, float]:
    widths: dict[int, float] = {LABEL: TEXT_WIDTH}
    for table in tables:
        for index, column in enumerate(table.columns, LABEL):
            wanted = TEXT_WIDTH if column.unit == "text" else NUMBER_WIDTH
            widths[index] = max(widths.get(index, 0), wanted)
    return widths
