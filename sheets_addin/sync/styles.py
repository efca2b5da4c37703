"""The look of one sheet: formats, notes, rules, widths, frozen rows; written only if it changed since our last write.

What people changed in the look of our cells stays until we want another look there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheets_addin.google import cell_format, cell_rule, hash32
from sheets_addin.sync.anchors import span
from sheets_addin.sync.view import grid_range
from sheets_addin.workbook import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheets_addin.sync.view import SheetView
    from sheets_addin.workbook import Cell, Entered, Format, Place, Validation, Worksheet

    Request = dict[str, Any]
    RowLook = list[tuple[int, Format]]

PIXELS_PER_CHARACTER, CELL_PIXELS, PIXELS_PER_POINT = 7, 5, 4 / 3


def row_looks(desired: Worksheet, count: int, places: Mapping[int, int] | None = None) -> tuple[int, ...]:
    """Return a hash of the look of each row: formats, notes and rules, the same wherever the row is.

    places: the columns to include, each with the one it counts as; by default every column as itself.
    """
    formats: dict[Format, int] = {}
    parts: list[list[tuple[Any, ...]]] = [[] for _ in range(count)]
    for (row, at), cell in desired.cells.items():
        column = at if places is None else places.get(at)
        if column is None:
            continue
        known = formats.get(cell.format)
        if known is None:
            known = formats[cell.format] = hash32(cell.format)
        parts[row].append((column, known, cell.note) if cell.note else (column, known))
    for validation in desired.block.validations:
        row, at = validation.place
        column = at if places is None else places.get(at)
        if column is not None:
            parts[row].append((column, validation.message, validation.formula, validation.choices))
    seen: dict[str, int] = {}
    return tuple(_hash_once(repr(sorted(part, key=lambda look: look[0])), seen) for part in parts)


def _hash_once(text: str, seen: dict[str, int]) -> int:
    return seen.setdefault(text, hash32(text))


def look_requests(view: SheetView, looks: tuple[int, ...]) -> list[Request]:
    """Return the formats, notes and rules of rows and columns that are new or whose look changed since our last write.

    A new column does not affect the others: people's changes to their look stay.
    """
    old = dict(zip(view.state.rows, view.state.looks, strict=False))
    known = {key: index for index, key in enumerate(view.state.columns)}
    places = {column: known[key] for column, key in enumerate(view.columns.keys) if key in known}
    new = {column for column, at in enumerate(view.columns.before) if at is None}
    before = row_looks(view.should, len(view.rows.keys), places) if new else looks
    changed = {row for row, key in enumerate(view.rows.keys) if view.rows.before[row] is None or old.get(key) != before[row]}
    wanted = {at for at in view.should.cells if at[0] in changed or at[1] in new}
    if not wanted:
        return []
    rest = set(range(len(view.rows.keys))) - changed
    of_columns = _formats(view, looks, rest, wanted) if new else ()
    return [*_formats(view, looks, changed, wanted), *of_columns, *_notes(view, wanted), *_rules(view, wanted)]


def _formats(view: SheetView, looks: tuple[int, ...], rows_of: set[int], wanted: set[Place]) -> Iterator[Request]:
    cells_of = _by_row(view.should.cells, rows_of, wanted)
    shaped: dict[Format, Request] = {}
    for rows in _equal_rows(view, looks, sorted(rows_of)):
        first, after_last = view.place((rows[0], 0))[0], view.place((rows[-1], 0))[0] + 1
        for start, end, style in _column_runs(view, cells_of.get(rows[0], [])):
            look = shaped.get(style)
            if look is None:
                look = shaped[style] = {"userEnteredFormat": cell_format(style)}
            area = grid_range(view.sheet_id, first, after_last, start, end)
            yield {"repeatCell": {"range": area, "cell": look, "fields": "userEnteredFormat"}}


def _by_row(cells: Mapping[Place, Cell], rows: set[int], wanted: set[Place]) -> dict[int, RowLook]:
    found: dict[int, RowLook] = {}
    for (row, column), cell in cells.items():
        if row in rows and (row, column) in wanted:
            found.setdefault(row, []).append((column, cell.format))
    return found


def _equal_rows(view: SheetView, looks: tuple[int, ...], rows: list[int]) -> Iterator[list[int]]:
    """Yield runs of adjacent rows with the same look."""
    group: list[int] = []
    for row in rows:
        if group and (looks[row] != looks[group[0]] or view.rows.after[row] != view.rows.after[group[-1]] + 1):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _column_runs(view: SheetView, cells: RowLook) -> Iterator[tuple[int, int, Format]]:
    """Yield [start, end) of adjacent columns with one format."""
    start, end, style = -1, -1, None
    for column, found in sorted(cells, key=lambda pair: pair[0]):
        at = view.columns.after[column]
        if style is not None and at == end and found == style:
            end += 1
            continue
        if style is not None:
            yield start, end, style
        start, end, style = at, at + 1, found
    if style is not None:
        yield start, end, style


def _notes(view: SheetView, wanted: set[Place]) -> Iterator[Request]:
    for place, cell in view.should.cells.items():
        actual = view.cell_before(place) if place in wanted else None
        if place in wanted and cell.note != (actual.note if actual else None) and (cell.note or view.was_ours(place)):
            row, column = view.place(place)
            note = [{"values": [{"note": cell.note} if cell.note else {}]}]
            area = grid_range(view.sheet_id, row, row + 1, column, column + 1)
            yield {"updateCells": {"range": area, "rows": note, "fields": "note"}}


def _rules(view: SheetView, wanted: set[Place]) -> Iterator[Request]:
    for validation in view.should.block.validations:
        if validation.place in wanted:
            yield {"setDataValidation": {"range": _one_cell(view, validation.place), "rule": _rule(view, validation)}}


def _rule(view: SheetView, validation: Validation) -> Request:
    moved = replace(
        validation, formula=view.formula((validation.formula or "TRUE").replace("{cell}", absolute(*validation.place)))
    )
    return cell_rule(validation if validation.choices else moved, absolute(*view.place(validation.place)))


def _one_cell(view: SheetView, place: Place) -> dict[str, int]:
    row, column = view.place(place)
    return grid_range(view.sheet_id, row, row + 1, column, column + 1)


def set_up(desired: Worksheet) -> int:
    """Return a hash of widths, heights and frozen rows and columns."""
    return hash32((sorted(desired.widths.items()), desired.frozen))


def set_up_requests(view: SheetView, written: Mapping[Place, Entered]) -> list[Request]:
    """Return widths, heights and frozen rows: all of it if it changed, else the heights of rows with new texts.

    written: the new values of cells, by their final place; a text that grew must not be cut off.
    """
    found: list[Request] = []
    if view.state.set_up != set_up(view.should):
        frozen = dict(zip(("frozenRowCount", "frozenColumnCount"), _frozen_counts(view), strict=True))
        properties = {"sheetId": view.sheet_id, "gridProperties": {**frozen, "hideGridlines": True}}
        fields = "gridProperties(frozenRowCount,frozenColumnCount,hideGridlines)"
        found.append({"updateSheetProperties": {"properties": properties, "fields": fields}})
        found += [
            _size(view, "COLUMNS", column, width * PIXELS_PER_CHARACTER + CELL_PIXELS)
            for column, width in view.should.widths.items()
            if column < len(view.columns.keys)
        ]
    reworded = {row for (row, _), value in written.items() if isinstance(value, str)}
    rows = [row for row, before in enumerate(view.rows.before) if before is None or view.rows.after[row] in reworded]
    heights = view.should.heights
    return found + [_size(view, "ROWS", row, heights[row] * PIXELS_PER_POINT) for row in rows if row in heights]


def _frozen_counts(view: SheetView) -> tuple[int, int]:
    rows, columns = view.should.frozen
    return view.rows.after[rows - 1] + 1 if rows else 0, view.columns.after[columns - 1] + 1 if columns else 0


def _size(view: SheetView, dimension: Any, index: int, pixels: float) -> Request:  # noqa: ANN401 - rows or columns
    at = view.place((index, 0))[0] if dimension == "ROWS" else view.place((0, index))[1]
    properties = {"pixelSize": round(pixels)}
    return {
        "updateDimensionProperties": {
            "range": span(view.sheet_id, dimension, at),
            "properties": properties,
            "fields": "pixelSize",
        }
    }
