"""Tables and figures of an answer as cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING
from zlib import crc32

from core.answer import CURRENCIES
from sheets_addin.workbook import styles
from sheets_addin.workbook.model import Block, Cell, join_blocks, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.answer import Answer, Column, Table, Unit, Value
    from sheets_addin.workbook.model import Content, Format

LABEL = 1
STATUS_ROW = 2
FIRST_ROW = 4
"""The first row below the title, the line under it and the status."""
LINE_POINTS, PADDING_POINTS = 13.5, 4.5
KEY_LENGTH = 40
FILLED = 0.9
"""The share of a line that words fill on average before they wrap."""
NUMBERS: dict[Unit, str] = {
    "usd": styles.USD_CENTS,
    "percent": styles.PERCENT,
    "day": styles.DAY,
    "instant": styles.INSTANT,
    "credits": styles.COUNT,
    "text": "General",
}


def number_for(unit: Unit) -> str:
    """Return the number format of a unit."""
    return styles.money(CURRENCIES[unit]) if unit in CURRENCIES else NUMBERS.get(unit, styles.COUNT)


def unit_of(number: str) -> Unit:
    """Return the unit of a number format; a plain number if several units share it."""
    return next((unit for unit, one in NUMBERS.items() if one == number and unit != "text"), "count")


def content_of(value: Value, unit: Unit) -> Content:
    """Return a value as cell content: percent as a fraction, everything else as it is."""
    if isinstance(value, Decimal):
        return value / Decimal(100) if unit == "percent" else value
    return value or None if isinstance(value, str) else value


def style_for(unit: Unit, style: Format = styles.LABEL) -> Format:
    """Return the format of a table's cell; text is left-aligned, everything else right-aligned."""
    return replace(style, wrap=True) if unit == "text" else styles.number_format(number_for(unit), style)


def top(title: str, said: str) -> Block:
    """Return the title, the line below it, and the empty cell for the notice on old figures."""
    cells = {
        (0, LABEL): Cell(title, styles.TITLE),
        (1, LABEL): Cell(said, styles.SUBTITLE),
        (STATUS_ROW, LABEL): Cell(None, styles.WRONG),
    }
    return Block(cells)


def header(row: int, column: int, columns: tuple[Column, ...]) -> Block:
    """Return the headers of a table, text columns left-aligned."""
    heads = [
        row_of(row, column + index, (one.label,), styles.HEADER_LEFT if one.unit == "text" else styles.HEADER)
        for index, one in enumerate(columns)
    ]
    return join_blocks(*heads)


def table_block(row: int, column: int, table: Table) -> Block:
    """Return a table: heading, headers, rows."""
    heading = row_of(row, column, (table.title, *[None] * (len(table.columns) - 1)), styles.HEADING)
    lines = [_line(row + 2 + index, column, table.columns, values) for index, values in enumerate(table.rows)]
    return join_blocks(heading, header(row + 1, column, table.columns), *lines)


def _line(row: int, column: int, columns: tuple[Column, ...], values: tuple[Value, ...]) -> Block:
    pairs = zip(columns, values, strict=True)
    return Block(
        {(row, column + at): Cell(content_of(value, one.unit), style_for(one.unit)) for at, (one, value) in enumerate(pairs)}
    )


def keys_of(table: Table, first_row: int, prefix: str) -> dict[int, str]:
    """Return a key for each of the table's rows, from its first value.

    Rows that start alike use as many further values as it takes to distinguish them; rows that are equal are numbered.
    """
    said = [_say(values[:1]) for values in table.rows]
    alike = {text for text, times in Counter(said).items() if times > 1}
    for places in range(2, len(table.columns) + 1) if alike else ():
        longer = [_say(values[:places]) for values in table.rows]
        alone = {text for text, times in Counter(longer).items() if times == 1}
        said = [more if one in alike and more in alone else one for one, more in zip(said, longer, strict=True)]
    keys, seen = dict[int, str](), Counter[str]()
    for row, text in enumerate(said, first_row):
        seen[text] += 1
        keys[row] = f"{prefix}{text}" + (f"#{seen[text]}" if seen[text] > 1 else "")
    return keys


def _say(values: Sequence[Value]) -> str:
    """Return a row's name, short enough for a spreadsheet's metadata."""
    text = "|".join(str(value) for value in values)
    return text if len(text) <= KEY_LENGTH else f"{text[:KEY_LENGTH]}~{crc32(text.encode()):x}"


def together(answers: Iterable[Answer]) -> list[Table]:
    """Return each table with the rows of all answers; a message to two teams appears once."""
    found: dict[str, Table] = {}
    for table in (table for answer in answers for table in answer.tables):
        known = found.get(table.key)
        rows = (known.rows if known else ()) + table.rows
        found[table.key] = table._replace(rows=tuple(dict.fromkeys(rows)))
    return list(found.values())


def row_height(texts: Iterable[tuple[object, float]]) -> float:
    """Return the height in points of a row with texts that wrap, each with its column's width in characters."""
    lines = (sum(ceil(len(line) / (width * FILLED)) for line in str(said).splitlines()) for said, width in texts if said)
    return PADDING_POINTS + LINE_POINTS * max(lines, default=1)


def figure_value(answer: Answer, key: str) -> Content:
    """Return a figure as cell content; empty if the answer does not have it."""
    found = next((figure for figure in answer.figures if figure.key == key), None)
    return content_of(found.value, found.unit) if found else None
