"""The grid that the server holds as an .xlsx file, so that other people's programs compute it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from sheets_addin.workbook import Area
from tests.fakes.sheets_requests import bounds
from tests.tools.recalculate import by_ironcalc

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from tests.fakes.sheets_book import Book, Sheet

Values = dict[tuple[str, int, int], Any]


def write_xlsx(book: Book, path: Path) -> None:
    """Write every sheet's values, formulas and named ranges, and nothing of how they look."""
    out = openpyxl.Workbook()
    out.remove(out.active)
    for sheet in book.sheets:
        _fill(out.create_sheet(sheet.title), sheet)
    for name in book.names:
        if "range" in name:
            sheet, rows, columns = bounds(book, name["range"])
            area = Area(sheet.title, (rows.start, columns.start), (rows.stop - 1, columns.stop - 1))
            out.defined_names[name["name"]] = DefinedName(name["name"], attr_text=area.a1)
    out.save(path)


def _fill(target: Worksheet, sheet: Sheet) -> None:
    for (row, column), cell in sheet.cells.items():
        for kind, value in cell.get("userEnteredValue", {}).items():
            there = target.cell(row + 1, column + 1, value)
            if kind == "stringValue":
                there.data_type = "s"


def computed(book: Book) -> Values:
    """Return every cell as ironcalc computes it, by sheet title, row and column; nothing where there is no formula."""
    if not any("formulaValue" in cell.get("userEnteredValue", {}) for sheet in book.sheets for cell in sheet.cells.values()):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "grid.xlsx")
        write_xlsx(book, path)
        return by_ironcalc(path)
