"""Tables whose rows keep their position: a name that others outgrow keeps its row, and so people's notes about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sheets_addin.workbook.model import Formula
from sheets_addin.workbook.references import translate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets_addin.workbook.model import Cell, Worksheet

OfRow = TypeVar("OfRow", str, float)


def keep_row_order(sheet: Worksheet, keys: Sequence[str], standing: Sequence[str]) -> Worksheet:
    """Return the worksheet with the rows of its movable tables in the order of the sheet; a new one after its neighbour.

    keys: of every row. standing: the keys on the sheet, from top to bottom.
    """
    moved = dict[int, int]()
    for first, last in sheet.movable:
        rows = {keys[row]: row for row in range(first, last + 1)}
        order = merge_orders(list(rows), [key for key in standing if key in rows])
        moved |= {rows[key]: first + at for at, key in enumerate(order) if rows[key] != first + at}
    if not moved:
        return sheet
    cells = {(moved.get(row, row), column): _moved(cell, row, moved) for (row, column), cell in sheet.cells.items()}
    return replace(
        sheet,
        block=replace(sheet.block, cells=cells),
        heights=_of_rows(sheet.heights, moved),
        row_keys=_of_rows(sheet.row_keys, moved),
    )


def merge_orders(wanted: Sequence[str], standing: Sequence[str]) -> list[str]:
    """Return the wanted items: existing ones in their present order, each new one after its predecessor among the wanted."""
    known = set(standing)
    found = list(standing)
    at = 0
    for key in wanted:
        if key in known:
            at = found.index(key) + 1
        else:
            found.insert(at, key)
            at += 1
    return found


def _moved(cell: Cell, row: int, moved: Mapping[int, int]) -> Cell:
    """Return a cell whose formula refers to its own row at its new position; all its other references stay."""
    if row not in moved or not isinstance(cell.content, Formula):
        return cell
    text = translate(cell.content.text, lambda at: moved[row] if at == row else at, lambda at: at)
    return replace(cell, content=Formula(text))


def _of_rows(values: Mapping[int, OfRow], moved: Mapping[int, int]) -> dict[int, OfRow]:
    return dict(sorted((moved.get(row, row), value) for row, value in values.items()))
