"""Requests that add, change and take away sheets, rows and columns."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests.fakes.sheets.batch.requests import handles, mask
from tests.fakes.sheets.book import COUNT_KEYS, RefusedError, new_sheet
from tests.fakes.sheets.description.masks import written
from tests.fakes.sheets.shift import Shift

if TYPE_CHECKING:
    from tests.fakes.sheets.book import Book, Sheet

Json = dict[str, Any]
TITLE_LIMIT = 100
PIXELS_A_LETTER = 8
"""A guess: Google measured 8,691 pixels for 1,024 letters A."""


@handles("updateSpreadsheetProperties")
def update_spreadsheet_properties(book: Book, body: Json) -> None:
    """Change the title, locale and so on."""
    book.properties = written(book.properties, body.get("properties", {}), mask(body, "SpreadsheetProperties"))


@handles("addSheet")
def add_sheet(book: Book, body: Json) -> Json:
    """Add a sheet; answer its properties."""
    wanted = body.get("properties", {})
    title = wanted.get("title") or f"Sheet{len(book.sheets) + 1}"
    _check_title(book, title)
    sheet_id = wanted["sheetId"] if "sheetId" in wanted else book.new_id()
    if sheet_id < 0 or any(sheet.id == sheet_id for sheet in book.sheets):
        raise RefusedError(f"Sheet id {sheet_id} is taken or not allowed")
    sheet = new_sheet(sheet_id, title, 0)
    sheet.properties["gridProperties"] |= wanted.get("gridProperties", {})
    kept = {key: value for key, value in wanted.items() if key not in {"title", "sheetId", "index", "gridProperties"}}
    sheet.properties |= kept
    _check_grid(sheet)
    book.sheets.insert(wanted.get("index", len(book.sheets)), sheet)
    book.check_size()
    book.renumber()
    return {"properties": copy.deepcopy(sheet.properties)}


def _check_title(book: Book, title: str, owner: Sheet | None = None) -> None:
    holder = book.titled(title)
    if holder is not None and holder is not owner:
        raise RefusedError(f'A sheet with the name "{title}" already exists. Please enter another name.')
    if not title or len(title) > TITLE_LIMIT:
        raise RefusedError(f"A sheet's name has 1 to {TITLE_LIMIT} characters.")


def _check_grid(sheet: Sheet) -> None:
    grid = sheet.properties["gridProperties"]
    for dimension, frozen in (("ROWS", "frozenRowCount"), ("COLUMNS", "frozenColumnCount")):
        if sheet.count(dimension) < 1:
            raise RefusedError("A sheet has at least one row and one column.")
        if grid.get(frozen, 0) >= sheet.count(dimension):
            raise RefusedError(f"You can't freeze all visible {dimension.lower()} on the sheet.")
        if grid.get(frozen) == 0:
            del grid[frozen]


@handles("deleteSheet")
def delete_sheet(book: Book, body: Json) -> None:
    """Delete a sheet, but not the last one."""
    sheet = book.sheet(body.get("sheetId", 0))
    if len([other for other in book.sheets if not other.properties.get("hidden")]) == 1 and not sheet.properties.get("hidden"):
        raise RefusedError("You can't remove all the visible sheets in a document.")
    book.remove(sheet)
    book.renumber()


@handles("duplicateSheet")
def duplicate_sheet(book: Book, body: Json) -> Json:
    """Copy a sheet with its cells, charts and developer metadata."""
    source = book.sheet(body.get("sourceSheetId", 0))
    title = body.get("newSheetName") or f"Copy of {source.title}"
    _check_title(book, title)
    sheet = source.copied()
    sheet.properties |= {"sheetId": body.get("newSheetId") or book.new_id(), "title": title}
    sheet.objects = _of_sheet(sheet.objects, source.id, sheet.id)
    for chart in sheet.objects["charts"]:
        chart["chartId"] = book.new_id()
    for protection in sheet.objects["protectedRanges"]:
        protection["protectedRangeId"] = book.new_id()
    copies = [copy.deepcopy(tag) for tag in book.tags if _lies_on(tag, source.id)]
    book.tags += [_of_sheet(tag, source.id, sheet.id) | {"metadataId": book.new_id()} for tag in copies]
    book.sheets.insert(body.get("insertSheetIndex", 0), sheet)
    book.check_size()
    book.renumber()
    return {"properties": copy.deepcopy(sheet.properties)}


def _lies_on(tag: Json, sheet_id: int) -> bool:
    location = tag["location"]
    where = location.get("dimensionRange") or location
    return location["locationType"] != "SPREADSHEET" and int(where.get("sheetId", 0)) == sheet_id


def _of_sheet(value: Any, old: int, new: int) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_of_sheet(inner, old, new) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {key: _of_sheet(inner, old, new) for key, inner in value.items()}
    is_place = any(key.endswith(("Index", "locationType")) for key in value) or "sheetId" in value
    return found | {"sheetId": new} if is_place and value.get("sheetId", 0) == old and "dimensionRange" not in value else found


@handles("updateSheetProperties")
def update_sheet_properties(book: Book, body: Json) -> None:
    """Rename, move, resize, freeze, colour or hide a sheet."""
    fields, wanted = mask(body, "SheetProperties"), body.get("properties", {})
    sheet = book.sheet(wanted.get("sheetId", 0))
    if "title" in fields or "*" in fields:
        _check_title(book, wanted.get("title", ""), sheet)
        book.rename(sheet, wanted["title"])
    before = {dimension: sheet.count(dimension) for dimension in COUNT_KEYS}
    keep = {"sheetId": sheet.id, "index": sheet.properties["index"], "sheetType": sheet.properties["sheetType"]}
    sheet.properties = written(sheet.properties, wanted, fields) | keep
    for dimension, key in COUNT_KEYS.items():
        then = sheet.properties.setdefault("gridProperties", {}).setdefault(key, before[dimension])
        sheet.properties["gridProperties"][key] = before[dimension]
        _resized(book, sheet, dimension, then)
    _check_grid(sheet)
    if all(other.properties.get("hidden") for other in book.sheets):
        raise RefusedError("You can't hide all the sheets in a document.")
    if "index" in fields:
        _place(book, sheet, wanted.get("index", 0))


def _resized(book: Book, sheet: Sheet, dimension: Any, count: int) -> None:  # noqa: ANN401 - ROWS or COLUMNS
    before = sheet.count(dimension)
    if count < 1:
        raise RefusedError("A sheet has at least one row and one column.")
    if count < before:
        book.shift(Shift("delete", sheet.id, dimension, count, before - count))
    sheet.properties["gridProperties"][COUNT_KEYS[dimension]] = count
    book.check_size()


def _place(book: Book, sheet: Sheet, index: int) -> None:
    before = book.sheets.index(sheet)
    book.sheets.remove(sheet)
    book.sheets.insert(index - 1 if index > before else index, sheet)
    book.renumber()


@handles("appendDimension")
def append_dimension(book: Book, body: Json) -> None:
    """Add rows or columns at the end."""
    sheet = book.sheet(body.get("sheetId", 0))
    if body.get("length", 0) < 1:
        raise RefusedError("length must be positive")
    _resized(book, sheet, body["dimension"], sheet.count(body["dimension"]) + body["length"])


@handles("insertDimension")
def insert_dimension(book: Book, body: Json) -> None:
    """Insert rows or columns; they look like those before them, or after them."""
    sheet, shift = _shift(book, body["range"], "insert")
    if shift.start > sheet.count(shift.dimension):
        raise RefusedError(f"range.startIndex[{shift.start}] is beyond the grid's {sheet.count(shift.dimension)}")
    if body.get("inheritFromBefore") and shift.start == 0:
        raise RefusedError("inheritFromBefore cannot be true if inserting at the beginning")
    book.shift(shift)
    _inherit(sheet, shift, shift.start - 1 if body.get("inheritFromBefore") else shift.end)
    book.check_size()


def _inherit(sheet: Sheet, shift: Shift, source: int) -> None:
    axis = 0 if shift.dimension == "ROWS" else 1
    formats = {
        place: cell["userEnteredFormat"]
        for place, cell in sheet.cells.items()
        if place[axis] == source and "userEnteredFormat" in cell
    }
    for index in range(shift.start, shift.end):
        if source in sheet.lines[shift.dimension]:
            sheet.lines[shift.dimension][index] = sheet.lines[shift.dimension][source]
        for place, form in formats.items():
            sheet.put((index, place[1]) if axis == 0 else (place[0], index), {"userEnteredFormat": form})


@handles("deleteDimension")
def delete_dimension(book: Book, body: Json) -> None:
    """Delete rows or columns with all that is tied to them."""
    sheet, shift = _shift(book, body["range"], "delete")
    if shift.end > sheet.count(shift.dimension):
        raise RefusedError(f"Cannot delete beyond the grid: it has {sheet.count(shift.dimension)} {shift.dimension.lower()}")
    if shift.count >= sheet.count(shift.dimension):
        raise RefusedError(f"You can't delete all the {shift.dimension.lower()} on the sheet.")
    book.shift(shift)
    _check_grid(sheet)


@handles("moveDimension")
def move_dimension(book: Book, body: Json) -> None:
    """Move rows or columns, with all that is tied to them, to before another one."""
    sheet, shift = _shift(book, body["source"], "move", body.get("destinationIndex", 0))
    if shift.end > sheet.count(shift.dimension) or shift.to > sheet.count(shift.dimension):
        raise RefusedError("Cannot move beyond the grid")
    if shift.start < shift.to < shift.end:
        raise RefusedError("destinationIndex lies within the source")
    book.shift(shift)


def _shift(book: Book, dimension_range: Json, kind: Any, to: int = 0) -> tuple[Sheet, Shift]:  # noqa: ANN401 - a word of Shift
    sheet = book.sheet(dimension_range.get("sheetId", 0))
    start, end = dimension_range.get("startIndex", 0), dimension_range.get("endIndex", 0)
    if start < 0 or end <= start or dimension_range.get("dimension") not in COUNT_KEYS:
        raise RefusedError(f"Invalid range: {dimension_range}")
    return sheet, Shift(kind, sheet.id, dimension_range["dimension"], start, end - start, to)


@handles("updateDimensionProperties")
def update_dimension_properties(book: Book, body: Json) -> None:
    """Change widths or heights, or hide rows or columns."""
    fields, dimension_range = mask(body, "DimensionProperties"), body["range"]
    sheet, dimension = book.sheet(dimension_range.get("sheetId", 0)), dimension_range["dimension"]
    end = dimension_range.get("endIndex", sheet.count(dimension))
    if end > sheet.count(dimension):
        raise RefusedError(f"Invalid range: {dimension_range}")
    for index in range(dimension_range.get("startIndex", 0), end):
        held = sheet.lines[dimension].get(index, {})
        sheet.lines[dimension][index] = written(held, body.get("properties", {}), fields)


@handles("autoResizeDimensions")
def auto_resize_dimensions(book: Book, body: Json) -> None:
    """Fit lines to what their cells hold: columns to their longest text, roughly; rows are as high as any."""
    dimensions = body.get("dimensions", {})
    sheet, dimension = book.sheet(dimensions.get("sheetId", 0)), dimensions["dimension"]
    for index in range(dimensions.get("startIndex", 0), dimensions.get("endIndex", sheet.count(dimension))):
        kept = {key: value for key, value in sheet.lines[dimension].pop(index, {}).items() if key != "pixelSize"}
        longest = max((len(text) for text in _texts(sheet, index)), default=0) if dimension == "COLUMNS" else 0
        if longest:
            kept["pixelSize"] = longest * PIXELS_A_LETTER
        if kept:
            sheet.lines[dimension][index] = kept


def _texts(sheet: Sheet, column: int) -> list[str]:
    cells = (cell.get("userEnteredValue", {}) for place, cell in sheet.cells.items() if place[1] == column)
    return [str(value) for cell in cells for value in cell.values()]
