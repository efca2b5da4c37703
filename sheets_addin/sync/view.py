"""One worksheet of the workbook beside its sheet: which cell is which, before and after room is made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sheets_addin.google import NEVER_OURS, STATE_KEY, SheetState, base_36, mark_of, row_mark, unpack
from sheets_addin.sync.anchors import ANCHOR_KEY, Placement, fresh, place_keys
from sheets_addin.workbook import Formula, keep_row_order, translate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sheets_addin.google import Rectangle, RemoteCell, RemoteSheet, Tag
    from sheets_addin.workbook import Area, Entered, Place, Worksheet

ROOM_BELOW, ROOM_BESIDE = 40, 6
NAMED = "."
"""The prefix of the keys of rows or columns that have a subject."""


@dataclass(frozen=True)
class SheetView:
    """A worksheet as it should be, and the sheet as it is; the sheet is None if it does not exist yet.

    names: the names of named ranges in this spreadsheet, if they differ.
    """

    should: Worksheet
    sheet_id: int
    title: str
    there: RemoteSheet | None
    state: SheetState
    state_tag: Tag | None
    rows: Placement
    columns: Placement
    names: Mapping[str, str]

    @cached_property
    def originals(self) -> dict[str, str]:
        """The workbook's name for each name in this spreadsheet."""
        return {actual: name for name, actual in self.names.items()}

    @cached_property
    def is_plain(self) -> bool:
        """Whether formulas are the same as in the workbook: nothing moved, nothing renamed."""
        return self.rows.is_unmoved and self.columns.is_unmoved and not self.names

    @property
    def makes_room(self) -> bool:
        """Whether rows or columns are inserted or deleted."""
        return self.rows.makes_room or self.columns.makes_room

    @property
    def as_of(self) -> str:
        """The day of the figures, if they have one."""
        return self.should.as_of.isoformat() if self.should.as_of else ""

    @cached_property
    def has_losses(self) -> bool:
        """Whether rows or columns that we had written are missing."""
        lost_rows = {key for key, at in zip(self.rows.keys, self.rows.before, strict=True) if at is None}
        lost_columns = {key for key, at in zip(self.columns.keys, self.columns.before, strict=True) if at is None}
        return bool(lost_rows & set(self.state.rows) or lost_columns & set(self.state.columns))

    @cached_property
    def marks_cells(self) -> bool:
        """Whether single cells are remembered."""
        return self.state.marks_cells

    @cached_property
    def _state_rows(self) -> dict[str, int]:
        return {key: index for index, key in enumerate(self.state.rows)}

    @cached_property
    def _state_columns(self) -> dict[str, int]:
        return {key: index for index, key in enumerate(self.state.columns)}

    @cached_property
    def old_rows(self) -> dict[int, int]:
        """Return the logical row of each of our rows as read."""
        return {at: index for index, at in enumerate(self.rows.before) if at is not None}

    @cached_property
    def old_columns(self) -> dict[int, int]:
        """Return the logical column of each of our columns as read."""
        return {at: index for index, at in enumerate(self.columns.before) if at is not None}

    def place(self, place: Place) -> Place:
        """Return the final place of a worksheet cell; beyond our last row or column, with the same distance."""
        return _beyond(self.rows.after, place[0]), _beyond(self.columns.after, place[1])

    def cell_before(self, place: Place) -> RemoteCell | None:
        """Return the cell as read; None if it is empty."""
        row, column = self.rows.before[place[0]], self.columns.before[place[1]]
        if self.there is None or self.there.cells is None or row is None or column is None:
            return None
        return self.there.cells.get((row, column))

    def is_lost(self, place: Place) -> bool:
        """Whether the cell's row or column does not exist, or no longer exists."""
        return self.rows.before[place[0]] is None or self.columns.before[place[1]] is None

    def formula(self, text: str) -> str:
        """Return a formula of the worksheet in its form in this spreadsheet."""
        if self.is_plain:
            return text
        return translate(text, lambda row: _beyond(self.rows.after, row), lambda at: _beyond(self.columns.after, at), self.names)

    @cached_property
    def merges(self) -> dict[Place, Rectangle]:
        """The places, as read, that people's merges cover, each with the merge; a merge's first cell is not covered."""
        merges = self.there.merges if self.there else ()
        return {place: merge for merge in merges for place in _covered(merge)}

    def merge_over(self, place: Place) -> Rectangle | None:
        """Return the merge that covers a cell of the worksheet; None if there is none."""
        row, column = self.rows.before[place[0]], self.columns.before[place[1]]
        return None if row is None or column is None else self.merges.get((row, column))

    def once_room_is_made(self, entered: Entered) -> Entered:
        """Return a cell's content as read, after rows and columns are inserted and deleted, for which Google moves references."""
        if isinstance(entered, Formula) and self.makes_room:
            return Formula(translate(entered.text, self.rows.staying, self.columns.staying))
        return entered

    def mark_there(self, entered: Entered) -> int:
        """Return the mark of what was read, with formulas converted back to their form in the worksheet."""
        if isinstance(entered, Formula):
            entered = Formula(translate(entered.text, self.rows_written.get, self.columns_written.get, self.originals))
        return mark_of(entered)

    @property
    def cells_there(self) -> Mapping[Place, RemoteCell]:
        """The cells as read; empty if the sheet does not exist yet."""
        return (self.there.cells or {}) if self.there else {}

    @cached_property
    def rows_written(self) -> dict[int, int]:
        """The rows, as read, of our last write, each with its row in the worksheet then."""
        return self._written_places("row", self._state_rows)

    @cached_property
    def columns_written(self) -> dict[int, int]:
        """The columns, as read, of our last write, each with its column in the worksheet then."""
        return self._written_places("column", self._state_columns)

    def _written_places(self, where: str, known: Mapping[str, int]) -> dict[int, int]:
        tags = _anchors(self.there.tags if self.there else (), where)
        return {tag.position: known[tag.value] for tag in tags if tag.value in known and tag.position is not None}

    def stored_mark(self, place: Place) -> int:
        """Return the stored mark of a cell; NEVER_OURS if it was not ours, or if none is stored."""
        row, column = self._state_rows.get(self.rows.keys[place[0]]), self._state_columns.get(self.columns.keys[place[1]])
        if row is None or column is None or not self.marks_cells:
            return NEVER_OURS
        return self.state.mark(row * len(self.state.columns) + column)

    def was_ours(self, place: Place) -> bool:
        """Whether we may have written the cell; if only rows are remembered, that is any cell of ours."""
        if self.marks_cells:
            return self.stored_mark(place) != NEVER_OURS
        return self.rows.keys[place[0]] in self._state_rows and self.columns.keys[place[1]] in self._state_columns

    @cached_property
    def rows_as_written(self) -> frozenset[int]:
        """The rows that still have what we last wrote there; all of them if no rows are remembered."""
        columns: dict[int, list[int]] = {}
        for row, column in sorted(self.should.cells):
            columns.setdefault(row, []).append(column)
        return frozenset(row for row in columns if self._is_as_written(row, columns[row]))

    def _is_as_written(self, row: int, columns: list[int]) -> bool:
        at = self._state_rows.get(self.rows.keys[row])
        if at is None or not self.state.marks_rows:
            return True
        marks = [NEVER_OURS] * len(self.columns.keys)
        for column in columns:
            cell = self.cell_before((row, column))
            marks[column] = self.mark_there(cell.entered if cell else None)
        return row_mark(marks) == self.state.mark(at)

    def area(self, area: Area) -> dict[str, int]:
        """Return the grid range of a rectangle of this worksheet."""
        (first_row, first_column), (last_row, last_column) = self.place(area.first), self.place(area.last)
        return grid_range(self.sheet_id, first_row, last_row + 1, first_column, last_column + 1)


def _covered(merge: Rectangle) -> Iterator[Place]:
    """Yield the places of a merge except the first; Google always gives a merge both ends."""
    rows = range(merge.first_row, merge.row_after_last or merge.first_row + 1)
    columns = range(merge.first_column, merge.column_after_last or merge.first_column + 1)
    yield from ((row, column) for row in rows for column in columns if (row, column) != (merge.first_row, merge.first_column))


def grid_range(sheet_id: int, first_row: int, row_after: int, first_column: int, column_after: int) -> dict[str, int]:
    """Return a rectangle in Google's form, with exclusive ends."""
    return {
        "sheetId": sheet_id,
        "startRowIndex": first_row,
        "endRowIndex": row_after,
        "startColumnIndex": first_column,
        "endColumnIndex": column_after,
    }


def _beyond(after: tuple[int, ...], index: int) -> int:
    if index < len(after):
        return after[index]
    return after[-1] + 1 + index - len(after) if after else index


def _anchors(tags: tuple[Tag, ...], where: str) -> list[Tag]:
    return [tag for tag in tags if tag.key == ANCHOR_KEY and tag.where == where]


def new_view(desired: Worksheet, sheet_id: int, title: str, names: Mapping[str, str]) -> SheetView:
    """Return the view of a worksheet whose sheet does not exist yet."""
    rows, columns = fresh(row_keys(desired)), fresh(column_keys(desired))
    return SheetView(desired, sheet_id, title, None, SheetState(), None, rows, columns, names)


def view_of(desired: Worksheet, actual: RemoteSheet, names: Mapping[str, str]) -> SheetView:
    """Return the view of a worksheet whose sheet exists."""
    desired = arrange(desired, actual)
    tag = next((tag for tag in actual.tags if tag.key == STATE_KEY and tag.where == "sheet"), None)
    state = unpack(tag.value) if tag else SheetState()
    keys = row_keys(desired)
    anchors = _anchors(actual.tags, "row")
    rows = place_keys(keys, anchors, _rows_of_nobody(actual, set(keys), anchors, state))
    columns = place_keys(column_keys(desired), _anchors(actual.tags, "column"))
    return SheetView(desired, actual.id, actual.title, actual, state, tag, rows, columns, names)


def _rows_of_nobody(actual: RemoteSheet, keys: set[str], anchors: list[Tag], state: SheetState) -> set[int]:
    """Return rows that were ours, no longer are, and in which nobody else wrote."""
    gone = {tag.position: tag.value for tag in anchors if tag.value not in keys and tag.position is not None}
    if not gone or not state.marks_cells:
        return set()
    columns = {tag.position: tag.value for tag in _anchors(actual.tags, "column")}
    row_at = {key: index for index, key in enumerate(state.rows)}
    column_at = {key: index for index, key in enumerate(state.columns)}

    def is_as_written(place: Place, found: Entered) -> bool:
        row, column = row_at.get(gone[place[0]]), column_at.get(columns.get(place[1], ""))
        return row is not None and column is not None and state.wrote(row, column, found, mark_of(found))

    people = {
        place[0]
        for place, cell in (actual.cells or {}).items()
        if place[0] in gone and _holds(cell) and not is_as_written(place, cell.entered)
    }
    return set(gone) - people


def _holds(cell: RemoteCell) -> bool:
    return cell.entered is not None or bool(cell.note)


def row_keys(desired: Worksheet) -> list[str]:
    """Return a key for every row from the first to the last of ours: its subject, else its number among the others.

    Keys contain no blanks, which separate them in the state; equal ones are numbered.
    """
    return _line_keys(max((row for row, _ in desired.cells), default=-1) + 1, desired.row_keys)


def _line_keys(count: int, named: Mapping[int, str]) -> list[str]:
    keys: dict[str, None] = {}
    unnamed = 0
    for line in range(count):
        if line in named:
            keys[_unlike(NAMED + "_".join(named[line].split()), keys)] = None
        else:
            keys[base_36(unnamed)] = None
            unnamed += 1
    return list(keys)


def _unlike(key: str, taken: Collection[str]) -> str:
    ways = (key, *(f"{key}~{number}" for number in range(2, len(taken) + 2)))
    return next(way for way in ways if way not in taken)


def column_keys(desired: Worksheet) -> list[str]:
    """Return a key for every column from the first to the last of ours, in the same way."""
    return _line_keys(max((column for _, column in desired.cells), default=-1) + 1, desired.column_keys)


def arrange(desired: Worksheet, actual: RemoteSheet) -> Worksheet:
    """Return the worksheet with its named columns and its tables' rows in the order of the sheet."""
    if desired.arrange is not None:
        desired = desired.arrange([key.removeprefix(NAMED) for key in _standing(actual, "column")])
    return keep_row_order(desired, row_keys(desired), _standing(actual, "row")) if desired.movable else desired


def _standing(actual: RemoteSheet, where: str) -> list[str]:
    """Return the keys of subjects in the order of the sheet."""
    anchors = [tag for tag in _anchors(actual.tags, where) if tag.position is not None and tag.value.startswith(NAMED)]
    return [tag.value for tag in sorted(anchors, key=lambda tag: tag.position or 0)]


def grid_size(desired: Worksheet) -> tuple[int, int]:
    """Return how many rows and columns a new sheet gets, with room for charts and for people."""
    places: list[Any] = [*desired.cells, *(picture.place for picture in desired.pictures)]
    rows, columns = max((row for row, _ in places), default=0), max((column for _, column in places), default=0)
    return rows + ROOM_BELOW, columns + ROOM_BESIDE
