"""The values of ranges: got, updated, appended and cleared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.sheets import locales
from tests.fakes.sheets.batch.requests import bounds
from tests.fakes.sheets.book import RefusedError
from tests.fakes.sheets.cells import a1, entered, plain, shown
from tests.fakes.sheets.reading import named
from tests.fakes.sheets.shift import Shift

if TYPE_CHECKING:
    from tests.fakes.sheets.book import Book, Sheet

Json = dict[str, Any]
Place = tuple[int, int]
Computed = Mapping[tuple[str, int, int], Any]


def got(book: Book, computed: Computed, text: str, options: Mapping[str, str]) -> Json:
    """Return the values of a range, without the empty ones at the ends."""
    sheet, rows, columns = bounds(book, named(book, text))
    how = options.get("valueRenderOption", "FORMATTED_VALUE")
    shows_days = options.get("dateTimeRenderOption") == "FORMATTED_STRING"
    lines = [[_value(sheet, (row, column), computed, how, shows_days=shows_days) for column in columns] for row in rows]
    dimension = options.get("majorDimension", "ROWS")
    lines = [list(line) for line in zip(*lines, strict=True)] if dimension == "COLUMNS" else lines
    if how == "FORMULA":
        lines = [[locales.given_back(value, book.properties.get("locale", "en_US")) for value in line] for line in lines]
    lines = _trimmed([_trimmed(line, "") for line in lines], [])
    found: Json = {
        "range": a1(sheet.title, (rows.start, columns.start), (rows.stop - 1, columns.stop - 1)),
        "majorDimension": dimension,
    }
    return found | ({"values": lines} if lines else {})


def _value(sheet: Sheet, place: Place, computed: Computed, how: str, *, shows_days: bool) -> Any:  # noqa: ANN401 - JSON
    cell = sheet.cells.get(place, {})
    value = plain(cell.get("userEnteredValue", {}))
    if "formulaValue" in cell.get("userEnteredValue", {}) and how != "FORMULA":
        value = computed.get((sheet.title, *place))
        value = int(value) if isinstance(value, float) and value.is_integer() else value
    if value is None:
        return ""
    form = cell.get("userEnteredFormat", {}).get("numberFormat", {})
    is_day = form.get("type") in {"DATE", "TIME", "DATE_TIME"} and shows_days and how != "FORMULA"
    return shown(value, form) if how == "FORMATTED_VALUE" or is_day else value


def _trimmed(items: list[Any], empty: Any) -> list[Any]:  # noqa: ANN401 - JSON
    while items and items[-1] == empty:
        items.pop()
    return items


def updated(book: Book, text: str, values: Json, options: Mapping[str, str]) -> Json:
    """Write values from the start of a range on; null leaves a cell as it is."""
    sheet, rows, columns = bounds(book, named(book, text))
    is_raw, locale = _is_raw(options), book.properties.get("locale", "en_US")
    lines = values.get("values", [])
    lines = _turned(lines) if values.get("majorDimension") == "COLUMNS" else lines
    open_rows = range(rows.start, sheet.rows) if _is_open(text) else rows
    open_columns = range(columns.start, sheet.columns) if _is_open(text) else columns
    count = 0
    for row, line in enumerate(lines, start=rows.start):
        for column, value in enumerate(line, start=columns.start):
            if row not in open_rows or column not in open_columns:
                raise RefusedError(
                    f"Requested writing within range [{text}], but tried writing to row [{row + 1}], column [{column + 1}]"
                )
            count += 1
            if value is not None:
                _put(sheet, (row, column), value if is_raw else locales.typed(value, locale), is_raw=is_raw)
    width = max((len(line) for line in lines), default=0)
    last = (rows.start + max(len(lines), 1) - 1, columns.start + max(width, 1) - 1)
    where = a1(sheet.title, (rows.start, columns.start), last)
    counts = {"updatedRows": len(lines), "updatedColumns": width, "updatedCells": count}
    return {"spreadsheetId": book.id, "updatedRange": where, **counts}


def _is_raw(options: Mapping[str, str]) -> bool:
    if options.get("valueInputOption") not in {"RAW", "USER_ENTERED"}:
        raise RefusedError("'valueInputOption' is required but not specified")
    return options["valueInputOption"] == "RAW"


def _is_open(text: str) -> bool:
    return ":" not in text.rpartition("!")[2]


def _turned(lines: list[list[Any]]) -> list[list[Any]]:
    width = max((len(line) for line in lines), default=0)
    return [[line[index] if index < len(line) else None for line in lines] for index in range(width)]


def _put(sheet: Sheet, place: tuple[int, int], value: Any, *, is_raw: bool) -> None:  # noqa: ANN401 - JSON
    held = {key: kept for key, kept in sheet.cells.get(place, {}).items() if key != "userEnteredValue"}
    made = entered(value, is_raw=is_raw)
    if "userEnteredFormat" in made and "numberFormat" in held.get("userEnteredFormat", {}):
        del made["userEnteredFormat"]
    form = held.get("userEnteredFormat", {}) | made.pop("userEnteredFormat", {})
    sheet.put(place, held | made | ({"userEnteredFormat": form} if form else {}))


def appended(book: Book, text: str, values: Json, options: Mapping[str, str]) -> Json:
    """Write values below the last table of a range, from its first column on; where there is none, at the range's start.

    Source: Google's guide to appending values, and what Google answered the recordings of gspread's own tests.
    """
    where = named(book, text)
    sheet, rows, columns = bounds(book, where)
    table = max(
        (one for one in _tables(sheet) if _meets(one, rows, columns)), key=lambda one: (one[0].stop, one[1].stop), default=None
    )
    first = (table[0].stop, table[1].start) if table else (rows.start, columns.start)
    lines = _turned(values.get("values", [])) if values.get("majorDimension") == "COLUMNS" else values.get("values", [])
    if table and options.get("insertDataOption") == "INSERT_ROWS":
        book.shift(Shift("insert", sheet.id, "ROWS", first[0], max(len(lines), 1)))
    grid = sheet.properties["gridProperties"]
    grid["rowCount"] = max(grid["rowCount"], first[0] + len(lines))
    grid["columnCount"] = max(grid["columnCount"], first[1] + max((len(line) for line in lines), default=0))
    book.check_size()
    answer = {"spreadsheetId": book.id, "updates": updated(book, a1(sheet.title, first, first), values, options)}
    if table:
        ends = (table[0].start, table[1].start), (table[0].stop - 1, table[1].stop - 1)
        answer["tableRange"] = a1(sheet.title, *ends)
    return answer


def _meets(table: tuple[range, range], rows: range, columns: range) -> bool:
    return all(one.start < other.stop and other.start < one.stop for one, other in zip(table, (rows, columns), strict=True))


def _tables(sheet: Sheet) -> list[tuple[range, range]]:
    """Return the rectangles of cells that hold something and touch one another, at corners too."""
    left = {place for place, cell in sheet.cells.items() if cell.get("userEnteredValue")}
    found = []
    while left:
        edge = [left.pop()]
        together = set(edge)
        while edge:
            row, column = edge.pop()
            near = left & {(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)}
            left -= near
            together |= near
            edge += near
        rows, columns = zip(*together, strict=True)
        found.append((range(min(rows), max(rows) + 1), range(min(columns), max(columns) + 1)))
    return found


def cleared(book: Book, text: str) -> str:
    """Empty the cells of a range, which keep their formats and notes; return the range."""
    sheet, rows, columns = bounds(book, named(book, text))
    for place in [place for place in sheet.cells if place[0] in rows and place[1] in columns]:
        sheet.put(place, {key: kept for key, kept in sheet.cells[place].items() if key != "userEnteredValue"})
    return a1(sheet.title, (rows.start, columns.start), (rows.stop - 1, columns.stop - 1))
