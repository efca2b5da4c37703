"""The filter over a table of ours: set by people, and extended to new names and months."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from sheets_addin.desired_state import DesiredState
from sheets_addin.sync.sync import SyncJob, sync_one
from sheets_addin.workbook.model import Block, Cell, Workbook, Worksheet
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets_in_process import InProcess

if TYPE_CHECKING:
    from tests.fakes.sheets.book import Sheet

BOOK, TABLE, NOON = "book", "Table", datetime(2026, 11, 21, 12, tzinfo=UTC)
TOP, LEFT = 2, 1


def table(names: str, months: str) -> Worksheet:
    """Return a table with a row per name and a column per month, each named by a letter."""
    cells = {(TOP, LEFT): Cell("Agent")} | {(TOP, LEFT + 1 + at): Cell(month) for at, month in enumerate(months)}
    for row, name in enumerate(names, TOP + 1):
        cells[row, LEFT] = Cell(name)
        cells |= {(row, LEFT + 1 + at): Cell(Decimal(ord(name) * ord(month))) for at, month in enumerate(months)}
    return Worksheet(
        title=TABLE,
        block=Block(cells),
        widths={},
        row_keys={TOP + 1 + at: name for at, name in enumerate(names)},
        column_keys={LEFT + 1 + at: month for at, month in enumerate(months)},
        filtered=((TOP, LEFT), (TOP + len(names), LEFT + len(months))),
    )


class Synced:
    """A spreadsheet with the table, and a person who filters it."""

    def __init__(self, names: str, months: str) -> None:
        self.server = SheetsServer()
        self.server.add_book(BOOK)
        self.gateway = InProcess(self.server.service)
        self.sync(names, months)

    def sync(self, names: str, months: str) -> str:
        """Sync the table; return the outcome."""
        wanted = DesiredState(Workbook("Table", "", date(2026, 11, 21), (table(names, months),)), {})
        outcome = sync_one(self.gateway, SyncJob(BOOK, BOOK, wanted), NOON)
        assert outcome.trouble is None, outcome.trouble
        return outcome.state

    @property
    def sheet(self) -> Sheet:
        """The sheet of the table."""
        found = self.server.book(BOOK).titled(TABLE)
        assert found is not None
        return found

    def edit(self, kind: str, **said: object) -> None:
        """Do one thing in the browser."""
        self.server.edit(BOOK, {kind: said})

    def filter_by(self, column: int, **ends: int) -> None:
        """Hide the name `a` by a column, over the given ends if there are any."""
        spec = {"columnIndex": column, "filterCriteria": {"hiddenValues": ["a"]}}
        self.edit("setBasicFilter", filter={"range": self.range() | ends, "filterSpecs": [spec]})

    def range(self) -> dict[str, Any]:
        """Return the rectangle of the filter."""
        return dict(self.sheet.objects["basicFilter"]["range"])

    def ends(self) -> tuple[int, int, int, int]:
        """Return the first row and column of the filter, and those after its last ones."""
        there = self.range()
        return there["startRowIndex"], there["startColumnIndex"], there["endRowIndex"], there["endColumnIndex"]


def test_names_and_months_that_come_are_filtered_as_well() -> None:
    """A name below the last one and a month beside the last one are within the filter; then nothing is left to do."""
    synced = Synced("abc", "xy")
    assert synced.ends() == (TOP, LEFT, TOP + 4, LEFT + 3)
    assert synced.sync("abcde", "xyz") == "written"
    assert (synced.ends(), synced.sync("abcde", "xyz")) == ((TOP, LEFT, TOP + 6, LEFT + 4), "unchanged")


def test_what_is_hidden_stays_hidden_by_its_column() -> None:
    """A name is hidden and a column inserted on the left: new names are still filtered by the column of names."""
    synced = Synced("abc", "xy")
    synced.filter_by(LEFT)
    span = {"sheetId": synced.sheet.id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 2}
    synced.edit("insertDimension", range=span, inheritFromBefore=False)
    synced.sync("abcd", "wxyz")
    assert synced.ends() == (TOP, LEFT + 2, TOP + 5, LEFT + 2 + 5)
    (spec,) = synced.sheet.objects["basicFilter"]["filterSpecs"]
    assert (spec["columnIndex"], spec["filterCriteria"]) == (LEFT + 2, {"hiddenValues": ["a"]})


def test_a_month_that_is_filtered_by_stays_the_one() -> None:
    """A filter by the month y stays one by y when x comes before it, and is dropped with y."""
    synced = Synced("abc", "y")
    synced.filter_by(LEFT + 1)
    synced.sync("abcd", "xyz")
    assert [one["columnIndex"] for one in synced.sheet.objects["basicFilter"]["filterSpecs"]] == [LEFT + 2]


@pytest.mark.parametrize("ends", [{"endRowIndex": TOP + 3}, {"endColumnIndex": LEFT + 2}, {"startRowIndex": TOP + 1}])
def test_a_filter_over_a_part_of_the_table_is_left(ends: dict[str, int]) -> None:
    """A filter over some rows or columns, or from another row on, stays as it is."""
    synced = Synced("abc", "xy")
    synced.filter_by(LEFT, **ends)
    before = synced.sheet.objects["basicFilter"]
    synced.sync("abcd", "xyz")
    assert synced.sheet.objects["basicFilter"] == before


def test_a_filter_that_people_take_away_stays_away() -> None:
    """A removed filter is not set again."""
    synced = Synced("abc", "xy")
    synced.edit("clearBasicFilter", sheetId=synced.sheet.id)
    synced.sync("abcd", "xyz")
    assert "basicFilter" not in synced.sheet.objects
