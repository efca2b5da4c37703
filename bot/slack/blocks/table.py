"""Tables of an answer, as Slack's own blocks and as lines of text, within Slack's limits."""

from __future__ import annotations

from decimal import Decimal
from itertools import repeat
from typing import TYPE_CHECKING

from bot.slack.blocks import elements, limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.text import one_line
from core.answer import cell, group_digits, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.slack.blocks.elements import Block
    from core.answer import Column, GlanceTable, Table, Value

CELL_CHARACTERS, NAME_CHARACTERS = 120, 60
# A longer word in a name, which no phone wraps, would push the numbers after it out of view.
UNBROKEN_CHARACTERS = 24
ROWS_PER_PAGE = 12
NAME_AND_TEXT = 2
WRITTEN_ROWS = limits.MESSAGE_TEXT // len("• –\n")
CAPTION_CHARACTERS = 120


def visible_columns(table: Table) -> list[int]:
    """Return the positions of the columns to show: all except details and columns without a value, as many as Slack accepts."""
    return _valued_columns(table)[: room(limits.TABLE_COLUMNS)]


def _valued_columns(table: Table) -> list[int]:
    return [place for place, column in enumerate(table.columns) if not column.is_detail and _has_value(table, place)]


def _has_value(table: Table, place: int) -> bool:
    return any(row[place] is not None for row in table.rows)


def table_block(table: Table, marks: Mapping[str, str], budget: int, total: int | None = None) -> tuple[Block, int]:
    """Return a table's block, and how many of its rows it shows.

    marks: words to put after the name of a row, by the row's key or name. budget: the maximum of characters in its cells.
    total: the number of rows, if not all were passed.
    """
    places = visible_columns(table)
    head = [elements.text_cell(one_line(table.columns[place].label, CELL_CHARACTERS)) for place in places]
    rows = [head]
    left = budget - limits.characters(head)
    for values in table.rows[: room(limits.TABLE_ROWS) - 1]:
        row = [_cell(values[place], table.columns[place]) for place in places]
        row[0] = _row_header(row[0], _mark(values, places, marks))
        left -= limits.characters(row)
        if left < 0 and len(rows) > 1:
            break
        rows.append(row)
    caption = one_line(table.title, CAPTION_CHARACTERS) + _partly(len(rows) - 1, len(table.rows) if total is None else total)
    caption += _partly_wide(len(places), len(_valued_columns(table)))
    return elements.table(caption, rows, ROWS_PER_PAGE), len(rows) - 1


def glance_block(table: Table, shown: GlanceTable, marks: Mapping[str, str], budget: int) -> Block:
    """Return the shown part of a table as a block: cells sort by their exact value and are written as in the glance.

    marks, budget: as in `table_block`.
    """
    head = [elements.text_cell(one_line(column.label, CELL_CHARACTERS)) for column in shown.columns]
    rows, left = [head], budget - limits.characters(head)
    room_for_names = _room_for_names([texts[0] for _, texts in _rows_of(table, shown)])
    for values, texts in _rows_of(table, shown):
        cells = [_read_cell(value, one_line(text, CELL_CHARACTERS)) for value, text in zip(values, texts, strict=True)]
        cells[0] = _row_header(cells[0], marks.get(str(values[0])), room_for_names)
        left -= limits.characters(cells)
        if left < 0 and len(rows) > 1:
            break
        rows.append(cells)
    total = len(shown.rows) + shown.more
    partly = (
        f" · the last {group_digits(len(rows) - 1)} of {group_digits(total)}" if shown.earlier else _partly(len(rows) - 1, total)
    )
    return elements.table(one_line(table.title, CAPTION_CHARACTERS) + partly, rows, ROWS_PER_PAGE)


def glance_lines(table: Table, shown: GlanceTable, marks: Mapping[str, str]) -> list[str]:
    """Return the shown part of a table as text: its title, then a line for each row that names every value."""
    written = []
    for values, texts in _rows_of(table, shown):
        name, *rest = (one_line(text, CELL_CHARACTERS) for text in texts)
        mark = marks.get(str(values[0]))
        said = [f"{one_line(column.label, CELL_CHARACTERS)} {text}" for column, text in zip(shown.columns[1:], rest, strict=True)]
        written.append(f"• {name}{f' ({mark})' if mark else ''}" + (f": {', '.join(said)}" if said else ""))
    return [f"{one_line(table.title, CAPTION_CHARACTERS)}:", *written]


def _rows_of(table: Table, shown: GlanceTable) -> Iterator[tuple[list[Value], tuple[str, ...]]]:
    """Yield the exact values of each shown row, and their text."""
    places = [next(at for at, column in enumerate(table.columns) if column.key == one.key) for one in shown.columns]
    for row, texts in zip(table.rows[shown.earlier :], shown.rows, strict=False):
        yield [row[place] for place in places], texts


def _read_cell(value: Value, text: str) -> Block:
    return elements.number_cell(value, text) if isinstance(value, Decimal) else elements.text_cell(text)


def table_lines(table: Table, marks: Mapping[str, str]) -> list[str]:
    """Return a table as text: its title, then a line for each row that names every value; a single text needs no name.

    Rows beyond those that fit any text are empty lines: they are only counted.
    """
    places = visible_columns(table)
    written = [_row_line(table.columns, row, places, marks) for row in table.rows[:WRITTEN_ROWS]]
    return [f"{one_line(table.title, CAPTION_CHARACTERS)}:", *written, *repeat("", len(table.rows) - len(written))]


def _row_line(columns: Sequence[Column], row: Sequence[Value], places: Sequence[int], marks: Mapping[str, str]) -> str:
    name, *values = (one_line(cell(row[place], columns[place].unit), CELL_CHARACTERS) for place in places)
    mark = _mark(row, places, marks)
    labels = [f"{one_line(columns[place].label, CELL_CHARACTERS)} " for place in places[1:]]
    if len(places) == NAME_AND_TEXT and columns[places[1]].unit == "text":
        labels = [""]
    said = (f"{label}{value}" for label, value in zip(labels, values, strict=True))
    return f"• {name}{f' ({mark})' if mark else ''}: {', '.join(said)}" if values else f"• {name}"


def _mark(row: Sequence[Value], places: Sequence[int], marks: Mapping[str, str]) -> str | None:
    return marks.get(str(row[0])) or marks.get(str(row[places[0]]))


def _cell(value: Value, column: Column) -> Block:
    return _read_cell(value, one_line(cell(value, column.unit), CELL_CHARACTERS))


def _room_for_names(names: Sequence[str]) -> int:
    """Return the maximum length of a row's name: on a phone it must not hide the other columns, if names stay distinct."""
    is_wide = max((len(word) for name in names for word in name.split()), default=0) > UNBROKEN_CHARACTERS
    stay_apart = len({shorten(name, UNBROKEN_CHARACTERS) for name in names}) == len(set(names))
    return UNBROKEN_CHARACTERS if is_wide and stay_apart else NAME_CHARACTERS


def _row_header(block: Block, mark: str | None, room_for_name: int = NAME_CHARACTERS) -> Block:
    """Return a row's first cell, with its mark, short enough to leave room for the others."""
    name = shorten(block["text"], room_for_name)
    return elements.text_cell(f"{name} · {mark}") if mark else block | {"text": name}


def _partly(shown: int, total: int) -> str:
    return f" · the first {group_digits(shown)} of {group_digits(total)}" if shown < total else ""


def _partly_wide(shown: int, total: int) -> str:
    return f" · {shown} of {total} columns" if shown < total else ""
