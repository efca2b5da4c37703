"""The content of the Log, read back from the sheet, and the lines that a refresh adds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import group_digits
from core.config import zone_named
from sheets_addin.sync.anchors import ANCHOR_KEY
from sheets_addin.workbook import LABEL, Formula, in_zone
from sheets_addin.worksheets import Entry, budgets, log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from sheets_addin.google import RemoteSheet, Spreadsheet
    from sheets_addin.sync.cells import Edit, Typed
    from sheets_addin.sync.plan import SheetPlan
    from sheets_addin.workbook import Content, Entered, Worksheet

MAX_EDITS, MAX_FIGURES = 25, 2
HEADING = re.compile(rf"{log.WHEN} \((.+)\)")
DAY_ZERO, SECONDS_IN_DAY, MAX_SERIAL = datetime(1899, 12, 30), 86_400, 1_000_000  # noqa: DTZ001 - the zone comes with the heading
WHAT = {
    "restored": "edited by hand, restored",
    "left": "edited by hand, left",
    "in the way": "something of yours is in the way",
}


def log_with(
    actual: Spreadsheet, sheets: Iterable[SheetPlan], at: datetime, time_zone: str = "UTC", typed: Sequence[str] = ()
) -> Worksheet:
    """Return the Log with the lines of this refresh above the existing ones, in the local time of a zone.

    typed: budgets that were read from the spreadsheet, a line each.
    """
    sheet = actual.sheets_of_ours.get(log.TITLE)
    old = entries_of(sheet) if sheet else []
    start = max((entry.number for entry in old), default=0) + 1
    read = [Entry(0, at, "budget read", budgets.TITLE, more=said) for said in typed]
    new = [*_new_lines(tuple(sheets), at), *read]
    entries = [*old, *(entry._replace(number=start + nth) for nth, entry in enumerate(reversed(new)))]
    return in_zone(log.worksheet(entries, time_zone), zone_named(time_zone))


def entries_of(sheet: RemoteSheet) -> list[Entry]:
    """Return the existing lines of the Log, including people's changes to them."""
    rows = {tag.position: tag.value[1:] for tag in sheet.tags_of(ANCHOR_KEY) if tag.where == "row" and tag.value[1:].isdigit()}
    columns = {tag.value: tag.position for tag in sheet.tags_of(ANCHOR_KEY) if tag.where == "column"}
    places = [columns.get(str(LABEL + index)) for index in range(len(log.COLUMNS))]
    zone = _zone_of(sheet, places[0])
    entries = (_entry(sheet, row, places, int(number)) for row, number in rows.items() if row is not None)
    return [entry._replace(at=_instant(entry.at, zone)) for entry in entries]


def _zone_of(sheet: RemoteSheet, column: int | None) -> tzinfo:
    """Return the time zone in the Log's heading, UTC if people replaced it by something else."""
    texts = (cell.entered for place, cell in (sheet.cells or {}).items() if place[1] == column)
    named = (HEADING.fullmatch(text) for text in texts if isinstance(text, str))
    try:
        return zone_named(next((found[1] for found in named if found), "UTC"))
    except (LookupError, ValueError, OSError):
        return UTC


def _instant(at: Content, zone: tzinfo) -> Content:
    """Return the instant of a serial number in a zone's local time; anything else that people entered stays."""
    if not isinstance(at, Decimal) or not 0 < at < MAX_SERIAL:
        return at
    return (DAY_ZERO + timedelta(seconds=round(at * SECONDS_IN_DAY))).replace(tzinfo=zone)


def _entry(sheet: RemoteSheet, row: int, columns: list[int | None], number: int) -> Entry:
    cells = sheet.cells or {}
    found = [cells.get((row, column)) if column is not None else None for column in columns]
    at, what, worksheet, cell, was, ours, more = (_content(one.entered if one else None) for one in found)
    return Entry(number, at, what, worksheet, cell, was, ours, more)


def _content(entered: Entered) -> Content:
    if isinstance(entered, bool):
        return str(entered).upper()
    return Decimal(entered) if isinstance(entered, float) else entered


def _new_lines(sheets: tuple[SheetPlan, ...], at: datetime) -> Iterator[Entry]:
    """Yield the lines of a refresh, newest first."""
    yield Entry(0, at, "refreshed", more=summary(sheets))
    for sheet in sheets:
        if sheet.old_figures:
            yield Entry(0, at, "not refreshed", sheet.title, more=sheet.old_figures)
        if sheet.locked is not None:
            yield Entry(0, at, "not refreshed", sheet.title, more="Somebody protected it from edits by agentcost.")
        if sheet.lost:
            yield Entry(
                0, at, "rows or columns were missing", sheet.title, more="They were restored; what was beside them is not ours."
            )
        for edit in sheet.edits[:MAX_EDITS]:
            yield Entry(0, at, WHAT[edit.outcome], edit.worksheet, edit.cell, as_text(edit.found), as_text(edit.ours))
        if len(sheet.edits) > MAX_EDITS:
            yield Entry(0, at, WHAT["restored"], sheet.title, more=f"and {len(sheet.edits) - MAX_EDITS} cells more")


def summary(sheets: Iterable[SheetPlan]) -> str:
    """Return the changes of a refresh in words."""
    said = []
    for sheet in sheets:
        if sheet.is_new:
            said.append(f"{sheet.title} made")
        elif sheet.changed and not sheet.old_figures:
            cells = f"{sheet.title}: {group_digits(sheet.changed)} cell{'s' if sheet.changed > 1 else ''}"
            figures = "; ".join(f"{one.label} {one.before} → {one.now}" for one in sheet.moved[:MAX_FIGURES])
            said.append(f"{cells} ({figures})" if figures else cells)
    return "; ".join(said) or "looks only"


def as_text(value: Entered) -> str:
    """Return a cell's content as text, a formula with its equals sign."""
    if value is None:
        return "(empty)"
    if isinstance(value, Formula):
        return f"={value.text}"
    return f"{value:.15g}" if isinstance(value, float) and not isinstance(value, bool) else str(value)


def edit_line(edit: Edit) -> tuple[str, str, str, str, str]:
    """Return an edit as the cells of a table."""
    return edit.worksheet, edit.cell, as_text(edit.found), as_text(edit.ours), edit.outcome


def edit_row(typed: Typed) -> tuple[str, str, str, str]:
    """Return an input that people changed as the cells of a table."""
    return typed.worksheet, typed.cell, typed.label, as_text(typed.found)
