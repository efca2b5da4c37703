"""The rows of the Budgets worksheet as people filled them in, read back from a spreadsheet; core interprets them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.alerts import mark_due
from core.budgets import TypedPlace, TypedRow, keep_typed_budgets, list_typed_budgets, read_typed_rows
from core.records import NamedTuple
from core.warehouse import AuditEntry, append
from sheets_addin.google import DAY_ZERO
from sheets_addin.sync.anchors import ANCHOR_KEY
from sheets_addin.workbook import Formula
from sheets_addin.worksheets import budgets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.config import SpreadsheetInput
    from core.context import Context
    from sheets_addin.google import RemoteCell, RemoteSheet, Spreadsheet
    from sheets_addin.workbook import Content, Place

LINE = re.compile(rf"\.{re.escape(budgets.ROW_KEY)}(\d+)")
FOREIGN = re.compile(r"[€£¥₹]|EUR|GBP|CHF|JPY|Kr|zł")
AMOUNTS = ("usd", "credits")
NOTHING_IMPORTED = "Nothing has been imported yet: what is typed here is read after the first import."
FIRST_SERIAL, LAST_SERIAL = 36_526, 73_050
"""1 January 2000 and 31 December 2099 as spreadsheet day numbers."""


class TypedInputs(NamedTuple):
    """What people typed into a spreadsheet. context: to which it applies; changes: what differs from before, a sentence each."""

    context: Context
    sheet: budgets.TypedSheet
    changes: tuple[str, ...] = ()


def take_typed_budgets(
    actual: Spreadsheet, said: SpreadsheetInput, context: Context, at: datetime, *, dry_run: bool = False
) -> TypedInputs:
    """Read the budgets typed into a spreadsheet, and store them, unless `dry_run`. Raises: MachineError."""
    read = read_typed_cells(actual)
    if read is None:
        return TypedInputs(context, budgets.sheet_of_budgets(context, said.id))
    if not context.has_warehouse:
        return TypedInputs(
            context, budgets.TypedSheet(read.contents, {}, NOTHING_IMPORTED if any(read.contents.values()) else "")
        )
    with context.open_warehouse() as warehouse, warehouse.writing() as session:
        others = [one for one in list_typed_budgets(session, context) if one.spreadsheet_id != said.id]
        found = read_typed_rows(session, context, TypedPlace(said.id, said.name, said.shows), read.rows, at)
        if found.changes and not dry_run:
            keep_typed_budgets(session, said.id, found.budgets)
            mark_due(session)
            for change in found.changes:
                append(session, AuditEntry(at, f"people in {said.name}", "changed", f"budget of {change}", "spreadsheet"))
    contents = {
        **{one.line: budgets.cells_of_budget(one.budget) for one in found.budgets if one.line not in read.contents},
        **read.contents,
    }
    warning = budgets.warning_of(found.refused, read.strangers)
    seen = replace(context, typed_budgets=(*others, *found.budgets)) if dry_run else context
    return TypedInputs(seen, budgets.TypedSheet(contents, found.says, warning), found.changes)


class TypedCells(NamedTuple):
    """The rows as read; by line and column their content, to leave it there; people's own rows between them, from 1."""

    rows: tuple[TypedRow, ...]
    contents: Mapping[int, Mapping[str, Content]]
    strangers: tuple[int, ...]


def read_typed_cells(actual: Spreadsheet) -> TypedCells | None:
    """Return what is typed into the Budgets worksheet of a spreadsheet; None if it has none, or lacks one of its columns."""
    sheet = actual.sheets_of_ours.get(budgets.TITLE)
    if sheet is None or sheet.cells is None:
        return None
    lines, columns = _lines(sheet), _columns(sheet)
    if len(columns) < len(budgets.COLUMN_KEYS):
        return None  # the content of a column that people deleted is restored before anything is read
    cells = {
        line: {key: cell for key, at in columns.items() if (cell := _filled(sheet.cells.get((row, at))))}
        for line, row in lines.items()
    }
    rows = tuple(_row(line, row, cells[line]) for line, row in sorted(lines.items()))
    contents = {line: {key: _content(cell) for key, cell in found.items()} for line, found in cells.items()}
    return TypedCells(rows, contents, tuple(_strangers(sheet.cells, lines, columns)))


def _lines(sheet: RemoteSheet) -> dict[int, int]:
    """Return the row of each existing line."""
    tags = (tag for tag in sheet.tags_of(ANCHOR_KEY) if tag.where == "row" and tag.position is not None)
    return {int(found[1]): tag.position or 0 for tag in tags if (found := LINE.fullmatch(tag.value))}


def _columns(sheet: RemoteSheet) -> dict[str, int]:
    keys = {f".{key}": key for key in budgets.COLUMN_KEYS.values()}
    tags = (tag for tag in sheet.tags_of(ANCHOR_KEY) if tag.where == "column" and tag.position is not None)
    return {keys[tag.value]: tag.position or 0 for tag in tags if tag.value in keys}


def _filled(cell: RemoteCell | None) -> RemoteCell | None:
    is_blank = cell is None or cell.entered is None or (isinstance(cell.entered, str) and not cell.entered.strip())
    return None if is_blank else cell


def _strangers(cells: Mapping[Place, RemoteCell], lines: Mapping[int, int], columns: Mapping[str, int]) -> list[int]:
    """Return the rows between the first and the last line that are not ours, but have content in the input columns."""
    ours, across = set(lines.values()), set(columns.values())
    between = range(min(ours, default=0), max(ours, default=0))
    found = {row for (row, column), cell in cells.items() if row in between and column in across and _filled(cell)}
    return sorted(row + 1 for row in found - ours)


def _row(line: int, row: int, cells: Mapping[str, RemoteCell]) -> TypedRow:
    said: dict[str, str] = {}
    for key, cell in cells.items():
        text, trouble = _text(key, cell)
        if trouble:
            return TypedRow(line, row + 1, {}, trouble)
        said[key] = text
    # A row in which only yes or no is picked is not started yet.
    return TypedRow(line, row + 1, said if said.keys() - {"rollover"} else {})


def _text(key: str, cell: RemoteCell) -> tuple[str, str]:
    """Return a cell's content as text, an amount as a plain number and a day as 2026-07-01; or why it has no value."""
    head, found = next(one.head for one in budgets.INPUTS if one.key == key), cell.entered
    if isinstance(found, Formula):
        return "", f"has a formula under {head}: type the value itself."
    if isinstance(found, bool):
        return ("yes" if found else "no", "") if key == "rollover" else ("", f"has a tick box under {head}: type the value.")
    if isinstance(found, str):
        return found.strip(), ""
    number = Decimal(repr(found))
    if key == "from":
        return _day(number)
    if key in AMOUNTS and (wrong := _wrong_format(key, head, cell)):
        return "", wrong
    return f"{number.normalize():f}", ""


def _day(serial: Decimal) -> tuple[str, str]:
    if serial != serial.to_integral_value() or not FIRST_SERIAL <= serial <= LAST_SERIAL:
        return "", f"is from {serial.normalize():f}, which is no day: write it as 2026-07-01."
    day: date = DAY_ZERO + timedelta(days=int(serial))
    return day.isoformat(), ""


def _wrong_format(key: str, head: str, cell: RemoteCell) -> str:
    """Return why a number is not meant as an amount: typed as a day, a percentage or another currency, it has that format."""
    form = (cell.format or {}).get("numberFormat", {})
    kind, pattern = form.get("type", ""), form.get("pattern", "")
    if kind in {"DATE", "TIME", "DATE_TIME"}:
        return f"has a day under {head}: type a number, and format the cell as one."
    if kind == "PERCENT" or "%" in pattern:
        return f"has a percentage under {head}: type the amount."
    if FOREIGN.search(pattern) or (key == "credits" and "$" in re.sub(r"\[\$-[^\]]*\]", "", pattern)):
        return f"has an amount of another currency under {head}: USD takes dollars, Credits takes credits."
    return ""


def _content(cell: RemoteCell) -> Content:
    """Return the content to leave in a cell; we never write formulas of others."""
    found = cell.entered
    if isinstance(found, Formula):
        return None
    if isinstance(found, bool):
        return None
    return found if isinstance(found, str) or found is None else Decimal(repr(found))
