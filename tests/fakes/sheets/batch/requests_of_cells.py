"""Requests that write cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.sheets.batch.requests import area, bounds, handles, mask, overlap, start_of, thing_of
from tests.fakes.sheets.book import RefusedError
from tests.fakes.sheets.cells import check_cell, plain
from tests.fakes.sheets.description.masks import written
from tests.fakes.sheets.shift import Shift, relocated

if TYPE_CHECKING:
    from tests.fakes.sheets.book import Book, Sheet

Json = dict[str, Any]
Place = tuple[int, int]
KEPT_BY_PASTE = {
    "PASTE_VALUES": ("userEnteredValue",),
    "PASTE_FORMAT": ("userEnteredFormat",),
    "PASTE_FORMULA": ("userEnteredValue",),
    "PASTE_DATA_VALIDATION": ("dataValidation",),
}


@handles("updateCells")
def update_cells(book: Book, body: Json) -> None:
    """Write rows of cells from a place on; a range that is larger than the rows is cleared where they do not reach."""
    fields = mask(body, "CellData")
    sheet, (first_row, first_column) = start_of(book, body)
    given = {
        (first_row + row, first_column + column): cell
        for row, line in enumerate(body.get("rows", []))
        for column, cell in enumerate(line.get("values", []))
    }
    places = given.keys() if "start" in body else _places(book, body["range"])
    for place in sorted({*places, *given}):
        if place not in places or place[0] >= sheet.rows or place[1] >= sheet.columns:
            raise RefusedError(f"Attempting to write row: {place[0]}, column: {place[1]}, beyond the range or the grid.")
        _write(sheet, place, given.get(place, {}), fields)


def _places(book: Book, grid_range: Json) -> set[Place]:
    _, rows, columns = bounds(book, grid_range)
    return {(row, column) for row in rows for column in columns}


def _write(sheet: Sheet, place: Place, cell: Json, fields: Json) -> None:
    check_cell(cell)
    held = sheet.cells.get(place, {})
    written_cell = written(held, cell, fields)
    sheet.put(place, {key: value for key, value in written_cell.items() if key in STORED and value not in ("", {}, None)})


STORED = {"userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns", "hyperlink"}


@handles("repeatCell")
def repeat_cell(book: Book, body: Json) -> None:
    """Write one cell into every place of a range; its formula's relative references go along."""
    fields = mask(body, "CellData")
    sheet, rows, columns = bounds(book, body["range"])
    cell = body.get("cell", {})
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    for row in rows:
        for column in columns:
            here = cell
            if formula is not None:
                value = relocated(formula, row - rows.start, column - columns.start)
                here = cell | {"userEnteredValue": {"formulaValue": value}}
            _write(sheet, (row, column), here, fields)


@handles("appendCells")
def append_cells(book: Book, body: Json) -> None:
    """Write rows below the last one that holds anything, or at the end of a table, which grows."""
    if "tableId" in body:
        _append_to_table(book, body)
        return
    sheet = book.sheet(body.get("sheetId", 0))
    first = max((row for row, _ in sheet.cells), default=-1) + 1
    missing = first + len(body.get("rows", [])) - sheet.rows
    sheet.properties["gridProperties"]["rowCount"] += max(0, missing)
    start = {"sheetId": sheet.id, "rowIndex": first, "columnIndex": 0}
    update_cells(book, {"start": start, "rows": body.get("rows", []), "fields": body.get("fields")})


def _append_to_table(book: Book, body: Json) -> None:
    """Add rows to a table: what lies below it moves down (taylorwilsdon/google_workspace_mcp#643, tried at Google)."""
    sheet, table = thing_of(book, "tables", body["tableId"])
    where, count = table["range"], len(body.get("rows", []))
    end, columns = where["endRowIndex"], (where["startColumnIndex"], where["endColumnIndex"])
    book.shift(Shift("insert", sheet.id, "ROWS", end, count, across=columns))
    sheet.properties["gridProperties"]["rowCount"] = max(sheet.rows, end + count)
    thing_of(book, "tables", body["tableId"])[1]["range"]["endRowIndex"] = end + count
    start = {"sheetId": sheet.id, "rowIndex": end, "columnIndex": columns[0]}
    update_cells(book, {"start": start, "rows": body.get("rows", []), "fields": body.get("fields")})


@handles("setDataValidation")
def set_data_validation(book: Book, body: Json) -> None:
    """Say what may be written in a range, or with no rule that anything may."""
    sheet, rows, columns = bounds(book, body["range"])
    rule = body.get("rule")
    if rule is not None and "condition" not in rule:
        raise RefusedError("A data validation rule needs a condition")
    for place in ((row, column) for row in rows for column in columns):
        kept = {key: value for key, value in sheet.cells.get(place, {}).items() if key != "dataValidation"}
        sheet.put(place, kept | ({"dataValidation": rule} if rule else {}))


@handles("sortRange")
def sort_range(book: Book, body: Json) -> None:
    """Sort the rows of a range by columns: numbers, then texts, then booleans, and empty cells last, as Google does."""
    sheet, rows, columns = bounds(book, body["range"])
    lines = [[sheet.cells.get((row, column), {}) for column in columns] for row in rows]
    order = list(range(len(lines)))
    for spec in reversed(body.get("sortSpecs", [])):
        column = spec.get("dimensionIndex", columns.start)
        if column not in columns:
            raise RefusedError(f"Sort column {column} is outside of the range")
        is_descending = spec.get("sortOrder") == "DESCENDING"
        keys = {index: _sort_key(lines[index][column - columns.start]) for index in order}
        filled = sorted((i for i in order if keys[i] is not None), key=lambda i: keys[i] or (), reverse=is_descending)
        order = [*filled, *(i for i in order if keys[i] is None)]
    for row, source in zip(rows, order, strict=True):
        for column, cell in zip(columns, lines[source], strict=True):
            sheet.put((row, column), _relocated_cell(cell, row - rows.start - source, 0))


def _sort_key(cell: Json) -> tuple[int, Any] | None:
    value = plain(cell.get("userEnteredValue", {}))
    if value is None:
        return None
    if isinstance(value, bool):
        return 2, value
    return (0, value) if isinstance(value, (int, float)) else (1, value.lower())


def _relocated_cell(cell: Json, rows: int, columns: int) -> Json:
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    return cell if formula is None else cell | {"userEnteredValue": {"formulaValue": relocated(formula, rows, columns)}}


@handles("mergeCells")
def merge_cells(book: Book, body: Json) -> None:
    """Merge a range as one, by rows or by columns; only the upper left cell keeps what it holds."""
    sheet, rows, columns = bounds(book, body["range"])
    kind = body.get("mergeType", "MERGE_ALL")
    row_spans = [range(row, row + 1) for row in rows] if kind == "MERGE_ROWS" else [rows]
    column_spans = [range(column, column + 1) for column in columns] if kind == "MERGE_COLUMNS" else [columns]
    for one in [area(sheet.id, some, others) for some in row_spans for others in column_spans]:
        if any(overlap(one, other) and not _holds(one, other) for other in sheet.objects["merges"]):
            raise RefusedError("You can't merge cells that overlap an existing merge.")
        sheet.objects["merges"] = [*(other for other in sheet.objects["merges"] if not overlap(one, other)), one]
        for place in _places(book, one) - {(one["startRowIndex"], one["startColumnIndex"])}:
            kept = {key: value for key, value in sheet.cells.get(place, {}).items() if key != "userEnteredValue"}
            sheet.put(place, kept)


def _holds(one: Json, other: Json) -> bool:
    return all(
        one[f"start{axis}Index"] <= other[f"start{axis}Index"] and other[f"end{axis}Index"] <= one[f"end{axis}Index"]
        for axis in ("Row", "Column")
    )


@handles("unmergeCells")
def unmerge_cells(book: Book, body: Json) -> None:
    """Undo every merge that touches a range."""
    sheet, rows, columns = bounds(book, body["range"])
    here = area(sheet.id, rows, columns)
    sheet.objects["merges"] = [merge for merge in sheet.objects["merges"] if not overlap(here, merge)]


@handles("copyPaste")
def copy_paste(book: Book, body: Json) -> None:
    """Copy a range over another one, as often as it fits in."""
    source, rows, columns = bounds(book, body["source"])
    cells = {place: source.cells.get(place, {}) for place in _places(book, body["source"])}
    target, to_rows, to_columns = bounds(book, body["destination"])
    kept = KEPT_BY_PASTE.get(body.get("pasteType", "PASTE_NORMAL"))
    for row in range(max(len(to_rows), len(rows))):
        for column in range(max(len(to_columns), len(columns))):
            came_from = (rows.start + row % len(rows), columns.start + column % len(columns))
            place = (to_rows.start + row, to_columns.start + column)
            cell = _relocated_cell(cells[came_from], place[0] - came_from[0], place[1] - came_from[1])
            held = target.cells.get(place, {})
            target.put(place, cell if kept is None else held | {key: cell[key] for key in kept if key in cell})
