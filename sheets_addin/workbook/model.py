"""A workbook as a value: worksheets, cells, formulas and their look; independent of file formats and services.

Rows and columns count from 0. A formula is written without its equals sign and in the common language of Google
Sheets, Excel and LibreOffice; everything else in a cell is a value, so text that starts with = stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import tzinfo

Key = TypeVar("Key")
Value = TypeVar("Value")
Align = Literal["left", "center", "right"]
Place = tuple[int, int]
MAX_CHARACTERS, MAX_TITLE = 10_000, 31
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
NOT_IN_CELLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Formula:
    """A native formula, without the equals sign."""

    text: str


Content = Decimal | date | datetime | str | Formula | None  # an instant is shown in its own zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A cell's format, and whether people may edit it while the worksheet is protected.

    number: a number format code. Colours are #RRGGBB; top, bottom, box: the colour of those lines.
    """

    number: str = "General"
    bold: bool = False
    italic: bool = False
    size: int = 10
    color: str = "#1F2933"
    fill: str | None = None
    align: Align | None = None
    wrap: bool = False
    indent: int = 0
    top: str | None = None
    bottom: str | None = None
    box: str | None = None
    is_input: bool = False


PLAIN = Format()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's content, its format, and its note."""

    content: Content
    format: Format = PLAIN
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells of one worksheet; both ends are inclusive."""

    worksheet: str
    first: Place
    last: Place

    @property
    def a1(self) -> str:
        """The rectangle as in formulas, from any worksheet."""
        ends = [absolute(*self.first)] if self.first == self.last else [absolute(*self.first), absolute(*self.last)]
        return f"{quote_title(self.worksheet)}!{':'.join(ends)}"

    def places(self) -> list[Place]:
        """Return every cell's place, row by row."""
        rows, columns = range(self.first[0], self.last[0] + 1), range(self.first[1], self.last[1] + 1)
        return [(row, column) for row in rows for column in columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The valid content of a cell; the formula has the cell's own address as {cell} and is true for a valid value.

    choices: the values to pick from, shown as a list. title, message: shown when the cell is selected and for an invalid value.
    """

    place: Place
    title: str
    message: str
    formula: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """A conditional format: the look of a rectangle's cells if the formula, written for its first cell, is true."""

    first: Place
    last: Place
    formula: str
    format: Format


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One series of a chart; its name comes from the worksheet too."""

    name: Area
    x: Area
    y: Area
    color: str
    style: Literal["solid", "dashed", "points"] = "solid"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSpec:
    """A chart over cells: bars are horizontal, first on top; curves have numbers on both axes, lines texts along x.

    place: of its upper left corner; width and height in pixels. has_days: the x axis shows days, and does not start at 0.
    is_signed: some values are below 0.
    """

    kind: Literal["bars", "curves", "lines"]
    title: str
    lines: tuple[ChartLine, ...]
    x_title: str | None
    y_title: str | None
    x_number: str
    y_number: str
    place: Place
    width: int
    height: int
    has_days: bool = False
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Cells that belong together, and their names in formulas."""

    cells: Mapping[Place, Cell]
    names: Mapping[str, tuple[Place, Place]] = field(default_factory=dict)
    validations: tuple[Validation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """One sheet. widths: columns in characters; heights: rows in points; the rows above `frozen` stay visible.

    repeated: rows printed at the top of every page, both ends inclusive. pages_wide: the number of pages side by side for the
    columns, with those left of `frozen` on each; one page high if `is_one_page`.
    row_keys: the subject of a row, such as a day, in tables whose rows change; what people write beside a row then stays beside
    it.
    movable: first and last row of each table whose rows may be in any order: on an existing sheet, a row keeps its position
    when others outgrow it.
    column_keys: the same for columns; keys contain no blanks. arrange: returns the worksheet again, with these of its columns
    first and in this order, so that a column keeps its position when others outgrow it.
    filtered: the first and last cell of a table, including its headers, that people may filter by the values of a column.
    page_starts: rows that start a printed page, so that no chart is cut in two; print_scale: the scale of these
    pages. last_printed_column: columns beyond it are for the screen only.
    as_of: the day of its figures, on worksheets that show a notice if these could not be refreshed.
    """

    title: str
    block: Block
    widths: Mapping[int, float]
    heights: Mapping[int, float] = field(default_factory=dict)
    frozen: Place = (0, 0)
    highlights: tuple[Highlight, ...] = ()
    pictures: tuple[ChartSpec, ...] = ()
    repeated: tuple[int, int] | None = None
    is_landscape: bool = True
    is_one_page: bool = False
    pages_wide: int = 1
    row_keys: Mapping[int, str] = field(default_factory=dict)
    movable: tuple[tuple[int, int], ...] = ()
    column_keys: Mapping[int, str] = field(default_factory=dict)
    filtered: tuple[Place, Place] | None = None
    page_starts: tuple[int, ...] = ()
    print_scale: float | None = None
    last_printed_column: int | None = None
    arrange: Callable[[Sequence[str]], Worksheet] | None = field(default=None, compare=False, repr=False)
    as_of: date | None = None

    @property
    def cells(self) -> Mapping[Place, Cell]:
        """All cells."""
        return self.block.cells

    @property
    def names(self) -> dict[str, Area]:
        """The named rectangles of this worksheet."""
        return {name: Area(self.title, *ends) for name, ends in self.block.names.items()}


@dataclass(frozen=True, slots=True)
class Workbook:
    """Worksheets in order. made_on: the day of its prices, which is also its creation date."""

    title: str
    subject: str
    made_on: date
    worksheets: tuple[Worksheet, ...]

    @property
    def names(self) -> dict[str, Area]:
        """Every named rectangle. Raises: ValueError, if two worksheets define the same name."""
        return _all_different((name, area) for sheet in self.worksheets for name, area in sheet.names.items())

    def worksheet(self, title: str) -> Worksheet:
        """Return the worksheet with that title. Raises: KeyError."""
        return {sheet.title: sheet for sheet in self.worksheets}[title]


def in_zone(sheet: Worksheet, zone: tzinfo) -> Worksheet:
    """Return the worksheet with its instants in the local time of a zone."""
    instants = {place: cell for place, cell in sheet.cells.items() if isinstance(cell.content, datetime)}
    shown = {place: replace(cell, content=_by_clock(cell.content, zone)) for place, cell in instants.items()}
    arrange = sheet.arrange
    return replace(
        sheet,
        block=replace(sheet.block, cells={**sheet.cells, **shown}),
        arrange=(lambda order: in_zone(arrange(order), zone)) if arrange else None,
    )


def _by_clock(content: Content, zone: tzinfo) -> Content:
    return content.astimezone(zone) if isinstance(content, datetime) else content


def fit_title(text: str) -> str:
    """Return a text as the title of a sheet: at most 31 characters, without those that Excel forbids."""
    plain = NOT_IN_TITLES.sub("-", text).strip("'")
    return plain if len(plain) <= MAX_TITLE else f"{plain[: MAX_TITLE - 1].rstrip()}…"


def plain_text(text: str) -> str:
    """Return a text that every program stores and returns unchanged: only line feeds end lines, nothing is invisible.

    Text longer than MAX_CHARACTERS ends in an ellipsis: Excel refuses more than 32,767, Google more than 50,000.
    """
    if len(text) > MAX_CHARACTERS:
        text = f"{text[: MAX_CHARACTERS - 1]}…"
    return NOT_IN_CELLS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def join_blocks(*blocks: Block) -> Block:
    """Return the blocks as one. Raises: ValueError, if two of them write the same cell or define the same name."""
    return Block(
        _all_different(item for block in blocks for item in block.cells.items()),
        _all_different(item for block in blocks for item in block.names.items()),
        tuple(validation for block in blocks for validation in block.validations),
    )


def _all_different(items: Iterable[tuple[Key, Value]]) -> dict[Key, Value]:
    found: dict[Key, Value] = {}
    for key, value in items:
        if key in found:
            message = f"{key} is taken twice"
            raise ValueError(message)
        found[key] = value
    return found


def row_of(row: int, first_column: int, contents: Iterable[Content], style: Format = PLAIN) -> Block:
    """Return cells side by side, all in one format; None leaves an empty cell in that format."""
    return Block({(row, first_column + index): Cell(content, style) for index, content in enumerate(contents)})


def column_letters(column: int) -> str:
    """Return A for 0 and AA for 26."""
    higher, letter = divmod(column, 26)
    return (column_letters(higher - 1) if higher else "") + chr(ord("A") + letter)


def relative(row: int, column: int) -> str:
    """Return a reference such as C5."""
    return f"{column_letters(column)}{row + 1}"


def absolute(row: int, column: int) -> str:
    """Return a reference such as $C$5."""
    return f"${column_letters(column)}${row + 1}"


def quote_title(worksheet: str) -> str:
    """Return a worksheet's title as in formulas."""
    return "'" + worksheet.replace("'", "''") + "'"


def number_in_formula(value: Decimal) -> str:
    """Return a number in the form of every locale's formulas: fractions as a quotient, because the decimal mark differs."""
    whole, places = value.normalize(), -int(value.normalize().as_tuple().exponent)
    return f"{value:f}" if places <= 0 and value == value.to_integral_value() else f"({whole.scaleb(places):f}/{10**places})"


def text_in_formula(text: str) -> str:
    """Return a text as in formulas."""
    return '"' + text.replace('"', '""') + '"'
