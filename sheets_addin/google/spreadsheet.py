"""The content of a Google spreadsheet, as a value: what one read returned, for the planner; independent of HTTP.

Rows, columns and positions count from 0 and ends are exclusive, as in Google's API; places are (row, column) as in
`sheets_addin.workbook.model`. What Google identifies keeps Google's id, and what we only compare (formats, rules, charts) keeps
Google's form.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

from core.records import NamedTuple
from sheets_addin.google.sheet_state import STATE_KEY, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheets_addin.workbook import Entered, Place

SHEET_KEY = "agentcost.sheet"
Json = dict[str, Any]  # decoded JSON
Where = Literal["spreadsheet", "sheet", "row", "column"]


class RemoteCell(NamedTuple):
    """One cell that is not empty.

    entered: what a person or a program entered, a formula without its equals sign; an error as its text, such as #REF!.
    format, validation: in Google's form, as entered; None if there is none.
    """

    entered: Entered
    format: Json | None = None
    note: str | None = None
    validation: Json | None = None


class Tag(NamedTuple):
    """One entry of developer metadata; it moves with what it is attached to. position: the row or column, else None."""

    id: int
    key: str
    value: str
    where: Where
    sheet_id: int | None = None
    position: int | None = None


class Rectangle(NamedTuple):
    """Cells of one sheet; an end that Google leaves open is None."""

    sheet_id: int
    first_row: int
    row_after_last: int | None
    first_column: int
    column_after_last: int | None


class RemoteName(NamedTuple):
    """A named range; without a rectangle if its cells were deleted."""

    id: str
    name: str
    rectangle: Rectangle | None


class RemoteChart(NamedTuple):
    """A chart over cells; place: the cell under its upper left corner, None on a sheet of its own."""

    id: int
    spec: Json
    place: Place | None
    size: tuple[int, int] | None


class RemoteProtection(NamedTuple):
    """A protected rectangle or sheet; rectangle None means a named range. details: all of it in Google's form."""

    id: int
    description: str
    rectangle: Rectangle | None
    details: Json

    @property
    def only_warns(self) -> bool:
        """Whether everybody may edit after a warning."""
        return bool(self.details.get("warningOnly"))

    @property
    def keeps_us_out(self) -> bool:
        """Whether the account that read it may not edit what it protects; Google omits values that are false."""
        return not self.only_warns and not self.details.get("requestingUserCanEdit")

    def touches(self, rows: int, columns: int) -> bool:
        """Whether it protects any of the first rows and columns of its sheet."""
        where = self.rectangle
        return where is None or (where.first_row < rows and where.first_column < columns)

    @property
    def is_of_sheet(self) -> bool:
        """Whether it protects a whole sheet; Google allows only one of these per sheet."""
        where = self.rectangle
        return where is not None and (where.row_after_last, where.column_after_last) == (None, None)


class BasicFilter(NamedTuple):
    """The filter of a sheet, which has at most one. criteria: the filter conditions, in Google's form."""

    rectangle: Rectangle
    criteria: Json


class RemoteSheet(NamedTuple):
    """One sheet. is_grid: False for a sheet that is only a chart or a data source, without cells.

    cells: None if they were not read. highlights: conditional format rules in order, in Google's form.
    """

    id: int
    title: str
    position: int
    rows: int
    columns: int
    frozen_rows: int = 0
    frozen_columns: int = 0
    is_hidden: bool = False
    is_grid: bool = True
    shows_gridlines: bool = True
    cells: Mapping[Place, RemoteCell] | None = None
    tags: tuple[Tag, ...] = ()
    charts: tuple[RemoteChart, ...] = ()
    highlights: tuple[Json, ...] = ()
    protections: tuple[RemoteProtection, ...] = ()
    merges: tuple[Rectangle, ...] = ()
    filter: BasicFilter | None = None

    def tags_of(self, key: str) -> Iterator[Tag]:
        """Yield the sheet's tags with that key: its own, its rows' and its columns'."""
        return (tag for tag in self.tags if tag.key == key)


class Spreadsheet(NamedTuple):
    """A spreadsheet.

    sheets: in order; all of them if `is_complete`, else only those that have SHEET_KEY (other titles, ids and
    places are then unknown, and not needed: every sheet of ours is included).
    """

    id: str
    title: str
    locale: str
    time_zone: str
    is_complete: bool
    sheets: tuple[RemoteSheet, ...]
    names: tuple[RemoteName, ...] = ()
    tags: tuple[Tag, ...] = ()

    @property
    def sheets_of_ours(self) -> dict[str, RemoteSheet]:
        """The sheets that have SHEET_KEY, by its value; of two with one value (a copied sheet) the one with our protection.

        If neither or both have it, the first by tag id: Google tags a copy like the original.
        """
        found = [(tag, sheet) for sheet in self.sheets for tag in sheet.tags_of(SHEET_KEY) if tag.where == "sheet"]
        several = {value for value, count in Counter(tag.value for tag, _ in found).items() if count > 1}
        ranked = sorted(found, key=lambda pair: (pair[0].value in several and _is_copy(pair[1]), pair[0].id), reverse=True)
        return {tag.value: sheet for tag, sheet in ranked}

    @property
    def cells_in_all(self) -> int:
        """The number of cells on all known sheets; Google allows ten million."""
        return sum(sheet.rows * sheet.columns for sheet in self.sheets)


def _is_copy(sheet: RemoteSheet) -> bool:
    """Whether a sheet lacks a protection that we gave it: Google gives those of a copy other ids."""
    ours = {one for tag in sheet.tags_of(STATE_KEY) for one in unpack(tag.value).protections}
    return not ours <= {one.id for one in sheet.protections}
