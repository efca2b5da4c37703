"""Tables as text of limited width: texts are wrapped, then headers, then columns are dropped, with a note."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from core.answer import LEFT_ALIGNED, shorten
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.answer import Column, GlanceTable

INDENT = "  "
GAP = "  "
NARROWEST_TEXT, NARROWEST_NAME = 16, 24


class TextTable(NamedTuple):
    """A table laid out: its heads, its rows, each of one line or more, and the labels of the columns that found no room."""

    head: tuple[str, ...]
    rule: str
    rows: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...]


def lay_out(table: GlanceTable, width: int, most_lines: int | None = None) -> TextTable:
    """Return a table in lines of at most `width` characters. most_lines: of a row; longer texts are cut, which shows."""
    labels = [column.label for column in table.columns]
    places = _fitting_places(table, labels, width)
    columns = [table.columns[place] for place in places]
    rows = [[row[place] for place in places] for row in table.rows]
    heads = [labels[place] for place in places]
    widths = _widths(columns, heads, rows, width)
    return TextTable(
        tuple(_lines(heads, columns, widths)),
        INDENT + GAP.join("─" * size for size in widths),
        tuple(tuple(_lines(row, columns, widths, most_lines)) for row in rows),
        tuple(label for place, label in enumerate(labels) if place not in places),
    )


def _fitting_places(table: GlanceTable, labels: Sequence[str], width: int) -> list[int]:
    """Return the places of the columns that fit, when the lightest are left out; the first always stays."""
    places = list(range(len(table.columns)))
    while len(places) > 1 and _narrowest(table, labels, places) > width:
        lightest = min(places[1:], key=lambda place: (table.weights[place], -place))
        places.remove(lightest)
    return places


def _narrowest(table: GlanceTable, labels: Sequence[str], places: Sequence[int]) -> int:
    """Return the least width that these columns can be shown in."""
    sizes = [_least(table.columns[place], labels[place], [row[place] for row in table.rows], place) for place in places]
    return len(INDENT) + sum(sizes) + len(GAP) * (len(sizes) - 1)


def _least(column: Column, label: str, texts: Sequence[str], place: int) -> int:
    """Return the least width of a column: numbers are never wrapped, texts and heads between words, names last."""
    widest = max(map(len, texts), default=0)
    if column.unit == "text":
        widest = min(widest, NARROWEST_NAME if place == 0 else NARROWEST_TEXT)
    return max(widest, _longest_word(label))


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _widths(columns: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column; heads give way first, then texts, the widest first."""
    texts = [[row[place] for row in rows] for place in range(len(columns))]
    least = [_least(*given, place) for place, given in enumerate(zip(columns, heads, texts, strict=True))]
    widest = [max(len(head), *map(len, column), 0) for head, column in zip(heads, texts, strict=True)]
    room = width - len(INDENT) - len(GAP) * (len(columns) - 1)
    widths = list(widest)
    for floor in ([max(low, *map(len, column), 0) for low, column in zip(least, texts, strict=True)], least):
        while sum(widths) > room:
            wide = [place for place, size in enumerate(widths) if size > floor[place]]
            if not wide:
                break
            place = max(wide, key=lambda one: widths[one] - floor[one])
            widths[place] = max(floor[place], widths[place] - (sum(widths) - room))
    return [max(min(size, room), 1) for size in widths]


def _lines(
    cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], most_lines: int | None = None
) -> Iterator[str]:
    wrapped = [cut(wrap(text, size), size, most_lines) for text, size in zip(cells, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        aligned = (_align(part, column, size) for part, column, size in zip(parts, columns, widths, strict=True))
        yield (INDENT + GAP.join(aligned)).rstrip()


def cut(lines: list[str], width: int, most_lines: int | None) -> list[str]:
    """Return at most so many of the lines; the last one shows that more was there."""
    if most_lines is None or len(lines) <= most_lines:
        return lines
    return [*lines[: most_lines - 1], shorten(f"{lines[most_lines - 1]} {lines[most_lines]}", width)]


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Return the text in lines of at most `width` characters; only words that are longer are broken."""
    room = max(width, len(indent) + 1)
    return textwrap.wrap(text, room, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False) or [""]


def printable(text: str) -> str:
    """Return the text without control characters, which could move the cursor or colour what follows."""
    return "".join(char if char in "\n\u00a0" or char.isprintable() else "�" for char in text)


def _align(text: str, column: Column, size: int) -> str:
    return text.ljust(size) if column.unit in LEFT_ALIGNED else text.rjust(size)
