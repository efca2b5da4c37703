"""The worksheet of any answer: its sentence, named figures, tables, charts over their own cells, and how it was reached.

Results that only core can compute (a forecast, a purchase plan) are values of the day; the comparison and the
wallet have worksheets of their own, with formulas.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from math import ceil
from textwrap import wrap
from typing import TYPE_CHECKING

from core.answer import day
from core.records import NamedTuple
from sheets_addin.workbook import (
    FIRST_ROW,
    LABEL,
    Area,
    Block,
    Cell,
    ChartLine,
    ChartSpec,
    Highlight,
    Worksheet,
    content_of,
    join_blocks,
    keys_of,
    number_for,
    row_height,
    row_of,
    styles,
    table_block,
    top,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from core.answer import Answer, Chart, Column, Figure, Table, Unit, Value
    from sheets_addin.workbook import Content, Place

LABEL_WIDTH, MIN_WIDTH, MAX_WIDTH, TEXT_WIDTH, MAX_TEXT_WIDTH = 40.0, 14.0, 26.0, 18.0, 40.0
LABEL_SHARE = 0.75
"""The width of a heading that wraps to two lines, as a share of its letters."""
TEXT_SHARE = 1.15
"""The width of a column in which a text stays on one line, relative to its letters."""
MIN_BARS, MAX_BARS = 2, 16
SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
DASH = "–"
CHART_WIDTH, CHART_HEIGHT = 620, 280
ROWS_A_CHART = 15
"""Rows of 15 points that a chart covers, and one more."""
PAGE_WIDTH, PAGE_HEIGHT = 520.0, 710.0
"""The points that both A4 and Letter have between their margins, in portrait."""
MIN_SCALE, LEAST_SCALE, DEFAULT_WIDTH, ROW_POINTS, POINTS_A_CHARACTER, POINTS_A_PIXEL = 0.6, 0.45, 8.43, 15.0, 5.4, 0.75
"""Text of 10 points is readable down to 6; the rest are Excel's own values."""
LETTER_SHARE, SMALL_PRINT = 0.9, 1.3
"""The width of a letter in a sentence of size 10, relative to a digit's; how many letters of size 9 fit a digit's width."""
FONT_MARGIN = 0.95
"""The width of a column depends on its font, which differs between programs."""
HOW, NOTES, SOURCES = "How it was reached", "What to know", "Sources"


class Section(NamedTuple):
    """An answer, and its subject if the worksheet shows several: "department Sales"."""

    part: str
    answer: Answer


class PrintLayout(NamedTuple):
    """The print layout of a worksheet. scale: to one page, else to the width of one; starts: rows that start a further page.

    pages_wide: the number of pages side by side, the first column on each, if one page would be too small to read.
    """

    is_landscape: bool
    scale: float
    is_one_page: bool = True
    starts: tuple[int, ...] = ()
    pages_wide: int = 1


class AnswerPage:
    """A worksheet being filled from top to bottom. whole: first and last rows that no page break splits."""

    def __init__(self, title: str, prefix: str) -> None:
        self.title, self.prefix, self.row = title, prefix, FIRST_ROW
        self.blocks: list[Block] = []
        self.keys: dict[int, str] = {}
        self.heights: dict[int, float] = {0: 30}
        self.widths: dict[int, float] = {0: 2, LABEL: LABEL_WIDTH}
        self.pictures: list[ChartSpec] = []
        self.highlights: list[Highlight] = []
        self.whole: list[tuple[int, int]] = []
        self.last_printed_column: int | None = None
        self.names: set[str] = set()
        self.tables: list[tuple[Place, Place]] = []
        self.movable: list[tuple[int, int]] = []

    def put(self, block: Block, rows: int) -> None:
        """Add a block of that many rows, and an empty row."""
        self.blocks.append(block)
        self.row += rows + 1


def worksheet(title: str, prefix: str, sections: Sequence[Section]) -> Worksheet:
    """Return the worksheet of one answer, or of one for each part of the wallet that a spreadsheet may show.

    prefix: of the names of its figures, such as `forecast` for `forecast_depletion_day`.
    """
    page = AnswerPage(title, prefix)
    for section in sections:
        add_section(page, section)
    first = sections[0].answer
    said = first.headline if len(sections) == 1 else first.title
    page.blocks.append(top(first.title, f"{said} As of {day(first.as_of)}."))
    return worksheet_of(page, first.as_of)


def worksheet_of(page: AnswerPage, as_of: date) -> Worksheet:
    """Return a page as a worksheet with figures of that day."""
    print_layout = _print_layout(page)
    return Worksheet(
        title=page.title,
        block=join_blocks(*page.blocks),
        widths=page.widths,
        heights=page.heights,
        frozen=(2, LABEL + 1 if print_layout.pages_wide > 1 else 0),
        highlights=tuple(page.highlights),
        pictures=tuple(page.pictures),
        is_landscape=print_layout.is_landscape,
        is_one_page=print_layout.is_one_page,
        pages_wide=print_layout.pages_wide,
        page_starts=print_layout.starts,
        print_scale=print_layout.scale,
        last_printed_column=_last_column(page),
        row_keys=page.keys,
        movable=tuple(page.movable),
        filtered=page.tables[0] if len(page.tables) == 1 else None,
        as_of=as_of,
    )


def _print_layout(page: AnswerPage) -> PrintLayout:
    """Return the orientation of the page that shows most of the worksheet, its scale, and where further pages start."""
    width = _width_to(page, _last_column(page)) * POINTS_A_CHARACTER
    height = sum(page.heights.get(row, ROW_POINTS) for row in range(page.row))
    ways = (
        PrintLayout(is_landscape=False, scale=min(1.0, PAGE_WIDTH / width, PAGE_HEIGHT / height)),
        PrintLayout(is_landscape=True, scale=min(1.0, PAGE_HEIGHT / width, PAGE_WIDTH / height)),
    )
    best = max(ways, key=lambda way: way.scale)
    if best.scale >= MIN_SCALE:
        return best
    is_landscape = width > PAGE_WIDTH / MIN_SCALE
    across, down = (PAGE_HEIGHT, PAGE_WIDTH) if is_landscape else (PAGE_WIDTH, PAGE_HEIGHT)
    scale = min(1.0, FONT_MARGIN * across / width)
    if scale < LEAST_SCALE:
        return PrintLayout(is_landscape, MIN_SCALE, is_one_page=False, pages_wide=_pages_wide(page, across / MIN_SCALE))
    return PrintLayout(
        is_landscape, scale, is_one_page=False, starts=page_starts(page.row, page.heights, page.whole, down / scale)
    )


def _pages_wide(page: AnswerPage, across: float) -> int:
    """Return how many pages side by side, of that many points, fit all columns, with the first one on each."""
    first = _width_to(page, LABEL) * POINTS_A_CHARACTER
    others = _width_to(page, _last_column(page)) * POINTS_A_CHARACTER - first
    return ceil(others / (across - first))


def _last_column(page: AnswerPage) -> int:
    """Return the last printed column: of the cells, the charts and the line below the title."""
    if page.last_printed_column is not None:
        return page.last_printed_column
    said = next((block.cells[1, LABEL].content for block in page.blocks if (1, LABEL) in block.cells), None)
    reach = len(said) * LETTER_SHARE if isinstance(said, str) else 0.0
    charts = CHART_WIDTH * POINTS_A_PIXEL / POINTS_A_CHARACTER if page.pictures else 0.0
    last = max(max((column for block in page.blocks for _, column in block.cells), default=LABEL), LABEL)
    while _width_to(page, last) - page.widths[0] < max(reach, charts):
        last += 1
    return last


def _width_to(page: AnswerPage, last: int) -> float:
    """Return the total width, in characters, of the columns up to the last one."""
    return sum(page.widths.get(column, DEFAULT_WIDTH) for column in range(last + 1))


def page_starts(rows: int, heights: Mapping[int, float], whole: Sequence[tuple[int, int]], room: float) -> tuple[int, ...]:
    """Return the rows that start further pages, each of that many points, so that related rows stay together.

    heights: in points, of rows that differ. whole: first and last rows that belong together.
    """
    starts: list[int] = []
    left = room
    for row in range(rows):
        height = heights.get(row, ROW_POINTS)
        together = next((last for first, last in whole if first == row), row)
        needed = sum(heights.get(one, ROW_POINTS) for one in range(row, together + 1))
        if height > left or (needed > left and needed <= room):
            starts.append(row)
            left = room
        left -= height
    return tuple(starts)


def scale_to_width(widths: Mapping[int, float]) -> float:
    """Return the scale at which columns of that many characters fit across a landscape page."""
    return min(1.0, FONT_MARGIN * PAGE_HEIGHT / (sum(widths.values()) * POINTS_A_CHARACTER))


def add_section(page: AnswerPage, section: Section) -> None:
    """Write an answer below the page's content: figures, tables, charts and words."""
    part, answer = section
    start = f"{part}-" if part else ""
    if part:
        page.put(Block({(page.row, LABEL): Cell(f"{part}: {answer.headline}", styles.STRONG)}), 1)
    if answer.figures:
        page.keys[page.row] = f"{start}figures"
        page.keys |= {page.row + 1 + at: f"{start}figure-{one.key}" for at, one in enumerate(answer.figures)}
        page.movable.append((page.row + 1, page.row + len(answer.figures)))
        page.put(_figures(page, part, answer.figures), len(answer.figures) + 1)
    plotted = None if answer.charts else next(filter(_is_plottable, answer.tables), None)
    for whole in answer.tables:
        known = _without_key(whole)
        table = _without_slugs(known)
        page.keys |= {page.row: f"{start}table-{table.key}", page.row + 1: f"{start}head-{table.key}"}
        page.keys |= keys_of(known, page.row + 2, f"{start}{table.key}-")
        page.heights[page.row + 1] = 30
        page.tables.append(((page.row + 1, LABEL), (page.row + 1 + len(table.rows), LABEL + len(table.columns) - 1)))
        page.movable += [(page.row + 2, page.row + 1 + len(table.rows))] if table.rows else []
        _widen(page, table)
        _heighten(page, table)
        top_row = page.row
        page.put(_left_first(table_block(page.row, LABEL, table)), len(table.rows) + 2)
        if whole is plotted:
            _plot_table(page, table, top_row)
    for chart in answer.charts:
        _add_chart(page, start, chart)
    add_words(page, start, answer)


def add_words(page: AnswerPage, start: str, answer: Answer) -> None:
    """Write an answer's notes, how it was reached, and its sources."""
    # If columns continue over several pages, the words stay on the first page.
    width = min(_width_to(page, _last_column(page)), PAGE_HEIGHT / LEAST_SCALE / POINTS_A_CHARACTER)
    across = int(width * SMALL_PRINT)
    for heading, texts in _words(answer):
        lines = {
            f"{at}.{nth}" if nth else str(at): line
            for at, text in enumerate(texts, 1)
            for nth, line in enumerate(wrap(text, across))
        }
        page.keys |= {page.row + at: f"{start}{heading}-{key}" for at, key in enumerate(["0", *lines])}
        page.put(_lines(page.row, heading, [*lines.values()]), len(lines) + 1)


def _figures(page: AnswerPage, part: str, figures: Sequence[Figure]) -> Block:
    head = row_of(page.row, LABEL, ("Figures", None), styles.HEADING)
    cells: dict[tuple[int, int], Cell] = {}
    names: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {}
    for row, one in enumerate(figures, page.row + 1):
        cells[row, LABEL] = Cell(one.label, styles.LABEL)
        value = DASH if one.value is None else content_of(one.value, one.unit)
        cells[row, LABEL + 1] = Cell(value, styles.number_format(number_for(one.unit), styles.STRONG))
        name = f"{page.prefix}_{one.key}"
        if not part and name not in page.names:
            page.names.add(name)
            names[name] = ((row, LABEL + 1), (row, LABEL + 1))
    page.widths[LABEL + 1] = max(page.widths.get(LABEL + 1, 0), TEXT_WIDTH)
    return join_blocks(head, Block(cells, names))


def _without_key(table: Table) -> Table:
    """Return the table without a key that the next column expresses in words under the same heading."""
    if len(table.columns) < 2 or table.columns[0].label != table.columns[1].label:  # noqa: PLR2004 - a key and its words
        return table
    return table._replace(columns=table.columns[1:], rows=tuple(row[1:] for row in table.rows))


def _without_slugs(table: Table) -> Table:
    """Return the table without machine keys, such as per_user_add_on, that the next column expresses in words."""
    kept = [at for at in range(len(table.columns)) if not _is_slug(table, at)]
    columns, rows = tuple(table.columns[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in table.rows)
    return table._replace(columns=columns, rows=rows)


def _is_slug(table: Table, at: int) -> bool:
    columns = table.columns
    if not columns[at].is_detail or [one.unit for one in columns[at : at + 2]] != ["text", "text"]:
        return False
    said = [str(row[at]) for row in table.rows]
    return any("_" in text for text in said) and all(SLUG.fullmatch(text) for text in said)


def _is_plottable(table: Table) -> bool:
    """Whether bars suit a table: a few rows, each with a name and an amount of one kind."""
    shown = _without_slugs(_without_key(table))
    has_names = bool(shown.columns) and shown.columns[0].unit == "text"
    return has_names and MIN_BARS <= len(shown.rows) <= MAX_BARS and bool(_amounts(shown))


def _amounts(table: Table) -> list[int]:
    """Return the columns that a chart of the table shows: its first dollars or else credits, or both ends of a range.

    A column without an amount of 1 or more is not informative: it is empty, or has unit prices.
    """
    for unit in ("usd", "credits"):
        found = [at for at, one in enumerate(table.columns) if one.unit == unit and _has_amounts([row[at] for row in table.rows])]
        if found:
            is_range = table.columns[found[0]].key.endswith("_low") and len(found) > 1
            return found[: 1 + is_range]
    return []


def _has_amounts(values: Sequence[Value]) -> bool:
    return all(isinstance(one, Decimal) for one in values) and any(isinstance(one, Decimal) and abs(one) >= 1 for one in values)


def _plot_table(page: AnswerPage, table: Table, top_row: int) -> None:
    """Add a chart of a table's own cells, below it."""
    first, last = top_row + 2, top_row + 1 + len(table.rows)
    columns = _amounts(table)
    amounts = [row[at] for row in table.rows for at in columns]
    lines = tuple(
        ChartLine(
            Area(page.title, (first - 1, LABEL + at), (first - 1, LABEL + at)),
            Area(page.title, (first, LABEL), (last, LABEL)),
            Area(page.title, (first, LABEL + at), (last, LABEL + at)),
            color,
        )
        for at, color in zip(columns, styles.SERIES, strict=False)
    )
    heads = " to ".join(table.columns[at].label for at in columns)
    page.pictures.append(
        ChartSpec(
            kind="bars",
            title=f"{table.title}: {heads}",
            lines=lines,
            x_title=None,
            y_title=None,
            x_number="General",
            y_number=axis_number(table.columns[columns[0]].unit),
            place=(page.row, LABEL),
            width=CHART_WIDTH,
            height=CHART_HEIGHT,
            is_signed=any(isinstance(one, Decimal) and one < 0 for one in amounts),
        )
    )
    page.whole.append((page.row, page.row + ROWS_A_CHART))
    page.row += ROWS_A_CHART + 1


def _widen(page: AnswerPage, table: Table) -> None:
    for at, column in enumerate(table.columns[1:], 1):
        page.widths[LABEL + at] = max(page.widths.get(LABEL + at, 0), _width(column, [str(row[at] or "") for row in table.rows]))


def _width(column: Column, texts: Sequence[str]) -> float:
    if column.unit == "text":
        return min(max(TEXT_WIDTH, *(len(text) * TEXT_SHARE for text in texts), 0), MAX_TEXT_WIDTH)
    return min(max(MIN_WIDTH, len(column.label) * LABEL_SHARE), MAX_WIDTH)


def _left_first(block: Block) -> Block:
    """Return a table with its first column left-aligned, including days and numbers, as the subject of a row."""
    cells = {
        place: replace(cell, format=replace(cell.format, align="left")) if place[1] == LABEL else cell
        for place, cell in block.cells.items()
    }
    return replace(block, cells=cells)


def _heighten(page: AnswerPage, table: Table) -> None:
    """Set the height of rows whose texts wrap."""
    texts = [at for at, column in enumerate(table.columns) if column.unit == "text"]
    for row, values in enumerate(table.rows, page.row + 2):
        needed = row_height([(values[at], page.widths.get(LABEL + at, LABEL_WIDTH)) for at in texts])
        if needed > row_height([("x", LABEL_WIDTH)]):
            page.heights[row] = needed


def _add_chart(page: AnswerPage, start: str, chart: Chart) -> None:
    """Write a chart's figures as a table, with the chart below it."""
    xs = _places(chart)
    first, last = page.row + 2, page.row + 1 + len(chart.x)
    head = join_blocks(
        row_of(page.row, LABEL, (chart.title, *[None] * len(chart.series)), styles.HEADING),
        row_of(page.row + 1, LABEL, (None,), styles.HEADER_LEFT),
        row_of(page.row + 1, LABEL + 1, (one.label for one in chart.series), styles.HEADER),
    )
    number = number_for(chart.unit)
    along = _number_along(xs)
    cells = {(first + at, LABEL): Cell(x, replace(styles.LABEL, number=along, align="left")) for at, x in enumerate(xs)}
    for nth, one in enumerate(chart.series, LABEL + 1):
        cells |= {
            (first + at, nth): Cell(content_of(value, chart.unit), styles.number_format(number))
            for at, value in enumerate(one.values)
        }
        page.widths[nth] = max(page.widths.get(nth, 0), MIN_WIDTH)
    page.keys |= {page.row: f"{start}chart-{chart.key}", page.row + 1: f"{start}chart-head-{chart.key}"}
    page.keys |= {first + at: f"{start}chart-{chart.key}-{said}" for at, said in enumerate(chart.x)}
    page.movable.append((first, last))
    page.pictures.append(_picture(page, chart, xs, first, last))
    page.whole += [(page.row, last + 1 + ROWS_A_CHART), (last + 2, last + 1 + ROWS_A_CHART)]
    page.put(join_blocks(head, Block(cells)), len(chart.x) + 3 + ROWS_A_CHART)


def _places(chart: Chart) -> tuple[Content, ...]:
    """Return the values on the x axis: numbers if all are numbers, else texts."""
    try:
        return tuple(Decimal(one.replace(",", "")) for one in chart.x)
    except InvalidOperation:
        return chart.x


def _number_along(xs: Sequence[Content]) -> str:
    """Return the number format of an axis: with decimal places only if a number has some."""
    return styles.COUNT if all(isinstance(x, Decimal) and x == x.to_integral_value() for x in xs) else styles.AVERAGE


def _picture(page: AnswerPage, chart: Chart, xs: tuple[Content, ...], first: int, last: int) -> ChartSpec:
    def area(column: int, rows: tuple[int, int]) -> Area:
        return Area(page.title, (rows[0], column), (rows[1], column))

    lines = tuple(
        ChartLine(area(at, (first - 1, first - 1)), area(LABEL, (first, last)), area(at, (first, last)), color)
        for at, color in zip(range(LABEL + 1, LABEL + 1 + len(chart.series)), styles.SERIES, strict=False)
    )
    is_line = chart.kind in {"line", "area"}
    return ChartSpec(
        kind="curves" if is_line and isinstance(xs[0], Decimal) else "lines" if is_line else "bars",
        title=chart.title,
        lines=lines,
        x_title=None,
        y_title=None,
        x_number=_number_along(xs),
        y_number=axis_number(chart.unit),
        place=(last + 2, LABEL),
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
    )


def axis_number(unit: Unit) -> str:
    """Return the number format of an axis: whole dollars, else as in cells."""
    return styles.USD if unit == "usd" else number_for(unit)


def _words(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    said: Mapping[str, list[str]] = {
        NOTES: [note.text for note in answer.notes],
        HOW: [*answer.arithmetic],
        SOURCES: [f"{one.title}, read on {day(one.read_on)}" if one.read_on else one.title for one in answer.sources],
    }
    return ((heading, texts) for heading, texts in said.items() if texts)


def _lines(row: int, heading: str, texts: Sequence[str]) -> Block:
    hints = {(row + 1 + at, LABEL): Cell(text, styles.HINT) for at, text in enumerate(texts)}
    return join_blocks(row_of(row, LABEL, (heading, None), styles.HEADING), Block(hints))
