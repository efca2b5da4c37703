"""People and syncs take turns on one spreadsheet: no cell of people's is lost, and ours are right in the end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sheets_addin.desired_state import DesiredState
from sheets_addin.sync.sync import SyncJob, sync_one
from sheets_addin.sync.view import column_keys, row_keys
from sheets_addin.workbook.model import Area, Block, Cell, ChartLine, ChartSpec, Formula, Highlight, Workbook, Worksheet, relative
from tests.fakes.sheets.computed import computed
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets_in_process import InProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sheets_addin.workbook.model import Content
    from tests.fakes.sheets.book import Sheet

    Edit = tuple[str, int, int]

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIRST_DAY = date(2026, 11, 1)
TABLE, SUMS = "Table", "Sums"
HEAD, LEFT = 2, 1
MARGIN, BESIDE, BELOW = 0, 5, 30
PASTED = ({"numberValue": 4711}, {"formulaValue": "=1+1"})


def table(days: range) -> Worksheet:
    """Return a table of days and three columns, with sums on top and a picture beside it."""
    first, last = HEAD + 2, HEAD + 1 + len(days)
    cells: dict[tuple[int, int], Cell] = {(HEAD, LEFT + at): Cell(text) for at, text in enumerate(("Day", "One", "Two", "Both"))}
    for column in (LEFT + 1, LEFT + 2, LEFT + 3):
        cells[HEAD + 1, column] = Cell(Formula(f"SUM({relative(first, column)}:{relative(last, column)})"))
    for row, nth in enumerate(days, first):
        one, two = relative(row, LEFT + 1), relative(row, LEFT + 2)
        contents: tuple[Content, ...] = (FIRST_DAY + timedelta(nth), Decimal(nth), Decimal(100 * nth), Formula(f"{one}+{two}"))
        cells |= {(row, LEFT + at): Cell(content) for at, content in enumerate(contents)}
    name, x, y = (Area(TABLE, *ends) for ends in _line_ends(first, last))
    line = ChartLine(name, x, y, "#17507A")
    picture = ChartSpec(
        kind="bars", title="Days", lines=(line,), x_title=None, y_title=None, x_number="0", y_number="0",
        place=(1, 8), width=300, height=200,
    )  # fmt: skip
    return Worksheet(
        title=TABLE,
        block=Block(cells, {"ones": ((first, LEFT + 1), (last, LEFT + 1))}),
        widths={LEFT: 12},
        highlights=(Highlight((first, LEFT), (last, LEFT + 3), f"${relative(first, LEFT + 1)}>5", Cell(None).format),),
        pictures=(picture,),
        row_keys={row: f"{FIRST_DAY + timedelta(nth)}" for row, nth in enumerate(days, first)},
    )


def _line_ends(first: int, last: int) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    head = (HEAD, LEFT + 3)
    return (head, head), ((first, LEFT), (last, LEFT)), ((first, LEFT + 3), (last, LEFT + 3))


def workbook(days: range) -> Workbook:
    """Return the table, and a worksheet that sums its first column by name."""
    sums = Worksheet(title=SUMS, block=Block({(0, 0): Cell("Ones"), (0, 1): Cell(Formula("SUM(ones)"))}), widths={})
    return Workbook("Days", "", FIRST_DAY, (table(days), sums))


@pytest.fixture(scope="module")
def served() -> tuple[SheetsServer, InProcess]:
    """One server for all examples, and access to its spreadsheets without HTTP."""
    server = SheetsServer()
    return server, InProcess(server.service)


def synced(gateway: InProcess, days: range) -> str:
    """Sync the workbook and return what came of it."""
    outcome = sync_one(gateway, SyncJob("days", "days", DesiredState(workbook(days), {})), NOON)
    assert outcome.trouble is None, outcome.trouble
    return outcome.state


class People:
    """What people do in the browser, and where their texts must be found."""

    def __init__(self, server: SheetsServer) -> None:
        self.server = server
        self.written: set[str] = set()
        self.copies = 0

    def sheet(self) -> Sheet | None:
        """The sheet of the table, whatever its present title."""
        ours = InProcess(self.server.service).read("days").sheets_of_ours.get(TABLE)
        return self.server.book("days").sheet(ours.id) if ours else None

    def do(self, kind: str, at: int, count: int) -> None:
        """Do one thing, if there is a table to do it to."""
        sheet = self.sheet()
        if sheet is None:
            return
        for request in getattr(self, kind)(sheet, at, count):
            self.server.edit("days", request)

    def insert_rows(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Insert rows above a row."""
        yield {"insertDimension": {"range": _lines(sheet, "ROWS", at, at + count), "inheritFromBefore": False}}

    def insert_columns(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Insert columns left of one of the first."""
        yield {"insertDimension": {"range": _lines(sheet, "COLUMNS", at % 6, at % 6 + count), "inheritFromBefore": False}}

    def delete_rows(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Delete rows; what people wrote there goes by their own decision."""
        self._forget(sheet, lambda place: at <= place[0] < at + count)
        yield {"deleteDimension": {"range": _lines(sheet, "ROWS", at, at + count)}}

    def delete_columns(self, sheet: Sheet, at: int, _: int) -> Iterator[dict[str, Any]]:
        """Delete one of the first columns."""
        self._forget(sheet, lambda place: place[1] == at % 6)
        yield {"deleteDimension": {"range": _lines(sheet, "COLUMNS", at % 6, at % 6 + 1)}}

    def rename(self, sheet: Sheet, at: int, _: int) -> Iterator[dict[str, Any]]:
        """Give the sheet another title."""
        yield {"updateSheetProperties": {"properties": {"sheetId": sheet.id, "title": f"Ours {at}"}, "fields": "title"}}

    def move(self, sheet: Sheet, _: int, __: int) -> Iterator[dict[str, Any]]:
        """Move the sheet to the front, and hide it."""
        yield {
            "updateSheetProperties": {"properties": {"sheetId": sheet.id, "index": 0, "hidden": True}, "fields": "index,hidden"}
        }

    def delete_sheet(self, sheet: Sheet, at: int, _: int) -> Iterator[dict[str, Any]]:
        """Delete the sheet, now and then."""
        if at % 3 == 0:
            self._forget(sheet, lambda _: True)
            yield {"deleteSheet": {"sheetId": sheet.id}}

    def sort(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Sort rows by a column, downwards, with all columns."""
        area = _lines(sheet, "ROWS", at, at + 4 * count)
        whole = {"sheetId": sheet.id, "startColumnIndex": 0, "endColumnIndex": 10}
        whole |= {"startRowIndex": area["startIndex"], "endRowIndex": area["endIndex"]}
        yield {"sortRange": {"range": whole, "sortSpecs": [{"dimensionIndex": 2, "sortOrder": "DESCENDING"}]}}

    def move_rows(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Drag rows elsewhere."""
        yield {"moveDimension": {"source": _lines(sheet, "ROWS", at, at + count), "destinationIndex": (at + 7) % 13}}

    def move_columns(self, sheet: Sheet, at: int, _: int) -> Iterator[dict[str, Any]]:
        """Drag a column to the front, or the first one to the right."""
        yield {"moveDimension": {"source": _lines(sheet, "COLUMNS", at % 6, at % 6 + 1), "destinationIndex": 0 if at % 6 else 4}}

    def merge(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Merge cells below all of ours, in which nobody wrote."""
        first = 200 + 4 * at
        area = {"sheetId": sheet.id, "startRowIndex": first, "endRowIndex": first + 2, "startColumnIndex": 0}
        if first + 2 <= sheet.rows and not sheet.objects["merges"]:
            yield {"mergeCells": {"range": area | {"endColumnIndex": count + 1}, "mergeType": "MERGE_ALL"}}

    def hide_rows(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Hide rows."""
        said = {"properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
        yield {"updateDimensionProperties": {"range": _lines(sheet, "ROWS", at, at + count), **said}}

    def copy_sheet(self, sheet: Sheet, _: int, __: int) -> Iterator[dict[str, Any]]:
        """Copy the sheet, with what people wrote on it."""
        self.copies += 1
        yield {"duplicateSheet": {"sourceSheetId": sheet.id, "newSheetName": f"Copy {self.copies}"}}

    def rename_range(self, _: Sheet, at: int, __: int) -> Iterator[dict[str, Any]]:
        """Rename our named range, or delete it."""
        for name in self.server.book("days").names:
            its_id = name["namedRangeId"]
            renamed = {"namedRange": {"namedRangeId": its_id, "name": f"name_{at}"}, "fields": "name"}
            yield {"updateNamedRange": renamed} if at % 3 else {"deleteNamedRange": {"namedRangeId": its_id}}

    def paste(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Paste numbers and a formula over whatever is there."""
        height = min(40, sheet.rows - at)
        places = {(at + row, column) for row in range(height) for column in range(count, count + 3)}
        self._forget(sheet, lambda place: place in places)
        cells = [{"userEnteredValue": PASTED[column == 2]} for column in range(3)]
        start = {"sheetId": sheet.id, "rowIndex": at, "columnIndex": count}
        yield {"updateCells": {"start": start, "rows": [{"values": cells}] * height, "fields": "userEnteredValue"}}

    def write_over(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Write over what may be ours, or theirs."""
        self._forget(sheet, lambda place: place == (at, count))
        yield _write(sheet, (at, count), {"stringValue": "not mine"})

    def clear(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Empty a cell of ours."""
        yield from [_write(sheet, (at, count), {})] if not self._is_theirs(sheet, (at, count)) else []

    def write_beside(self, sheet: Sheet, at: int, count: int) -> Iterator[dict[str, Any]]:
        """Write into a free cell beside, below or above ours."""
        place = {0: (at, MARGIN), 1: (at, BESIDE + count), 2: (BELOW + at, count)}[at % 3]
        if place not in sheet.cells or "userEnteredValue" not in sheet.cells[place]:
            text = f"mine {len(self.written)}, never lost"
            self.written.add(text)
            yield _write(sheet, place, {"stringValue": text})

    def _is_theirs(self, sheet: Sheet, place: tuple[int, int]) -> bool:
        return sheet.cells.get(place, {}).get("userEnteredValue", {}).get("stringValue") in self.written

    def _forget(self, sheet: Sheet, is_gone: Callable[[tuple[int, int]], bool]) -> None:
        self.written -= {text for place, text in texts(sheet).items() if is_gone(place)}

    def take_back_pasted(self) -> None:
        """Empty the cells with pasted content: sums include a number in a row between ours, as in any spreadsheet."""
        for sheet in self.server.book("days").sheets:
            for place in [place for place, cell in sheet.cells.items() if cell.get("userEnteredValue") in PASTED]:
                self.server.edit("days", _write(sheet, place, {}))

    def lost(self) -> set[str]:
        """Return people's texts that are nowhere any more; a text in a copy only counts as lost."""
        ours = self.sheet()
        sheets = [sheet for sheet in self.server.book("days").sheets if sheet is ours or not sheet.title.startswith("Copy")]
        return self.written - {text for sheet in sheets for text in texts(sheet).values()}


def texts(sheet: Sheet) -> dict[tuple[int, int], str]:
    """Return the texts of a sheet by place."""
    found = {place: cell.get("userEnteredValue", {}).get("stringValue") for place, cell in sheet.cells.items()}
    return {place: text for place, text in found.items() if text is not None}


def _lines(sheet: Sheet, dimension: str, start: int, end: int) -> dict[str, Any]:
    return {"sheetId": sheet.id, "dimension": dimension, "startIndex": start, "endIndex": end}


def _write(sheet: Sheet, place: tuple[int, int], value: dict[str, Any]) -> dict[str, Any]:
    start = {"sheetId": sheet.id, "rowIndex": place[0], "columnIndex": place[1]}
    rows = [{"values": [{"userEnteredValue": value} if value else {}]}]
    return {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}


KINDS = (
    "insert_rows", "insert_columns", "delete_rows", "delete_columns", "rename", "move", "delete_sheet", "sort", "write_over",
    "clear", "write_beside", "write_beside", "move_rows", "move_columns", "merge", "hide_rows", "copy_sheet", "rename_range",
    "paste",
)  # fmt: skip
EDITS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.integers(1, 3)), max_size=5)
DAYS = st.builds(lambda first, count: range(first, first + count), st.integers(4, 8), st.integers(1, 6))
ROUNDS = st.lists(st.tuples(EDITS, DAYS), min_size=1, max_size=4)


def ours_by_key(server: SheetsServer) -> dict[tuple[str, str, str], Any]:
    """Return the values of our cells, by sheet and by the keys of row and column."""
    book = server.book("days")
    values = computed(book)
    found: dict[tuple[str, str, str], Any] = {}
    for title, there in InProcess(server.service).read("days").sheets_of_ours.items():
        if title != "Log":
            sheet = book.sheet(there.id)
            rows, columns = (_keys(book.tags, sheet.id, dimension) for dimension in ("ROWS", "COLUMNS"))
            places = ((row, column) for row in rows for column in columns)
            cells = {(rows[row], columns[column]): values.get((sheet.title, row, column)) for row, column in places}
            found |= {(title, *keys): value for keys, value in cells.items() if keys in OURS[title]}
    return found


def drawn(server: SheetsServer) -> set[tuple[str, str]]:
    """Return the keys of the first and the last row of each charted range; people's copies keep theirs."""
    book = server.book("days")
    sheet = book.sheet(InProcess(server.service).read("days").sheets_of_ours[TABLE].id)
    keys = _keys(book.tags, sheet.id, "ROWS")
    ours = (chart["spec"]["basicChart"] for chart in sheet.objects["charts"] if "basicChart" in chart["spec"])
    data = [[*(one["domain"] for one in chart["domains"]), *(one["series"] for one in chart["series"])] for chart in ours]
    areas = [area for chart in data for one in chart for area in one["sourceRange"]["sources"]]
    return {(keys.get(area.get("startRowIndex", 0), ""), keys.get(area["endRowIndex"] - 1, "")) for area in areas}


def _keys(tags: list[dict[str, Any]], sheet_id: int, dimension: str) -> dict[int, str]:
    lines = [(tag["location"].get("dimensionRange", {}), tag["metadataValue"]) for tag in tags if tag["metadataKey"] == "ac"]
    return {
        line.get("startIndex", 0): key
        for line, key in lines
        if line.get("dimension") == dimension and line.get("sheetId", 0) == sheet_id
    }


OURS: dict[str, set[tuple[str, str]]] = {}


def ours_of(days: range) -> None:
    """Note which cells are ours, by the keys of row and column."""
    for sheet in workbook(days).worksheets:
        rows, columns = row_keys(sheet), column_keys(sheet)
        OURS[sheet.title] = {(rows[row], columns[column]) for row, column in sheet.cells}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROUNDS)
@example([([("insert_rows", 0, 1), ("insert_rows", 6, 1), ("paste", 0, 1)], range(4, 6))])
@example([([("move_rows", 5, 1), ("sort", 2, 1)], range(4, 6))])
@example([([("insert_rows", 5, 1), ("sort", 1, 2)], range(4, 6))])
@example([([], range(5, 8))])
@example([([("delete_rows", 4, 1)], range(4, 6))])
def test_nobody_s_cell_is_lost_and_ours_end_right(
    served: tuple[SheetsServer, InProcess], rounds: list[tuple[list[Edit], range]]
) -> None:
    """Whatever people do between syncs, their text is kept, and our cells equal those of an untouched spreadsheet.

    Then the next sync has nothing to do.
    """
    server, gateway = served
    days = rounds[-1][1]
    server.add_book("days")
    synced(gateway, days)
    ours_of(days)
    wanted, picture = ours_by_key(server), drawn(server)
    server.add_book("days")
    people = People(server)
    synced(gateway, range(4, 7))
    for edits, shown in rounds:
        for edit in edits:
            people.do(*edit)
        synced(gateway, shown)
    assert (people.lost(), synced(gateway, days)) == (set(), "unchanged")
    people.take_back_pasted()
    assert (ours_by_key(server), picture - drawn(server)) == (wanted, set())
