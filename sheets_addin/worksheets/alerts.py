"""The Alerts worksheet: open and past alerts, failed messages, and upcoming levels, most important first."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import day
from sheets_addin.workbook import (
    FIRST_ROW,
    LABEL,
    Block,
    Cell,
    Highlight,
    Worksheet,
    join_blocks,
    keys_of,
    relative,
    row_height,
    styles,
    table_block,
    together,
    top,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Answer, Table

TITLE = "Alerts"
ORDER = {
    "alerts": ("words", "level", "day", "state", "by", "team", "owner", "org", "card", "key"),
    "undelivered": ("key", "attempts", "since", "state", "place", "error"),
    "coming": ("what", "credits_to_go", "expected_day", "team", "card"),
}
WIDTHS = {0: 2, 1: 64, 2: 14, 3: 20, 4: 14, 5: 24, 6: 18, 7: 16, 8: 22, 9: 16, 10: 22}
STATE = LABEL + ORDER["alerts"].index("state")


def worksheet(answers: Sequence[Answer]) -> Worksheet:
    """Return the tables of one answer to `alerts`, or of one for each team; what people write beside a row stays beside it."""
    keys: dict[int, str] = {}
    heights: dict[int, float] = {0: 30}
    blocks = [top(TITLE, " ".join([*(answer.headline for answer in answers), f"As of {day(answers[0].as_of)}."]))]
    highlights: tuple[Highlight, ...] = ()
    movable: list[tuple[int, int]] = []
    row = FIRST_ROW
    for table in together(answers):
        shown, first = _with_numbers(_order_columns(table)), row + 2
        blocks.append(table_block(row, LABEL, shown))
        keys |= keys_of(table, first, f"{table.key}-")
        movable += [(first, first + len(table.rows) - 1)] if table.rows else []
        heights |= {first + index: row_height([(values[0], WIDTHS[LABEL])]) for index, values in enumerate(shown.rows)}
        if table.key == "alerts":
            highlights = (_open(first, first + len(table.rows) - 1, len(shown.columns)),)
        row += len(table.rows) + 3
    texts = dict.fromkeys(note.text for answer in answers for note in answer.notes)
    notes = {(row + index, LABEL): Cell(text, styles.HINT) for index, text in enumerate(texts)}
    return Worksheet(
        title=TITLE,
        block=join_blocks(*blocks, Block(notes)),
        widths=WIDTHS,
        heights=heights,
        frozen=(2, 0),
        highlights=highlights,
        row_keys=keys,
        movable=tuple(movable),
        as_of=answers[0].as_of,
    )


def _order_columns(table: Table) -> Table:
    """Return the table with its columns in the worksheet's order; unknown columns are left out."""
    at = {column.key: index for index, column in enumerate(table.columns)}
    places = [at[key] for key in ORDER[table.key] if key in at]
    rows = tuple(tuple(values[place] for place in places) for values in table.rows)
    return table._replace(columns=tuple(table.columns[place] for place in places), rows=rows)


def _with_numbers(table: Table) -> Table:
    """Return the table with levels as numbers, which a sheet can sort and compare; unchanged, if one is not a number."""
    at = next((index for index, column in enumerate(table.columns) if column.key == "level"), None)
    if at is None or not all(str(values[at] or 0).isdecimal() for values in table.rows):
        return table
    columns = (*table.columns[:at], table.columns[at]._replace(unit="count"), *table.columns[at + 1 :])
    rows = tuple((*values[:at], Decimal(str(values[at])) if values[at] else None, *values[at + 1 :]) for values in table.rows)
    return table._replace(columns=columns, rows=rows)


def _open(first: int, last: int, columns: int) -> Highlight:
    """Return the highlight of alerts that nobody has acknowledged."""
    return Highlight((first, LABEL), (last, LABEL + columns - 1), f'${relative(first, STATE)}="open"', styles.GOOD)
