"""Worksheets on paper."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from sheets_addin.desired_state import workbook_of
from sheets_addin.workbook.xlsx_writer import write_xlsx
from sheets_addin.worksheets.any_answer import PAGE_HEIGHT, PAGE_WIDTH, POINTS_A_PIXEL, ROW_POINTS
from tests.fakes.asking import wallet_context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.context import Context
    from sheets_addin.workbook.model import ChartSpec, Worksheet

PORTFOLIO = "portfolio org A: 10000 interactions 3 actions customers; org B: 200 users 1500 actions per user employees"
ASKED = ("forecast", "plan purchase 12 months", "pilot", "negotiate", "tco 10000 interactions 5 actions", "convert 20 seats")
WITH_BARS = ("negotiate", PORTFOLIO, "variance last 7 days", "users", "sandbox", "overhead top 5", "usage by user", "use cases")


@pytest.fixture(scope="module")
def wallet() -> Iterator[Context]:
    """Return the sample wallet."""
    with wallet_context() as found:
        yield found


def rows_of(sheet: Worksheet, picture: ChartSpec) -> range:
    """Return the rows that a chart covers."""
    row, left = picture.place[0], picture.height * POINTS_A_PIXEL
    while left > 0:
        left -= sheet.heights.get(row, ROW_POINTS)
        row += 1
    return range(picture.place[0], row)


@pytest.mark.parametrize("asked", ASKED)
def test_no_page_begins_within_a_chart(wallet: Context, asked: str) -> None:
    """Page breaks lie above or below a chart, and no cell lies under one."""
    sheet = workbook_of([asked], wallet).worksheets[0]
    assert sheet.pictures
    for picture in sheet.pictures:
        covered = rows_of(sheet, picture)
        assert set(covered[1:]) & set(sheet.page_starts) == set()
        assert [place for place in sheet.cells if place[0] in covered] == []


@pytest.mark.parametrize("asked", ASKED)
def test_pages_are_no_longer_than_paper(wallet: Context, asked: str) -> None:
    """The scaled rows of each page fit between the margins of A4 and of Letter."""
    sheet = workbook_of([asked], wallet).worksheets[0]
    if sheet.is_one_page:
        return
    room = (PAGE_WIDTH if sheet.is_landscape else PAGE_HEIGHT) / (sheet.print_scale or 1)
    ends = [0, *sheet.page_starts, max(row for row, _ in sheet.cells) + 1]
    heights = [sum(sheet.heights.get(row, ROW_POINTS) for row in range(*pair)) for pair in pairwise(ends)]
    assert max(heights) <= room + 1


def test_pages_that_are_scaled_break_where_they_should(wallet: Context, tmp_path: Path) -> None:
    """Excel ignores manual breaks when it fits to pages, so the file has a scale, the breaks and a print area."""
    workbook = workbook_of(["forecast"], wallet)
    write_xlsx(workbook, tmp_path / "forecast.xlsx")
    with ZipFile(tmp_path / "forecast.xlsx") as file:
        sheet, book = file.read("xl/worksheets/sheet1.xml").decode(), file.read("xl/workbook.xml").decode()
    starts = workbook.worksheets[0].page_starts
    assert starts
    assert all(f'<brk id="{row}"' in sheet for row in starts)
    assert ("fitToPage" in sheet, "_xlnm.Print_Area" in book) == (False, True)


@pytest.mark.parametrize("asked", WITH_BARS)
def test_a_table_of_amounts_has_a_chart_over_its_own_cells(wallet: Context, asked: str) -> None:
    """An answer without a chart gets bars for its first table of dollars or credits; negative ones go below 0."""
    sheet = workbook_of([asked], wallet).worksheets[0]
    amounts = [sheet.cells[place].content for line in sheet.pictures[0].lines for place in line.y.places()]
    names = [sheet.cells[place].content for place in sheet.pictures[0].lines[0].x.places()]
    assert all(isinstance(name, str) for name in names)
    assert sheet.pictures[0].is_signed == any(float(str(amount)) < 0 for amount in amounts)


def test_a_long_note_goes_on_below(wallet: Context) -> None:
    """No note is wider than the printed columns, and none of its words is lost."""
    sheet = workbook_of(["plan purchase 12 months"], wallet).worksheets[0]
    assert sheet.last_printed_column is not None
    across = sum(sheet.widths.get(column, 8.43) for column in range(sheet.last_printed_column + 1))
    hints = [cell.content for cell in sheet.cells.values() if isinstance(cell.content, str) and cell.format.size == 9]
    assert max(len(text) for text in hints) <= across * 1.3
