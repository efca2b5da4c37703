"""A workbook of ours as a spreadsheet for Apps Script: its computed cells, its names, and the choices of its cells."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheets_addin.workbook.model import Area, Workbook
    from tests.tools.recalculate import Value, Values

ID = "1AbcdefghijklmnopqrstuvwxyZ"


def spreadsheet_of(workbook: Workbook, values: Values) -> dict[str, Any]:
    """Return the spreadsheet as the driver loads it; rows and columns from 1."""
    sheets = [
        {
            "name": sheet.title,
            "cells": [
                [row + 1, column + 1, value, _shown(value, workbook, (sheet.title, row, column))]
                for (title, row, column), value in values.items()
                if title == sheet.title and value not in {None, ""}
            ],
            "choices": [
                [one.place[0] + 1, one.place[1] + 1, list(one.choices)] for one in sheet.block.validations if one.choices
            ],
        }
        for sheet in workbook.worksheets
    ]
    return {"id": ID, "sheets": sheets, "names": {name: _place(area) for name, area in workbook.names.items()}}


def _place(area: Area) -> list[object]:
    rows, columns = area.last[0] - area.first[0] + 1, area.last[1] - area.first[1] + 1
    return [area.worksheet, area.first[0] + 1, area.first[1] + 1, rows, columns]


def _shown(value: Value, workbook: Workbook, place: tuple[str, int, int]) -> str:
    cell = workbook.worksheet(place[0]).cells.get(place[1:])
    if isinstance(value, float) and cell and "%" in cell.format.number:
        return f"{value * 100:g}%"
    return f"{Decimal(str(value)).normalize():f}" if isinstance(value, float) else str(value)


def typed_into(cells: list[list[Any]], worksheet: str) -> dict[tuple[int, int], str]:
    """Return what stands in a worksheet's cells, by row and column from 0, as it would be typed."""
    return {(row - 1, column - 1): str(value) for title, row, column, value in cells if title == worksheet}
