"""Decodes Google's JSON about a spreadsheet into a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sheets_addin.google.locales import rule_with_commas, with_commas
from sheets_addin.google.spreadsheet import (
    BasicFilter,
    Rectangle,
    RemoteCell,
    RemoteChart,
    RemoteName,
    RemoteProtection,
    RemoteSheet,
    Spreadsheet,
    Tag,
)
from sheets_addin.workbook import Formula

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets_addin.google.spreadsheet import Json, Where
    from sheets_addin.workbook import Entered, Place

CELL_FIELDS = "userEnteredValue,userEnteredFormat,note,dataValidation"
AROUND = "spreadsheetId,properties(title,locale,timeZone),namedRanges,developerMetadata"
OVER = "properties,developerMetadata,charts,conditionalFormats,protectedRanges,merges,basicFilter"
LINES = "rowMetadata.developerMetadata,columnMetadata.developerMetadata"
EVERYTHING = f"{AROUND},sheets({OVER},data(startRow,startColumn,rowData.values({CELL_FIELDS}),{LINES}))"
WITHOUT_CELLS = f"{AROUND},sheets({OVER})"
SHOWN_ERROR = {"DIVIDE_BY_ZERO": "#DIV/0!", "N_A": "#N/A", "NAME": "#NAME?", "NULL_VALUE": "#NULL!"}


def spreadsheet(answer: Json, *, is_complete: bool) -> Spreadsheet:
    """Return the spreadsheet that Google's response describes."""
    properties = answer["properties"]
    return Spreadsheet(
        id=answer["spreadsheetId"],
        title=properties.get("title", ""),
        locale=properties.get("locale", ""),
        time_zone=properties.get("timeZone", ""),
        is_complete=is_complete,
        sheets=tuple(_sheet(sheet) for sheet in answer.get("sheets", [])),
        names=tuple(_name(name) for name in answer.get("namedRanges", [])),
        tags=tuple(_tag(tag) for tag in answer.get("developerMetadata", [])),
    )


def _sheet(sheet: Json) -> RemoteSheet:
    properties, grids = sheet["properties"], sheet.get("data")
    size = properties.get("gridProperties", {})
    return RemoteSheet(
        id=properties.get("sheetId", 0),
        title=properties["title"],
        position=properties.get("index", 0),
        rows=size.get("rowCount", 0),
        columns=size.get("columnCount", 0),
        frozen_rows=size.get("frozenRowCount", 0),
        frozen_columns=size.get("frozenColumnCount", 0),
        is_hidden=properties.get("hidden", False),
        is_grid=properties.get("sheetType", "GRID") == "GRID",
        shows_gridlines=not size.get("hideGridlines", False),
        cells=None if grids is None else dict(cell for grid in grids for cell in _cells(grid)),
        tags=tuple(_tag(tag) for tag in _tags(sheet)),
        charts=tuple(_chart(chart) for chart in sheet.get("charts", [])),
        highlights=tuple(rule_with_commas(sheet.get("conditionalFormats", []))),
        protections=tuple(_protection(protection) for protection in sheet.get("protectedRanges", [])),
        merges=tuple(rectangle(merge) for merge in sheet.get("merges", [])),
        filter=_filter(sheet.get("basicFilter")),
    )


def _cells(grid: Json) -> Iterator[tuple[Place, RemoteCell]]:
    first_column = grid.get("startColumn", 0)
    for row, line in enumerate(grid.get("rowData", []), start=grid.get("startRow", 0)):
        for column, cell in enumerate(line.get("values", []), start=first_column):
            if cell:
                yield (row, column), _cell(cell)


def _cell(cell: Json) -> RemoteCell:
    return RemoteCell(
        _decode_entered(cell.get("userEnteredValue")),
        cell.get("userEnteredFormat"),
        cell.get("note"),
        rule_with_commas(cell.get("dataValidation")),
    )


def _decode_entered(value: Json | None) -> Entered:
    if not value:
        return None
    ((kind, content),) = value.items()
    if kind == "formulaValue":
        return Formula(with_commas(content.removeprefix("=")))
    if kind == "errorValue":
        return SHOWN_ERROR.get(content["type"], f"#{content['type']}!")
    return cast("Entered", content)


def _tags(sheet: Json) -> Iterator[Json]:
    yield from sheet.get("developerMetadata", [])
    for grid in sheet.get("data", []):
        for lines in ("rowMetadata", "columnMetadata"):
            for line in grid.get(lines, []):
                yield from line.get("developerMetadata", [])


def _tag(tag: Json) -> Tag:
    location = tag["location"]
    where = cast("Where", location["locationType"].lower())
    line = location.get("dimensionRange", {})
    return Tag(
        id=tag["metadataId"],
        key=tag.get("metadataKey", ""),
        value=tag.get("metadataValue", ""),
        where=where,
        sheet_id=None if where == "spreadsheet" else (line or location).get("sheetId", 0),
        position=line.get("startIndex", 0) if line else None,
    )


def rectangle(grid_range: Json) -> Rectangle:
    """Return Google's GridRange as a rectangle; what Google leaves out at the start is 0."""
    return Rectangle(
        grid_range.get("sheetId", 0),
        grid_range.get("startRowIndex", 0),
        grid_range.get("endRowIndex"),
        grid_range.get("startColumnIndex", 0),
        grid_range.get("endColumnIndex"),
    )


def _name(name: Json) -> RemoteName:
    return RemoteName(name["namedRangeId"], name["name"], rectangle(name["range"]) if name.get("range") else None)


def _chart(chart: Json) -> RemoteChart:
    overlay: dict[str, Any] | None = chart.get("position", {}).get("overlayPosition")
    if overlay is None:
        return RemoteChart(chart["chartId"], chart.get("spec", {}), None, None)
    anchor = overlay.get("anchorCell", {})
    size = (overlay["widthPixels"], overlay["heightPixels"]) if {"widthPixels", "heightPixels"} <= overlay.keys() else None
    return RemoteChart(chart["chartId"], chart.get("spec", {}), (anchor.get("rowIndex", 0), anchor.get("columnIndex", 0)), size)


def _filter(found: Json | None) -> BasicFilter | None:
    return BasicFilter(rectangle(found["range"]), found) if found and found.get("range") else None


def _protection(protection: Json) -> RemoteProtection:
    where = protection.get("range")
    kept = None if where is None else rectangle(where)
    return RemoteProtection(protection["protectedRangeId"], protection.get("description", ""), kept, protection)
