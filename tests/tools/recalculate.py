"""Workbooks by other people's programs: computed by ironcalc in this process and LibreOffice as its own, or read as stored."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import ironcalc
import openpyxl
import python_calamine

from sheets_addin.workbook.xlsx_writer import encode_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sheets_addin.workbook.model import Area, Workbook

    Stored = Mapping[tuple[str, int, int], object]

Value = float | str | bool | None
Values = dict[tuple[str, int, int], Value]
APT_PACKAGES = "libreoffice-calc fonts-crosextra-carlito"
HOW_TO_INSTALL = f"LibreOffice is not installed: apt-get install --no-install-recommends {APT_PACKAGES}"
ERRORS = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#N/A", "#NULL!", "Err:", "#ERROR!", "#SPILL!", "#CIRC!", "#N/IMPL!")


def write_uncomputed(workbook: Workbook, path: Path) -> None:
    """Write a workbook whose formulas carry no results, so that whatever a program shows, it has computed."""
    path.write_bytes(encode_xlsx(workbook, {}))


def by_ironcalc(xlsx: Path, changes: Mapping[Area, str] | None = None) -> Values:
    """Return every cell of a file as ironcalc computes it, by worksheet, row and column from 0.

    changes: what a person types into cells first.
    """
    with _quiet():
        model = ironcalc.load_from_xlsx(str(xlsx), "en", "UTC")
    titles = [sheet["name"] for sheet in model.get_worksheets_properties()]
    for area, typed in (changes or {}).items():
        model.set_user_input(titles.index(area.worksheet), area.first[0] + 1, area.first[1] + 1, typed)
    model.evaluate()
    return {
        (titles[sheet], row - 1, column - 1): model.get_cell_value(sheet, row, column)
        for sheet, row, column in model.get_all_cells()
    }


def stored_by_openpyxl(xlsx: Path) -> Stored:
    """Return what a file carries in its cells, by worksheet, row and column from 0, as openpyxl reads it: nothing is computed."""
    return {
        (sheet.title, cell.row - 1, cell.column - 1): cell.value
        for sheet in openpyxl.load_workbook(xlsx, data_only=True)
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    }


def stored_by_calamine(xlsx: Path) -> Stored:
    """Return the same as calamine reads it."""
    book = python_calamine.load_workbook(str(xlsx))
    return {
        (title, row, column): value
        for title in book.sheet_names
        for row, line in enumerate(book.get_sheet_by_name(title).to_python(skip_empty_area=False))
        for column, value in enumerate(line)
        if value != ""
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Drop what ironcalc prints about every formula that has no result yet."""
    kept = [(stream, os.dup(stream)) for stream in (1, 2)]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        for stream, _ in kept:
            os.dup2(nowhere.fileno(), stream)
        try:
            yield
        finally:
            for stream, copy in kept:
                os.dup2(copy, stream)
                os.close(copy)


def by_libreoffice(files: Iterable[Path], scratch: Path) -> dict[Path, Values]:
    """Return every cell of each file as LibreOffice computes it on opening, all in one run with its default settings.

    Raises: FileNotFoundError, with how to install it.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise FileNotFoundError(HOW_TO_INSTALL)
    computed, files = scratch / "computed", list(files)
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(computed),
        *map(str, files),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return {file: _read(computed / file.name) for file in files}


def _read(xlsx: Path) -> Values:
    book = openpyxl.load_workbook(xlsx, data_only=True)
    return {
        (sheet.title, cell.row - 1, cell.column - 1): cell.value
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    }


def column(values: Values, workbook: Workbook, name: str) -> list[Value]:
    """Return the computed cells of a named rectangle, row by row; an empty text counts as nothing."""
    area = workbook.names[name]
    found = [values.get((area.worksheet, *place)) for place in area.places()]
    return [None if value == "" else value for value in found]


def one(values: Values, workbook: Workbook, name: str) -> Value:
    """Return the computed cell of that name; an empty text counts as nothing."""
    (value,) = column(values, workbook, name)
    return value


def errors(values: Values) -> dict[tuple[str, int, int], Value]:
    """Return the cells that show an error."""
    return {place: value for place, value in values.items() if isinstance(value, str) and value.startswith(ERRORS)}
