"""The notice on a worksheet whose figures could not be refreshed: since when they are old, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.answer import day
from sheets_addin.google import STATE_KEY, unpack
from sheets_addin.sync.anchors import ANCHOR_KEY
from sheets_addin.workbook import LABEL, STATUS_ROW

if TYPE_CHECKING:
    from sheets_addin.google import RemoteSheet
    from sheets_addin.workbook import Place

OLD_FIGURES = "Old figures"


def stamp_place(sheet: RemoteSheet) -> Place | None:
    """Return the place of the notice; None if people deleted that row or column."""
    found = {tag.where: tag.position for tag in sheet.tags_of(ANCHOR_KEY) if tag.value == _key(tag.where)}
    row, column = found.get("row"), found.get("column")
    return None if row is None or column is None else (row, column)


def _key(where: str) -> str:
    return str(STATUS_ROW if where == "row" else LABEL)


def stamp_text(sheet: RemoteSheet, reason: str) -> str:
    """Return the sentence."""
    states = [unpack(tag.value) for tag in sheet.tags_of(STATE_KEY)]
    since = f", those of {day(date.fromisoformat(states[0].as_of))}" if states and states[0].as_of else ""
    return f"{OLD_FIGURES}{since}: {reason}"
