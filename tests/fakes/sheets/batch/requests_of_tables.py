"""Requests about tables, groups of rows and columns, and filter views.

What is known, and how: Google's guide to tables, its descriptions of the groups' requests (whose examples the tests repeat), and
what Google answered the recordings of gspread's own tests.
"""

from __future__ import annotations

import copy
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tests.fakes.sheets.batch.requests import area, bounds, fresh_id, handles, mask, overlap, thing_of, without_zeros
from tests.fakes.sheets.book import RefusedError
from tests.fakes.sheets.description.masks import written

if TYPE_CHECKING:
    from tests.fakes.sheets.book import Book, Sheet

Json = dict[str, Any]
GROUPS = {"ROWS": "rowGroups", "COLUMNS": "columnGroups"}


@handles("addTable")
def add_table(book: Book, body: Json) -> Json:
    """Make a table of a range, whose first row says what its columns are."""
    table = copy.deepcopy(body.get("table", {}))
    table["tableId"] = str(fresh_id(book, table.get("tableId"), (one["tableId"] for _, one in book.objects("tables"))))
    sheet = _check_table(book, table)
    sheet.objects["tables"].append(table)
    return {"table": copy.deepcopy(table)}


def _check_table(book: Book, table: Json) -> Sheet:
    """Return the sheet of a table, with all that Google adds to it. Raises: RefusedError."""
    if "range" not in table:
        raise RefusedError("A table needs a range.")
    sheet, rows, columns = bounds(book, table["range"])
    table["range"] = area(sheet.id, rows, columns)
    others = [one for _, one in book.objects("tables") if one["tableId"] != table["tableId"]]
    table.setdefault("name", f"Table{len(others) + 1}")
    if any(one["name"].lower() == table["name"].lower() for one in others):
        raise RefusedError(f'A table with the name "{table["name"]}" already exists.')
    if any(overlap(table["range"], one["range"]) for one in sheet.objects["tables"] if one["tableId"] != table["tableId"]):
        raise RefusedError("You can't create a table that overlaps another table.")
    table["columnProperties"] = _columns(table, sheet)
    return sheet


def _columns(table: Json, sheet: Sheet) -> list[Json]:
    where = table["range"]
    said = {one.get("columnIndex", 0): one for one in table.get("columnProperties", [])}
    width = where["endColumnIndex"] - where["startColumnIndex"]
    if any(index >= width for index in said):
        raise RefusedError("The column index is out of range of the table.")
    for one in said.values():
        if (one.get("columnType") == "DROPDOWN") != ("dataValidationRule" in one):
            raise RefusedError("A data validation rule belongs to a column of type DROPDOWN, and to no other.")
    heads = [sheet.cells.get((where["startRowIndex"], where["startColumnIndex"] + index), {}) for index in range(width)]
    typed = [head.get("userEnteredValue", {}).get("stringValue", f"Column {index + 1}") for index, head in enumerate(heads)]
    return [{"columnName": typed[index], **said.get(index, {}), "columnIndex": index} for index in range(width)]


@handles("updateTable")
def update_table(book: Book, body: Json) -> None:
    """Rename or resize a table, or change its columns."""
    fields, wanted = mask(body, "Table"), body.get("table", {})
    sheet, held = thing_of(book, "tables", wanted.get("tableId"))
    then = written(held, wanted, fields) | {"tableId": held["tableId"]}
    target = _check_table(book, then)
    sheet.objects["tables"].remove(held)
    target.objects["tables"].append(then)


@handles("deleteTable")
def delete_table(book: Book, body: Json) -> None:
    """Delete a table with all that it holds."""
    sheet, table = thing_of(book, "tables", body.get("tableId"))
    sheet.objects["tables"].remove(table)
    _, rows, columns = bounds(book, table["range"])
    sheet.cells = {place: cell for place, cell in sheet.cells.items() if place[0] not in rows or place[1] not in columns}


@handles("addDimensionGroup")
def add_dimension_group(book: Book, body: Json) -> Json:
    """Group rows or columns: each of them is one group deeper."""
    return _regrouped(book, body.get("range", {}), 1)


@handles("deleteDimensionGroup")
def delete_dimension_group(book: Book, body: Json) -> Json:
    """Take rows or columns out of their deepest group."""
    return _regrouped(book, body.get("range", {}), -1)


def _regrouped(book: Book, dimension_range: Json, step: int) -> Json:
    sheet, lines = _lines(book, dimension_range)
    kind = GROUPS[dimension_range["dimension"]]
    depths = dict.fromkeys(range(sheet.count(dimension_range["dimension"])), 0)
    for group in sheet.objects[kind]:
        for index in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            depths[index] = max(depths[index], group["depth"])
    if step < 0 and not any(depths[index] for index in lines):
        raise RefusedError("There is no group over this range.")
    for index in lines:
        depths[index] = max(0, depths[index] + step)
    collapsed = [(one["range"], one["depth"]) for one in sheet.objects[kind] if one.get("collapsed")]
    groups = [
        {"range": without_zeros(dimension_range | {"startIndex": span[0], "endIndex": span[-1] + 1}), "depth": depth}
        for depth in range(1, max(depths.values()) + 1)
        for is_in, indices in groupby(depths, key=lambda index, depth=depth: depths[index] >= depth)  # type: ignore[misc] # mypy and defaults of lambdas
        if is_in
        for span in [list(indices)]
    ]
    sheet.objects[kind] = [one | {"collapsed": True} if (one["range"], one["depth"]) in collapsed else one for one in groups]
    return {"dimensionGroups": copy.deepcopy(sheet.objects[kind])} if sheet.objects[kind] else {}


def _lines(book: Book, dimension_range: Json) -> tuple[Sheet, range]:
    sheet = book.sheet(dimension_range.get("sheetId", 0))
    if dimension_range.get("dimension") not in GROUPS:
        raise RefusedError(f"Invalid range: {dimension_range}")
    count = sheet.count(dimension_range["dimension"])
    lines = range(dimension_range.get("startIndex", 0), dimension_range.get("endIndex", count))
    if not lines or lines.stop > count:
        raise RefusedError(f"Invalid range: {dimension_range}")
    return sheet, lines


@handles("updateDimensionGroup")
def update_dimension_group(book: Book, body: Json) -> None:
    """Collapse a group or open it: its rows or columns are hidden or shown."""
    fields, wanted = mask(body, "DimensionGroup"), body.get("dimensionGroup", {})
    sheet, lines = _lines(book, wanted.get("range", {}))
    dimension = wanted["range"]["dimension"]
    groups = sheet.objects[GROUPS[dimension]]
    meant = without_zeros(wanted["range"]), wanted.get("depth")
    held = next((one for one in groups if (one["range"], one["depth"]) == meant), None)
    if held is None:
        raise RefusedError("There is no group of that range and depth.")
    if "collapsed" in fields or "*" in fields:
        held.pop("collapsed", None)
        for index in lines:
            line = {key: value for key, value in sheet.lines[dimension].get(index, {}).items() if key != "hiddenByUser"}
            sheet.lines[dimension][index] = line | ({"hiddenByUser": True} if wanted.get("collapsed") else {})
        held |= {"collapsed": True} if wanted.get("collapsed") else {}


@handles("addFilterView")
def add_filter_view(book: Book, body: Json) -> Json:
    """Keep a filter that people may look through."""
    view = copy.deepcopy(body.get("filter", {}))
    return {"filter": copy.deepcopy(_add_view(book, view))}


def _add_view(book: Book, view: Json) -> Json:
    sheet = bounds(book, view.get("range", {}))[0]
    held = [one["filterViewId"] for _, one in book.objects("filterViews")]
    view["filterViewId"] = int(fresh_id(book, view.get("filterViewId"), held))
    view.setdefault("title", f"Filter {len(held) + 1}")
    sheet.objects["filterViews"].append(view)
    return view


@handles("updateFilterView")
def update_filter_view(book: Book, body: Json) -> None:
    """Change a filter view."""
    fields, wanted = mask(body, "FilterView"), body.get("filter", {})
    sheet, held = thing_of(book, "filterViews", wanted.get("filterViewId"))
    then = written(held, wanted, fields) | {"filterViewId": held["filterViewId"]}
    bounds(book, then.get("range", {}))
    sheet.objects["filterViews"][sheet.objects["filterViews"].index(held)] = then


@handles("duplicateFilterView")
def duplicate_filter_view(book: Book, body: Json) -> Json:
    """Copy a filter view."""
    _, held = thing_of(book, "filterViews", body.get("filterId"))
    view = {key: value for key, value in copy.deepcopy(held).items() if key != "filterViewId"}
    return {"filter": copy.deepcopy(_add_view(book, view | {"title": f"Copy of {held['title']}"}))}


@handles("deleteFilterView")
def delete_filter_view(book: Book, body: Json) -> None:
    """Forget a filter view."""
    sheet, held = thing_of(book, "filterViews", body.get("filterId"))
    sheet.objects["filterViews"].remove(held)
