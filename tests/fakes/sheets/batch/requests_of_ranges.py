"""Requests that move cells about, or change them where they are: cut, insert and delete ranges, find and replace, borders."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from tests.fakes.sheets.batch.requests import bounds, handles
from tests.fakes.sheets.batch.requests_of_cells import copy_paste
from tests.fakes.sheets.book import RefusedError
from tests.fakes.sheets.cells import entered, plain
from tests.fakes.sheets.shift import Shift, redirected

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.sheets.book import Book, Sheet

Json = dict[str, Any]
DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


@handles("cutPaste")
def cut_paste(book: Book, body: Json) -> None:
    """Move a range: what it held is gone from there, and formulas that meant it follow."""
    source, rows, columns = bounds(book, body.get("source", {}))
    start = body.get("destination", {})
    target = book.sheet(start.get("sheetId", 0))
    down, right = start.get("rowIndex", 0) - rows.start, start.get("columnIndex", 0) - columns.start
    ends = {
        "startRowIndex": rows.start + down,
        "endRowIndex": rows.stop + down,
        "startColumnIndex": columns.start + right,
        "endColumnIndex": columns.stop + right,
    }
    cells = {place: source.cells.get(place, {}) for row in rows for place in ((row, column) for column in columns)}
    if body.get("pasteType", "PASTE_NORMAL") != "PASTE_NORMAL":
        copy_paste(book, {**body, "destination": {"sheetId": target.id} | ends})
    else:
        bounds(book, {"sheetId": target.id} | ends)
    for place in cells:
        source.put(place, {})
    if body.get("pasteType", "PASTE_NORMAL") == "PASTE_NORMAL":
        for (row, column), cell in cells.items():
            target.put((row + down, column + right), cell)
        book.redirect(lambda formula, home: redirected(formula, home, (source.title, rows, columns), (target.title, down, right)))


@handles("insertRange")
def insert_range(book: Book, body: Json) -> None:
    """Insert cells: those of the range and beyond go down or right; what would leave the sheet is lost."""
    sheet, shift = _block(book, body, "insert")
    limit = sheet.count(shift.dimension)
    axis = 0 if shift.dimension == "ROWS" else 1
    book.shift(shift)
    sheet.cells = {place: cell for place, cell in sheet.cells.items() if place[axis] < limit}


@handles("deleteRange")
def delete_range(book: Book, body: Json) -> None:
    """Delete cells: those beyond them come up or left."""
    book.shift(_block(book, body, "delete")[1])


def _block(book: Book, body: Json, kind: Any) -> tuple[Sheet, Shift]:  # noqa: ANN401 - a word of Shift
    sheet, rows, columns = bounds(book, body.get("range", {}))
    dimension = body.get("shiftDimension")
    if dimension not in {"ROWS", "COLUMNS"}:
        raise RefusedError("shiftDimension must be specified")
    along, across = (rows, columns) if dimension == "ROWS" else (columns, rows)
    return sheet, Shift(kind, sheet.id, dimension, along.start, len(along), across=(across.start, across.stop))


@handles("findReplace")
def find_replace(book: Book, body: Json) -> Json:
    """Replace a text or pattern in values, and in formulas where that is asked for; count what changed."""
    if not body.get("find"):
        raise RefusedError("The find string must not be empty.")
    pattern, replacement = _searched(body)
    changed: Json = {"valuesChanged": 0, "formulasChanged": 0, "occurrencesChanged": 0}
    lines, sheets = set(), set()
    for sheet, place, cell in _searched_cells(book, body):
        is_formula = "formulaValue" in cell["userEnteredValue"]
        if is_formula and not body.get("includeFormulas"):
            continue
        then, count = pattern.subn(replacement, str(plain(cell["userEnteredValue"])))
        if count:
            sheet.put(place, {**cell, **_retyped(then)})
            changed["formulasChanged" if is_formula else "valuesChanged"] += 1
            changed["occurrencesChanged"] += count
            lines.add((sheet.id, place[0]))
            sheets.add(sheet.id)
    changed |= {"rowsChanged": len(lines), "sheetsChanged": len(sheets)}
    return {key: count for key, count in changed.items() if count}


def _searched(body: Json) -> tuple[re.Pattern[str], str]:
    """Return what is looked for, and what is put for it as Python writes it: Java writes $1 for a group."""
    is_pattern, replacement = body.get("searchByRegex"), body.get("replacement", "")
    source = body["find"] if is_pattern else re.escape(body["find"])
    source = rf"\A(?:{source})\Z" if body.get("matchEntireCell") else source
    kept = re.sub(r"\$(\d+)", r"\\g<\1>", replacement) if is_pattern else replacement.replace("\\", "\\\\")
    return re.compile(source, 0 if body.get("matchCase") else re.IGNORECASE), kept


def _searched_cells(book: Book, body: Json) -> list[tuple[Sheet, tuple[int, int], Json]]:
    if len([key for key in ("range", "sheetId", "allSheets") if key in body]) != 1:
        raise RefusedError("Exactly one of range, sheetId and allSheets must be set.")
    if body.get("allSheets"):
        areas = [bounds(book, {"sheetId": sheet.id}) for sheet in book.sheets]
    else:
        areas = [bounds(book, body.get("range", {"sheetId": body.get("sheetId", 0)}))]
    return [
        (sheet, place, cell)
        for sheet, rows, columns in areas
        for place, cell in list(sheet.cells.items())
        if place[0] in rows and place[1] in columns and cell.get("userEnteredValue")
    ]


def _retyped(text: str) -> Json:
    return {"userEnteredValue": entered(text, is_raw=False).get("userEnteredValue", {})}


@handles("updateBorders")
def update_borders(book: Book, body: Json) -> None:
    """Draw borders around a range and within it; NONE takes one away."""
    sheet, rows, columns = bounds(book, body.get("range", {}))
    for row in rows:
        for column in columns:
            sides = {
                "top": body.get("top" if row == rows.start else "innerHorizontal"),
                "bottom": body.get("bottom" if row == rows.stop - 1 else "innerHorizontal"),
                "left": body.get("left" if column == columns.start else "innerVertical"),
                "right": body.get("right" if column == columns.stop - 1 else "innerVertical"),
            }
            _draw(sheet, (row, column), {side: border for side, border in sides.items() if border is not None})


def _draw(sheet: Sheet, place: tuple[int, int], sides: Json) -> None:
    if not sides:
        return
    cell = copy.deepcopy(sheet.cells.get(place, {}))
    form = cell.pop("userEnteredFormat", {})
    borders = {**form.pop("borders", {}), **sides}
    kept = {side: border for side, border in borders.items() if border.get("style") != "NONE"}
    form |= {"borders": kept} if kept else {}
    sheet.put(place, cell | ({"userEnteredFormat": form} if form else {}))


@handles("trimWhitespace")
def trim_whitespace(book: Book, body: Json) -> Json:
    """Take spaces away at both ends of texts, and all but one within them."""
    count = 0
    for sheet, place, cell in _searched_cells(book, {"range": body.get("range", {})}):
        text = cell["userEnteredValue"].get("stringValue")
        if text is not None and text != " ".join(text.split()):
            sheet.put(place, {**cell, "userEnteredValue": {"stringValue": " ".join(text.split())}})
            count += 1
    return {"cellsChangedCount": count} if count else {}


@handles("textToColumns")
def text_to_columns(book: Book, body: Json) -> None:
    """Split the texts of one column over the columns to its right."""
    sheet, rows, columns = bounds(book, body.get("source", {}))
    if len(columns) != 1:
        raise RefusedError("The source must span exactly one column.")
    kind = body.get("delimiterType")
    delimiter = body.get("delimiter") if kind == "CUSTOM" else DELIMITERS.get(str(kind))
    if not delimiter:
        raise RefusedError(f"This server of the tests does not know the delimiter {kind} yet.", 501)
    _paste(sheet, (rows.start, columns.start), rows, lambda text: text.split(delimiter))


def _paste(sheet: Sheet, start: tuple[int, int], rows: range, split: Callable[[str], list[str]]) -> None:
    for row in rows:
        held = plain(sheet.cells.get((row, start[1]), {}).get("userEnteredValue", {}))
        if isinstance(held, str):
            _put_line(sheet, (row, start[1]), split(held))


def _put_line(sheet: Sheet, start: tuple[int, int], texts: list[str]) -> None:
    for column, text in enumerate(texts, start=start[1]):
        grid = sheet.properties["gridProperties"]
        grid["columnCount"] = max(grid["columnCount"], column + 1)
        sheet.put((start[0], column), {**sheet.cells.get((start[0], column), {}), **_retyped(text)})


@handles("pasteData")
def paste_data(book: Book, body: Json) -> None:
    """Write delimited text from a place on, as if a person typed it."""
    start = body.get("coordinate", {})
    sheet = book.sheet(start.get("sheetId", 0))
    if body.get("html") or not body.get("delimiter"):
        raise RefusedError("This server of the tests pastes delimited text only.", 501)
    for row, line in enumerate(body.get("data", "").split("\n"), start=start.get("rowIndex", 0)):
        grid = sheet.properties["gridProperties"]
        grid["rowCount"] = max(grid["rowCount"], row + 1)
        _put_line(sheet, (row, start.get("columnIndex", 0)), line.split(body["delimiter"]))


@handles("deleteDuplicates")
def delete_duplicates(book: Book, body: Json) -> Json:
    """Take out the rows of a range that repeat an earlier one; what lies below within the range comes up."""
    sheet, rows, columns = bounds(book, body.get("range", {}))
    compared = [line["startIndex"] for line in body.get("comparisonColumns", [])] or list(columns)
    seen, kept = set(), []
    for row in rows:
        key = tuple(str(plain(sheet.cells.get((row, column), {}).get("userEnteredValue", {}))).lower() for column in compared)
        if key not in seen:
            seen.add(key)
            kept.append([sheet.cells.get((row, column), {}) for column in columns])
    empty: list[list[Json]] = [[{}] * len(columns)] * (len(rows) - len(kept))
    for row, line in zip(rows, [*kept, *empty], strict=True):
        for column, cell in zip(columns, line, strict=True):
            sheet.put((row, column), cell)
    gone = len(rows) - len(kept)
    return {"duplicatesRemovedCount": gone} if gone else {}
