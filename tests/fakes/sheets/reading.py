"""What Google answers about a spreadsheet, whole or in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.sheets.batch.requests import bounds
from tests.fakes.sheets.batch.requests_of_objects import matching
from tests.fakes.sheets.book import RefusedError
from tests.fakes.sheets.cells import extended, parsed_range, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fakes.sheets.book import Book, Sheet

Json = dict[str, Any]
PIXELS = {"ROWS": 21, "COLUMNS": 100}


def named(book: Book, text: str) -> Json:
    """Return the range that a text means: a named range, a sheet, or A1 notation. Raises: RefusedError."""
    for name in book.names:
        if name["name"].lower() == text.lower() and "range" in name:
            return dict(name["range"])
    title = text[1:-1].replace("''", "'") if text.startswith("'") and text.endswith("'") else text
    if sheet := book.titled(title):
        return {"sheetId": sheet.id}
    sheet_title, _, name_on_it = text.rpartition("!")
    if sheet_title and any(name["name"].lower() == name_on_it.lower() for name in book.names):
        return named(book, name_on_it)
    title_of_range, ends = parsed_range(text)
    found = book.titled(title_of_range) if title_of_range else book.sheets[0]
    if found is None:
        raise RefusedError(f"Unable to parse range: {text}")
    return {"sheetId": found.id} | ends


def filtered(book: Book, data_filter: Json) -> list[Json]:
    """Return the ranges that a DataFilter selects. Raises: RefusedError."""
    if "a1Range" in data_filter:
        return [named(book, data_filter["a1Range"])]
    if "gridRange" in data_filter:
        return [data_filter["gridRange"]]
    return [_tagged(tag["location"]) for tag in matching(book, data_filter) if tag["location"]["locationType"] != "SPREADSHEET"]


def _tagged(location: Json) -> Json:
    if "dimensionRange" not in location:
        return {"sheetId": location.get("sheetId", 0)}
    line = location["dimensionRange"]
    axis = line["dimension"].removesuffix("S").capitalize()
    return {"sheetId": line.get("sheetId", 0), f"start{axis}Index": line["startIndex"], f"end{axis}Index": line["endIndex"]}


def spreadsheet(book: Book, computed: Mapping[tuple[str, int, int], Any], wanted: list[Json] | None, *, with_grid: bool) -> Json:
    """Return a spreadsheet in Google's shape: all of it, or the sheets that ranges lie on with the cells of those ranges."""
    areas = [{"sheetId": sheet.id} for sheet in book.sheets] if wanted is None else wanted
    ids = {area.get("sheetId", 0) for area in areas}
    for sheet_id in ids:
        book.sheet(sheet_id)
    whole: Json = {
        "spreadsheetId": book.id,
        "properties": book.properties,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
        "sheets": [
            _sheet(book, sheet, computed, [area for area in areas if area.get("sheetId", 0) == sheet.id] if with_grid else [])
            for sheet in book.sheets
            if sheet.id in ids
        ],
        "namedRanges": book.names,
        "developerMetadata": [tag for tag in book.tags if tag["location"]["locationType"] == "SPREADSHEET"],
    }
    return {key: value for key, value in whole.items() if value != []}


def _sheet(book: Book, sheet: Sheet, computed: Mapping[tuple[str, int, int], Any], areas: list[Json]) -> Json:
    tags = [tag for tag in book.tags if tag["location"]["locationType"] == "SHEET" and tag["location"]["sheetId"] == sheet.id]
    whole = {
        "properties": sheet.properties,
        "data": [_grid(book, sheet, computed, area) for area in areas],
        "developerMetadata": tags,
        **sheet.objects,
    }
    return {key: value for key, value in whole.items() if value != []}


def _grid(book: Book, sheet: Sheet, computed: Mapping[tuple[str, int, int], Any], area: Json) -> Json:
    _, rows, columns = bounds(book, area)
    held = [place for place in sheet.cells if place[0] in rows and place[1] in columns]
    last_row = max((row for row, _ in held), default=rows.start - 1)
    ends = dict.fromkeys(range(rows.start, last_row + 1), -1)
    for row, column in held:
        ends[row] = max(ends[row], column)
    lines = [
        {"values": [_cell(sheet, (row, column), computed) for column in range(columns.start, end + 1)]} if end >= 0 else {}
        for row, end in ends.items()
    ]
    whole: Json = {
        "startRow": rows.start,
        "startColumn": columns.start,
        "rowData": lines,
        "rowMetadata": _lines(book, sheet, "ROWS", rows),
        "columnMetadata": _lines(book, sheet, "COLUMNS", columns),
    }
    return {key: value for key, value in whole.items() if value not in (0, [])}


def _cell(sheet: Sheet, place: tuple[int, int], computed: Mapping[tuple[str, int, int], Any]) -> Json:
    cell = sheet.cells.get(place)
    if cell is None:
        return {}
    entered = cell.get("userEnteredValue")
    found = dict(cell)
    if entered is not None:
        result = extended(computed.get((sheet.title, *place))) if "formulaValue" in entered else entered
        number_format = cell.get("userEnteredFormat", {}).get("numberFormat", {})
        found |= {"effectiveValue": result, "formattedValue": shown(_bare(result), number_format)}
    if "userEnteredFormat" in cell:
        found["userEnteredFormat"] = found["effectiveFormat"] = _with_styles(cell["userEnteredFormat"])
    return found


def _with_styles(form: Json) -> Json:
    """Return a format whose colours are told in both of Google's ways, the one of old and the one by style."""
    styles = {f"{key}Style": {"rgbColor": form[key]} for key in ("backgroundColor", "foregroundColor") if key in form}
    inner = {"textFormat": _with_styles(form["textFormat"])} if "textFormat" in form else {}
    return form | inner | styles


def _bare(value: Json) -> Any:  # noqa: ANN401 - JSON
    return value["errorValue"]["message"] if "errorValue" in value else next(iter(value.values()))


def _lines(book: Book, sheet: Sheet, dimension: str, indices: range) -> list[Json]:
    tags: dict[int, list[Json]] = {}
    for tag in book.tags:
        line = tag["location"].get("dimensionRange")
        if line and line.get("sheetId", 0) == sheet.id and line["dimension"] == dimension:
            tags.setdefault(line["startIndex"], []).append(tag)
    default = {"pixelSize": PIXELS[dimension]}
    return [
        default | sheet.lines[dimension].get(index, {}) | ({"developerMetadata": tags[index]} if index in tags else {})
        for index in indices
    ]
