"""What to write into the cells of one sheet, what people had written there, and the marks to remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from core.records import NamedTuple
from sheets_addin.google import LEFT_TO_PEOPLE, NEVER_OURS, cell_value, encode_entered, mark_of
from sheets_addin.sync.stale_banner import OLD_FIGURES
from sheets_addin.sync.view import grid_range
from sheets_addin.workbook import Formula, relative, same_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sheets_addin.google import Rectangle
    from sheets_addin.sync.view import SheetView
    from sheets_addin.workbook import Cell, Entered, Place

    Request = dict[str, Any]

REF = "#REF!"
Outcome = Literal["restored", "left", "in the way"]
CellAction = Literal["is right", "write", "typed", "kept", "edited", "left", "in the way"]


class Edit(NamedTuple):
    """One of our cells that people overwrote, as read; ours: what belongs there."""

    worksheet: str
    cell: str
    found: Entered
    ours: Entered
    outcome: Outcome


class Typed(NamedTuple):
    """An input cell in which people entered another value than the workbook's."""

    worksheet: str
    cell: str
    label: str
    found: Entered


class CellsPlan(NamedTuple):
    """Values to write, by final place; what people wrote; the marks to remember, row by row.

    unmerged: people's merges over our cells, as read, which are undone first.
    """

    values: dict[Place, Entered]
    edits: list[Edit]
    typed: list[Typed]
    marks: list[list[int]]
    unmerged: tuple[Rectangle, ...] = ()


def cells_plan(view: SheetView, *, restores: bool) -> CellsPlan:
    """Return what one sheet's cells need. restores: whether our overwritten cells are restored."""
    values: dict[Place, Entered] = {}
    edits: list[Edit] = []
    typed: list[Typed] = []
    unmerged: dict[Rectangle, None] = {}
    width = len(view.columns.keys)
    grid = [[NEVER_OURS] * width for _ in view.rows.keys]
    for place, cell in view.should.cells.items():
        wanted = encode_entered(cell.content)
        ours = Formula(view.formula(wanted.text)) if isinstance(wanted, Formula) and not view.is_plain else wanted
        actual = view.cell_before(place)
        found = actual.entered if actual else None
        grid[place[0]][place[1]] = mark_of(wanted)
        if _same(view.once_room_is_made(found), ours):
            continue
        merge = view.merge_over(place)
        if merge and wanted is not None and not restores:
            grid[place[0]][place[1]] = LEFT_TO_PEOPLE
            continue
        if merge and wanted is not None:
            unmerged[merge] = None
        fate = _fate(view, place, cell, found)
        if fate == "write" or (fate == "edited" and restores):
            values[view.place(place)] = ours
        if fate in {"edited", "in the way"}:
            edits.append(
                _edit(view, place, found, ours, "in the way" if fate != "edited" else "restored" if restores else "left")
            )
        if fate == "left" or (fate == "edited" and not restores):
            grid[place[0]][place[1]] = LEFT_TO_PEOPLE
        if fate == "in the way":
            grid[place[0]][place[1]] = NEVER_OURS
        if fate == "typed":
            typed.append(_edit_of(view, place, found))
    values |= _clear_cells(view)
    return CellsPlan(values, edits, typed, grid, tuple(unmerged))


def _same(found: Entered, ours: Entered) -> bool:
    if isinstance(found, Formula) and isinstance(ours, Formula):
        return same_formula(found.text, ours.text)
    if found == "":
        return ours is None
    return found == ours and type(found) is type(ours)


def _fate(view: SheetView, place: Place, cell: Cell, found: Entered) -> CellAction:
    """Return the fate of a cell that does not have the desired content."""
    known = view.stored_mark(place)
    is_free = known in {NEVER_OURS, LEFT_TO_PEOPLE} and not cell.format.is_input
    if found is None and (is_free or view.is_lost(place)):
        return "write"
    if not view.was_ours(place):
        return "write" if found is None else "typed" if cell.format.is_input else "in the way"
    if known == LEFT_TO_PEOPLE:
        return "left"
    if isinstance(found, str) and found.startswith(OLD_FIGURES):
        return "write"
    if _is_as_written(view, place, found, known):
        return "write"
    return _fate_of_changed(view, cell, found)


def _fate_of_changed(view: SheetView, cell: Cell, found: Entered) -> CellAction:
    if cell.format.is_input:
        return "typed"
    if encode_entered(cell.content) is None:
        return "kept"
    is_torn = isinstance(found, Formula) and (view.has_losses or REF in found.text)
    return "write" if is_torn else "edited"


def _is_as_written(view: SheetView, place: Place, found: Entered, known: int) -> bool:
    if view.marks_cells:
        return view.mark_there(found) == known
    return place[0] in view.rows_as_written


def _edit(view: SheetView, place: Place, found: Entered, ours: Entered, outcome: Outcome) -> Edit:
    return Edit(view.title, relative(*view.place(place)), found, ours, outcome)


def _edit_of(view: SheetView, place: Place, found: Entered) -> Typed:
    row, column = place
    labels = (view.should.cells.get((row, left)) for left in range(column - 1, -1, -1))
    label = next((cell.content for cell in labels if cell and isinstance(cell.content, str)), "")
    return Typed(view.title, relative(*view.place(place)), label, found)


def _clear_cells(view: SheetView) -> dict[Place, Entered]:
    """Return an empty value for each cell with content of ours in the wrong place."""
    return dict.fromkeys((*_find_leftovers(view), *_find_strays(view))) if view.state.rows else {}


def _find_leftovers(view: SheetView) -> Iterator[Place]:
    """Yield cells that were ours and no longer are."""
    for place, cell in view.cells_there.items():
        row, column = view.rows_written.get(place[0]), view.columns_written.get(place[1])
        if row is None or column is None or cell.entered is None or place[0] in view.rows.deleted:
            continue
        logical = view.old_rows.get(place[0]), view.old_columns.get(place[1])
        if logical not in view.should.cells and _was_written(view, row, column, cell.entered):
            yield view.rows.new_index(place[0]), view.columns.new_index(place[1])


def _was_written(view: SheetView, row: int, column: int, found: Entered) -> bool:
    return not view.state.marks_cells or view.state.wrote(row, column, found, view.mark_there(found))


def _find_strays(view: SheetView) -> Iterator[Place]:
    """Yield the cells of our rows that people sorted into their own rows, where our sums would count them twice."""
    if not view.marks_cells:
        return
    strays = [row for at, row in view.rows_written.items() if not _is_row_written(view, at, row)]
    for at in {place[0] for place in view.cells_there} - view.rows_written.keys() if strays else ():
        if any(_is_row_written(view, at, row) for row in strays):
            yield from ((view.rows.new_index(at), view.columns.new_index(column)) for column in view.columns_written)


def _is_row_written(view: SheetView, at: int, row: int) -> bool:
    """Whether a row as read has everything that we last wrote into a row, except formulas, which sorting rewrites."""
    width, has_some = len(view.state.columns), False
    for column, index in view.columns_written.items():
        known = view.state.mark(row * width + index)
        cell = view.cells_there.get((at, column))
        found = cell.entered if cell else None
        if known in {NEVER_OURS, LEFT_TO_PEOPLE} or isinstance(found, Formula):
            continue
        if mark_of(found) != known:
            return False
        has_some |= found is not None
    return has_some


def unmerge_requests(sheet_id: int, merges: Iterable[Rectangle]) -> list[Request]:
    """Return the requests that undo merges, given by their places as read."""
    return [
        {
            "unmergeCells": {
                "range": grid_range(
                    sheet_id,
                    one.first_row,
                    one.row_after_last or one.first_row + 1,
                    one.first_column,
                    one.column_after_last or one.first_column + 1,
                )
            }
        }
        for one in merges
    ]


def value_requests(sheet_id: int, values: dict[Place, Entered]) -> list[Request]:
    """Return the values as few rectangles, each in one request."""
    return [
        {
            "updateCells": {
                "range": grid_range(sheet_id, first, first + len(rows), column, column + len(rows[0])),
                "rows": [{"values": [cell_value(value) for value in row]} for row in rows],
                "fields": "userEnteredValue",
            }
        }
        for first, column, rows in rectangles(values)
    ]


def rectangles(values: dict[Place, Entered]) -> Iterator[tuple[int, int, list[list[Entered]]]]:
    """Yield first row, first column and rows of values, for adjacent cells."""
    open_row, open_start = -1, -1
    rows: list[list[Entered]] = []
    for row, start, run in _runs(sorted(values.items())):
        if rows and row == open_row + len(rows) and start == open_start and len(run) == len(rows[0]):
            rows.append(run)
            continue
        if rows:
            yield open_row, open_start, rows
        open_row, open_start, rows = row, start, [run]
    if rows:
        yield open_row, open_start, rows


def _runs(cells: Iterable[tuple[Place, Entered]]) -> Iterator[tuple[int, int, list[Entered]]]:
    row, start = -1, -1
    run: list[Entered] = []
    for place, value in cells:
        if run and place == (row, start + len(run)):
            run.append(value)
            continue
        if run:
            yield row, start, run
        row, start, run = place[0], place[1], [value]
    if run:
        yield row, start, run
