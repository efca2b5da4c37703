"""From what a spreadsheet holds to what it should hold: the requests of one atomic batch, none if all is as it should be.

Ours are the cells that the workbook writes, in sheets, rows and columns found again by developer metadata; all else is
the people's. The first request of a batch makes a tag whose id follows from the last one that was read: of two syncs that
read the same, Google refuses the second as a whole, and it is planned anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sheets_addin.cells_plan import cells_plan, value_requests
from sheets_addin.extras_plan import extras
from sheets_addin.looks_plan import look_requests, row_looks, set_up, set_up_requests
from sheets_addin.names_plan import name_requests, other_names
from sheets_addin.placing import anchor_requests, room_requests, tag_request
from sheets_addin.sheet_state import STATE_KEY, State, packed
from sheets_addin.sheet_view import grid_size, new_view, view_of
from sheets_addin.spreadsheet import SHEET_KEY
from sheets_addin.stamps import stamp_place, stamp_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sheets_addin.cells_plan import Edit, Typed
    from sheets_addin.sheet_view import SheetView
    from sheets_addin.spreadsheet import Spreadsheet
    from sheets_addin.workbook import Workbook, Worksheet

    Request = dict[str, Any]

GENERATION_KEY = "agentcost.generation"
FIRST_GENERATION, GENERATIONS_KEPT = 1_000_000, 20
FIRST_ID, IDS_A_BATCH = 100_000_000, 200
MOST_GENERATIONS = 9_000_000
LOG = "Log"
NONE_OLD: Mapping[str, str] = MappingProxyType({})


class SheetPlan(NamedTuple):
    """What happens to one sheet. changed: cells that are written; lost: whether rows or columns of ours had been deleted.

    old_figures: what is said on the sheet where its figures could not be refreshed.
    """

    title: str
    is_new: bool
    changed: int
    lost: bool
    edits: tuple[Edit, ...] = ()
    typed: tuple[Typed, ...] = ()
    old_figures: str = ""


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

    first: list[Request] = field(default_factory=list)
    room: list[Request] = field(default_factory=list)
    anchors: list[Request] = field(default_factory=list)
    named: list[Request] = field(default_factory=list)
    contents: list[Request] = field(default_factory=list)
    over: list[Request] = field(default_factory=list)

    @property
    def in_order(self) -> list[Request]:
        """All of them: sheets and room first, what refers to them after."""
        return [*self.first, *self.room, *self.anchors, *self.named, *self.contents, *self.over]

    @property
    def any(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.in_order)


def needs_all_of_it(there: Spreadsheet, should: Workbook, log_title: str | None = None) -> bool:
    """Whether the plan has to know titles and names of people's own, of which a partial read tells nothing."""
    titles = {sheet.title for sheet in should.worksheets} | ({log_title} if log_title else set())
    return bool(titles - there.sheets_of_ours.keys()) and not there.is_complete


def plan(
    there: Spreadsheet,
    should: Workbook,
    *,
    restores: bool = True,
    old: Mapping[str, str] = NONE_OLD,
    log: Callable[[tuple[SheetPlan, ...]], Worksheet] | None = None,
) -> Plan:
    """Return what makes the spreadsheet right.

    restores: whether cells of ours that people wrote over become ours again. old: by title, why worksheets that the
    workbook lacks could not be refreshed; what is there stays, and says so. log: gives the worksheet that tells of it all.
    """
    names = other_names(there, should)
    generation = _generation(there)
    new_id = _ids(there, generation)
    views = _views(there, should, names, new_id)
    parts = _Parts()
    sheets = tuple(_plan_sheet(view, views, parts, new_id, restores=restores) for view in views.values())
    stamped = tuple(stamp_plan for title, reason in old.items() for stamp_plan in _stamp(there, title, reason, parts))
    parts.named += name_requests(there, views.values(), names)
    if log and (parts.any or log_is_missing(there)):
        sheets += (_plan_log(there, log((*sheets, *stamped)), views, parts, new_id),)
    requests = parts.in_order
    return Plan([*_guard(there, generation), *requests] if requests else [], (*sheets, *stamped))


def log_is_missing(there: Spreadsheet) -> bool:
    """Whether there is no Log, or people deleted it."""
    return LOG not in there.sheets_of_ours


def _plan_log(
    there: Spreadsheet, should: Worksheet, others: Mapping[str, SheetView], parts: _Parts, new_id: Callable[[], int]
) -> SheetPlan:
    taken = {view.title.casefold() for view in others.values()} | {sheet.title.casefold() for sheet in there.sheets}
    view = _view(there, should, {}, taken, new_id)
    return _plan_sheet(view, {should.title: view}, parts, new_id, restores=True)


def _stamp(there: Spreadsheet, title: str, reason: str, parts: _Parts) -> Iterator[SheetPlan]:
    """Say on a sheet whose figures could not be refreshed since when, and why."""
    sheet = there.sheets_of_ours.get(title)
    place = stamp_place(sheet) if sheet else None
    if sheet is None or place is None:
        return
    said = stamp_text(sheet, reason)
    found = (sheet.cells or {}).get(place)
    is_said = found is not None and found.entered == said
    if not is_said:
        parts.contents += value_requests(sheet.id, {place: said})
    yield SheetPlan(sheet.title, is_new=False, changed=0 if is_said else 1, lost=False, old_figures=said)


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
    taken = {sheet.title.casefold() for sheet in there.sheets}
    return {sheet.title: _view(there, sheet, names, taken, new_id) for sheet in should.worksheets}


def _view(
    there: Spreadsheet, should: Worksheet, names: Mapping[str, str], taken: set[str], new_id: Callable[[], int]
) -> SheetView:
    found = there.sheets_of_ours.get(should.title)
    if found:
        return view_of(should, found, names)
    title = free_title(should.title, taken)
    taken.add(title.casefold())
    return new_view(should, new_id(), title, names)


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
    if view.there is None:
        parts.first.append(_new_sheet(view))
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
            view.as_of,
        ),
    )
    parts.contents += [*value_requests(view.sheet_id, cells.values), *look_requests(view, looks), *set_up_requests(view)]
    parts.first += over.gone
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
