"""Named ranges: our names in a spreadsheet where people have their own, and which to add, move or delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sheets_addin.google import Rectangle, RemoteName, Spreadsheet
    from sheets_addin.sync.view import SheetView
    from sheets_addin.workbook import Workbook

    Request = dict[str, Any]

OUR_PREFIX = "agentcost_"


def other_names(actual: Spreadsheet, desired: Workbook) -> dict[str, str]:
    """Return our names in this spreadsheet if they differ from the workbook's.

    A name that people gave to a range of ours stays; one that they gave to a range of their own is not taken from them.
    """
    ours = {name.id: name.name for name in actual.names}
    taken = {name.name.casefold() for name in actual.names if not is_ours(name)}
    called = {name: ours.get(range_id(name)) or _free(name, taken) for name in desired.names}
    return {name: one for name, one in called.items() if one != name}


def is_ours(name: RemoteName) -> bool:
    """Whether a named range is one that we added."""
    return name.id.startswith(OUR_PREFIX)


def range_id(name: str) -> str:
    """Return the id that a name of ours gets."""
    return f"{OUR_PREFIX}{name}"


def _free(name: str, taken: Collection[str]) -> str:
    ways = (name, *(f"agentcost_{name}{number}" for number in ("", *(f"_{nth}" for nth in range(2, len(taken) + 2)))))
    return next(way for way in ways if way.casefold() not in taken)


def name_requests(actual: Spreadsheet, views: Iterable[SheetView], names: Mapping[str, str]) -> list[Request]:
    """Return the requests that add, move and delete named ranges of these sheets."""
    known = {name.id: name for name in actual.names}
    found: list[Request] = []
    wanted: set[str] = set()
    sheets: set[int] = set()
    for view in views:
        sheets.add(view.sheet_id)
        for name, area in view.should.names.items():
            wanted.add(range_id(name))
            found += _one(known.get(range_id(name)), names.get(name, name), range_id(name), view, view.area(area))
    gone = [name for name in known.values() if is_ours(name) and name.id not in wanted and _lies_on(name, sheets)]
    return [{"deleteNamedRange": {"namedRangeId": name.id}} for name in gone] + found


def _lies_on(name: RemoteName, sheets: set[int]) -> bool:
    return name.rectangle is None or name.rectangle.sheet_id in sheets


def _one(actual: RemoteName | None, called: str, its_id: str, view: SheetView, area: dict[str, int]) -> list[Request]:
    said = {"namedRangeId": its_id, "name": called, "range": area}
    if actual is None:
        return [{"addNamedRange": {"namedRange": said}}]
    if move_rectangle(actual.rectangle, view) == area:
        return []
    return [{"updateNamedRange": {"namedRange": said, "fields": "range"}}]


def move_rectangle(rectangle: Rectangle | None, view: SheetView) -> dict[str, int] | None:
    """Return the position of a rectangle of the sheet once room is made, as Google moves it."""
    if rectangle is None or rectangle.row_after_last is None or rectangle.column_after_last is None:
        return None
    if rectangle.sheet_id != view.sheet_id:
        return None
    return {
        "sheetId": view.sheet_id,
        "startRowIndex": view.rows.new_index(rectangle.first_row),
        "endRowIndex": view.rows.new_index(rectangle.row_after_last - 1) + 1,
        "startColumnIndex": view.columns.new_index(rectangle.first_column),
        "endColumnIndex": view.columns.new_index(rectangle.column_after_last - 1) + 1,
    }
