"""The grid that the server holds, computed by other people's programs: as an .xlsx file, or told to ironcalc cell by cell."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ironcalc
import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from sheets_addin.workbook.model import Area
from tests.fakes.sheets.batch.requests import bounds
from tests.tools.recalculate import by_ironcalc

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.worksheet import Worksheet

    from tests.fakes.sheets.book import Book, Sheet

Values = dict[tuple[str, int, int], Any]


def write_xlsx(book: Book, path: Path) -> None:
    """Write every sheet's values, formulas and named ranges, and nothing of how they look."""
    out = openpyxl.Workbook()
    out.remove(out.active)
    for sheet in book.sheets:
        _fill(out.create_sheet(sheet.title), sheet)
    for name in book.names:
        if "range" in name:
            out.defined_names[name["name"]] = DefinedName(name["name"], attr_text=area_of(book, name).a1)
    out.save(path)


def area_of(book: Book, name: dict[str, Any]) -> Area:
    """Return the rectangle that a named range means."""
    sheet, rows, columns = bounds(book, name["range"])
    return Area(sheet.title, (rows.start, columns.start), (rows.stop - 1, columns.stop - 1))


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


class Recalculation:
    """One spreadsheet computed by ironcalc again and again: of the next state only the cells that differ are told to it."""

    def __init__(self) -> None:
        self._frame: list[Any] = []
        self._entered: dict[tuple[int, int, int], tuple[str, Any]] = {}

    def computed(self, book: Book) -> Values:
        """Return every cell, by sheet title, row and column."""
        titles = [sheet.title for sheet in book.sheets]
        if self._frame != [titles, book.names]:
            self._begin(book, titles)
        for place, (kind, value) in entered(book).items() - self._entered.items():
            _enter(self._model, place, kind, value)
        for sheet, row, column in self._entered.keys() - entered(book).keys():
            self._model.clear_cell_contents(sheet, row, column)
        self._entered = entered(book)
        self._model.evaluate()
        cells = self._model.get_all_cells()
        return {
            (titles[sheet], row - 1, column - 1): self._model.get_cell_value(sheet, row, column) for sheet, row, column in cells
        }

    def _begin(self, book: Book, titles: list[str]) -> None:
        self._frame, self._entered = [titles, copy.deepcopy(book.names)], {}
        self._model = ironcalc.create(book.id, "en", "UTC")
        for index, title in enumerate(titles):
            if index:
                self._model.new_sheet()
            self._model.rename_sheet(index, title)
        for name in book.names:
            if "range" in name:
                self._model.new_defined_name(name["name"], None, area_of(book, name).a1)


def entered(book: Book) -> dict[tuple[int, int, int], tuple[str, Any]]:
    """Return what each cell was given, by the index of its sheet, and row and column from 1."""
    return {
        (index, row + 1, column + 1): next(iter(cell["userEnteredValue"].items()))
        for index, sheet in enumerate(book.sheets)
        for (row, column), cell in sheet.cells.items()
        if cell.get("userEnteredValue")
    }


def _enter(model: ironcalc.Model, place: tuple[int, int, int], kind: str, value: Any) -> None:  # noqa: ANN401 - of a cell
    ways: dict[str, Callable[..., object]] = {
        "formulaValue": model.update_cell_with_formula,
        "numberValue": model.update_cell_with_number,
        "boolValue": model.update_cell_with_bool,
        "stringValue": model.update_cell_with_text,
    }
    ways[kind](*place, value)
