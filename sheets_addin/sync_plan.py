"""From what a spreadsheet holds to what it should hold: the requests of one atomic batch, none if all is as it should be.

Ours are the cells that the workbook writes, in sheets, rows and columns found again by developer metadata; all else is
the people's. The first request of a batch makes a tag whose id follows from the last one that was read: of two syncs that
read the same, Google refuses the second as a whole, and it is planned anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from sheets_addin.cells_plan import cells_plan, value_requests
from sheets_addin.extras_plan import extras
from sheets_addin.looks_plan import look_requests, row_looks, set_up, set_up_requests
from sheets_addin.names_plan import name_requests, other_names
from sheets_addin.placing import anchor_requests, room_requests, tag_request
from sheets_addin.sheet_state import STATE_KEY, State, packed
from sheets_addin.sheet_view import grid_size, new_view, view_of
from sheets_addin.spreadsheet import SHEET_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sheets_addin.cells_plan import Edit, Typed
    from sheets_addin.sheet_view import SheetView
    from sheets_addin.spreadsheet import Spreadsheet
    from sheets_addin.workbook import Workbook

    Request = dict[str, Any]

GENERATION_KEY = "agentcost.generation"
FIRST_GENERATION, GENERATIONS_KEPT = 1_000_000, 20
FIRST_ID, IDS_A_BATCH = 100_000_000, 200
MOST_GENERATIONS = 9_000_000


class SheetPlan(NamedTuple):
    """What happens to one sheet. changed: cells that are written; lost: whether rows or columns of ours had been deleted."""

    title: str
    is_new: bool
    changed: int
    lost: bool
    edits: tuple[Edit, ...]
    typed: tuple[Typed, ...]


class Plan(NamedTuple):
    """The requests of one batch, and what they mean to people."""

    requests: list[Request]
    sheets: tuple[SheetPlan, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every cell of ours that people wrote over."""
        return tuple(edit for sheet in self.sheets for edit in sheet.edits)


@dataclass(slots=True)
class _Parts:
    """Requests by the order in which they must run."""

    room: list[Request] = field(default_factory=list)
    anchors: list[Request] = field(default_factory=list)
    contents: list[Request] = field(default_factory=list)
    over: list[Request] = field(default_factory=list)


def needs_all_of_it(there: Spreadsheet, should: Workbook) -> bool:
    """Whether the plan has to know titles and names of people's own, of which a partial read tells nothing."""
    is_missing = any(sheet.title not in there.sheets_of_ours for sheet in should.worksheets)
    return is_missing and not there.is_complete


def plan(there: Spreadsheet, should: Workbook, *, restores: bool = True) -> Plan:
    """Return what makes the spreadsheet right. restores: whether cells of ours that people wrote over become ours again."""
    names = other_names(there, should)
    generation = _generation(there)
    new_id = _ids(there, generation)
    views = _views(there, should, names, new_id)
    parts = _Parts()
    sheets = tuple(_plan_sheet(view, views, parts, new_id, restores=restores) for view in views.values())
    new = [_new_sheet(view) for view in views.values() if view.there is None]
    named = name_requests(there, views.values(), names)
    requests = [*new, *parts.room, *parts.anchors, *named, *parts.contents, *parts.over]
    return Plan([*_guard(there, generation), *requests] if requests else [], sheets)


def _generation(there: Spreadsheet) -> int:
    return max((tag.id for tag in there.tags if tag.key == GENERATION_KEY), default=FIRST_GENERATION)


def _guard(there: Spreadsheet, generation: int) -> list[Request]:
    """Return what only one of two syncs that read the same can do, and what forgets old generations."""
    old = [tag.id for tag in there.tags if tag.key == GENERATION_KEY and tag.id <= generation - GENERATIONS_KEPT]
    gone: list[Request] = [
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": one}}}} for one in old
    ]
    return [tag_request(GENERATION_KEY, "", {"spreadsheet": True}, generation + 1), *gone]


def _ids(there: Spreadsheet, generation: int) -> Callable[[], int]:
    """Return what gives ids that nothing has: of sheets, charts and protections."""
    taken = {sheet.id for sheet in there.sheets}
    taken |= {chart.id for sheet in there.sheets for chart in sheet.charts}
    taken |= {one.id for sheet in there.sheets for one in sheet.protections}
    start = FIRST_ID + (generation - FIRST_GENERATION) % MOST_GENERATIONS * IDS_A_BATCH
    free = (number for number in count(start) if number not in taken)
    return lambda: next(free)


def _views(there: Spreadsheet, should: Workbook, names: Mapping[str, str], new_id: Callable[[], int]) -> dict[str, SheetView]:
    ours = there.sheets_of_ours
    taken = {sheet.title.casefold() for sheet in there.sheets}
    found: dict[str, SheetView] = {}
    for sheet in should.worksheets:
        if sheet.title in ours:
            found[sheet.title] = view_of(sheet, ours[sheet.title], names)
        else:
            title = free_title(sheet.title, taken)
            taken.add(title.casefold())
            found[sheet.title] = new_view(sheet, new_id(), title, names)
    return found


def free_title(title: str, taken: set[str]) -> str:
    """Return the title, or one like it that no sheet has; Google compares titles without case."""
    ways = (f"{title} (agentcost{number})" for number in ("", *(f" {nth}" for nth in range(2, len(taken) + 3))))
    return next(way for way in (title, *ways) if way.casefold() not in taken)


def _new_sheet(view: SheetView) -> Request:
    rows, columns = grid_size(view.should)
    grid = {"rowCount": rows, "columnCount": columns}
    return {"addSheet": {"properties": {"sheetId": view.sheet_id, "title": view.title, "gridProperties": grid}}}


def _plan_sheet(
    view: SheetView, views: Mapping[str, SheetView], parts: _Parts, new_id: Callable[[], int], *, restores: bool
) -> SheetPlan:
    cells, looks = cells_plan(view, restores=restores), row_looks(view.should, len(view.rows.keys))
    over = extras(view, views, new_id)
    parts.room += _room(view)
    parts.anchors += _anchors(
        view,
        State(
            view.rows.keys,
            view.columns.keys,
            looks,
            cells.marks,
            set_up(view.should),
            over.charts,
            over.protections,
            over.protected,
        ),
    )
    parts.contents += [*value_requests(view.sheet_id, cells.values), *look_requests(view, looks), *set_up_requests(view)]
    parts.over += over.requests
    return SheetPlan(view.title, view.there is None, len(cells.values), view.lost_some, tuple(cells.edits), tuple(cells.typed))


def _room(view: SheetView) -> Iterator[Request]:
    if view.there is not None:
        yield from room_requests(view.sheet_id, "ROWS", view.rows, view.there.rows)
        yield from room_requests(view.sheet_id, "COLUMNS", view.columns, view.there.columns)


def _anchors(view: SheetView, state: State) -> Iterator[Request]:
    if view.there is None:
        yield tag_request(SHEET_KEY, view.should.title, {"sheetId": view.sheet_id})
    yield from anchor_requests(view.sheet_id, "ROWS", view.rows)
    yield from anchor_requests(view.sheet_id, "COLUMNS", view.columns)
    remembered = packed(state)
    if view.state_tag is None:
        yield tag_request(STATE_KEY, remembered, {"sheetId": view.sheet_id})
    elif view.state_tag.value != remembered:
        lookup = {"developerMetadataLookup": {"metadataId": view.state_tag.id}}
        said = {"dataFilters": [lookup], "developerMetadata": {"metadataValue": remembered}, "fields": "metadataValue"}
        yield {"updateDeveloperMetadata": said}
