"""The changes of named figures in a refresh: the label, the old and the new value."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import cell as write_value
from core.records import NamedTuple
from sheets_addin.google import DAY_ZERO, encode_entered
from sheets_addin.workbook import plain_text, unit_of

if TYPE_CHECKING:
    from core.answer import Value
    from sheets_addin.sync.view import SheetView
    from sheets_addin.workbook import Cell, Entered, Place


class MovedFigure(NamedTuple):
    """A named figure, in words before and after."""

    label: str
    before: str
    now: str


def find_moved_figures(view: SheetView, written: dict[Place, Entered]) -> tuple[MovedFigure, ...]:
    """Return the named numbers and days that replace others, from top to bottom.

    The results of formulas are not known here, so their cells are left out.
    """
    found = []
    for first, last in sorted(view.should.block.names.values()):
        cell, there = view.should.cells.get(first), view.cell_before(first)
        if first != last or cell is None or there is None or cell.format.is_input or view.place(first) not in written:
            continue
        before, now = there.entered, encode_entered(cell.content)
        if isinstance(before, float) and isinstance(now, float) and not isinstance(cell.content, datetime):
            moved = MovedFigure(_label(view, first), _write(before, cell), _write(now, cell))
            found += [moved] if moved.before != moved.now else []
    return tuple(found)


def _label(view: SheetView, place: Place) -> str:
    """Return the text to the left of a cell."""
    row, column = place
    texts = (view.should.cells.get((row, left)) for left in range(column - 1, -1, -1))
    return next((plain_text(one.content) for one in texts if one and isinstance(one.content, str)), "")


def _write(number: float, cell: Cell) -> str:
    unit = unit_of(cell.format.number)
    value: Value = Decimal(str(number)) * 100 if unit == "percent" else Decimal(str(number))
    if unit == "day":
        value = DAY_ZERO + timedelta(days=int(number))
    return write_value(value, unit)
