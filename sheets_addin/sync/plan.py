"""From actual to desired state of a spreadsheet: the requests of one atomic batch, none if nothing differs.

Ours are the cells that the workbook writes, in sheets, rows and columns identified by developer metadata; everything else
belongs to the users. The first request of a batch makes a tag whose id follows from the last one read: if two syncs read
the same state, Google refuses the second as a whole, and it is planned again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.records import NamedTuple
from sheets_addin.google import SHEET_KEY, STATE_KEY, SheetState, fit_state, for_locale, pack
from sheets_addin.sync.anchors import ANCHOR_KEY, anchor_requests, room_requests, tag_request
from sheets_addin.sync.cells import cells_plan, unmerge_requests, value_requests
from sheets_addin.sync.charts_and_rules import extras
from sheets_addin.sync.filters import filter_requests
from sheets_addin.sync.moved_figures import MovedFigure, find_moved_figures
from sheets_addin.sync.named_ranges import name_requests, other_names
from sheets_addin.sync.stale_banner import stamp_place, stamp_text
from sheets_addin.sync.styles import look_requests, row_looks, set_up, set_up_requests
from sheets_addin.sync.view import column_keys, grid_size, new_view, row_keys, view_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sheets_addin.google import Spreadsheet
    from sheets_addin.sync.cells import Edit, Typed
    from sheets_addin.sync.view import SheetView
    from sheets_addin.workbook import Workbook, Worksheet

    Request = dict[str, Any]

GENERATION_KEY = "agentcost.generation"
FIRST_GENERATION, GENERATIONS_KEPT = 1_000_000, 20
FIRST_ID, IDS_A_BATCH = 100_000_000, 200
MAX_GENERATIONS = 9_000_000
LOG = "Log"
NONE_OLD: Mapping[str, str] = MappingProxyType({})


class SheetPlan(NamedTuple):
    """The plan for one sheet. changed: cells that are written; lost: whether rows or columns of ours had been deleted.

    old_figures: the notice on the sheet if its figures could not be refreshed. locked: the description of a user's protection
    that prevented it, None if there is none. moved: named figures that changed.
    """

    title: str
    is_new: bool
    changed: int
    lost: bool
    edits: tuple[Edit, ...] = ()
    typed: tuple[Typed, ...] = ()
    old_figures: str = ""
    locked: str | None = None
    moved: tuple[MovedFigure, ...] = ()


class SyncPlan(NamedTuple):
    """The requests of one batch, and their meaning in words."""

    requests: list[Request]
    sheets: tuple[SheetPlan, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every cell of ours that people overwrote."""
        return tuple(edit for sheet in self.sheets for edit in sheet.edits)


@dataclass(slots=True)
class _Parts:
    """Requests in the order in which they must run."""

    first: list[Request] = field(default_factory=list)
    room: list[Request] = field(default_factory=list)
    anchors: list[Request] = field(default_factory=list)
    named: list[Request] = field(default_factory=list)
    contents: list[Request] = field(default_factory=list)
    over: list[Request] = field(default_factory=list)

    @property
    def in_order(self) -> list[Request]:
        """All of them: sheets and inserted rows or columns first, references to them after."""
        return [*self.first, *self.room, *self.anchors, *self.named, *self.contents, *self.over]

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.in_order)


def needs_all_of_it(actual: Spreadsheet, desired: Workbook, log_title: str | None = None) -> bool:
    """Whether the plan needs people's own titles and names, which a partial read does not include."""
    titles = {sheet.title for sheet in desired.worksheets} | ({log_title} if log_title else set())
    return bool(titles - actual.sheets_of_ours.keys()) and not actual.is_complete


def plan(
    actual: Spreadsheet,
    desired: Workbook,
    *,
    restores: bool = True,
    old: Mapping[str, str] = NONE_OLD,
    log: Callable[[tuple[SheetPlan, ...]], Worksheet] | None = None,
) -> SyncPlan:
    """Return the plan that brings the spreadsheet to its desired state.

    restores: whether our overwritten cells are restored. old: by title, why worksheets that the
    workbook lacks could not be refreshed; their content stays, with a notice. log: returns the worksheet that reports everything.
    """
    names = other_names(actual, desired)
    generation = _generation(actual)
    new_id = _ids(actual, generation)
    views = _views(actual, desired, names, new_id)
    parts = _Parts()
    locks = {title: lock for title, view in views.items() if (lock := _lock_of(view)) is not None}
    sheets = tuple(
        _plan_locked(view, views, new_id, locks[title])
        if title in locks
        else _plan_sheet(view, views, parts, new_id, restores=restores)
        for title, view in views.items()
    )
    stamped = tuple(stamp_plan for title, reason in old.items() for stamp_plan in _stamp(actual, title, reason, parts))
    parts.named += name_requests(actual, [view for title, view in views.items() if title not in locks], names)
    if log and (parts.any or log_is_missing(actual)) and not _is_log_locked(actual):
        sheets += (_plan_log(actual, log((*sheets, *stamped)), views, parts, new_id),)
    requests = for_locale(parts.in_order, actual.locale)
    return SyncPlan([*_guard(actual, generation), *requests] if requests else [], (*sheets, *stamped))


def _lock_of(view: SheetView) -> str | None:
    """Return the description of a protection that locks us out of our cells; None if we may write."""
    protections = view.there.protections if view.there else ()
    rows, columns = (view.place((len(view.rows.keys) - 1, len(view.columns.keys) - 1))) if view.rows.keys else (0, 0)
    return next((one.description for one in protections if one.keeps_us_out and one.touches(rows + 1, columns + 1)), None)


def _plan_locked(view: SheetView, views: Mapping[str, SheetView], new_id: Callable[[], int], lock: str) -> SheetPlan:
    """Return the plan for a sheet that we may not write: no changes, and a report if there would have been any."""
    needed = _Parts()
    _plan_sheet(view, views, needed, new_id, restores=False)
    return SheetPlan(view.title, is_new=False, changed=0, lost=False, locked=lock if needed.any else None)


def _is_log_locked(actual: Spreadsheet) -> bool:
    sheet = actual.sheets_of_ours.get(LOG)
    return sheet is not None and any(one.keeps_us_out for one in sheet.protections)


def log_is_missing(actual: Spreadsheet) -> bool:
    """Whether there is no Log, or people deleted it."""
    return LOG not in actual.sheets_of_ours


def _plan_log(
    actual: Spreadsheet, desired: Worksheet, others: Mapping[str, SheetView], parts: _Parts, new_id: Callable[[], int]
) -> SheetPlan:
    taken = {view.title.casefold() for view in others.values()} | {sheet.title.casefold() for sheet in actual.sheets}
    view = _view(actual, desired, {}, taken, new_id)
    return _plan_sheet(view, {desired.title: view}, parts, new_id, restores=True)


def _stamp(actual: Spreadsheet, title: str, reason: str, parts: _Parts) -> Iterator[SheetPlan]:
    """Write on a sheet whose figures could not be refreshed since when, and why."""
    sheet = actual.sheets_of_ours.get(title)
    place = stamp_place(sheet) if sheet else None
    if sheet is None or place is None:
        return
    said = stamp_text(sheet, reason)
    found = (sheet.cells or {}).get(place)
    is_said = found is not None and found.entered == said
    if not is_said:
        parts.contents += value_requests(sheet.id, {place: said})
    yield SheetPlan(sheet.title, is_new=False, changed=0 if is_said else 1, lost=False, old_figures=said)


def _generation(actual: Spreadsheet) -> int:
    return max((tag.id for tag in actual.tags if tag.key == GENERATION_KEY), default=FIRST_GENERATION)


def _guard(actual: Spreadsheet, generation: int) -> list[Request]:
    """Return the requests that only one of two syncs with the same read can run, and that delete old generations."""
    old = [tag.id for tag in actual.tags if tag.key == GENERATION_KEY and tag.id <= generation - GENERATIONS_KEPT]
    gone: list[Request] = [
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": one}}}} for one in old
    ]
    return [tag_request(GENERATION_KEY, "", {"spreadsheet": True}, generation + 1), *gone]


def _ids(actual: Spreadsheet, generation: int) -> Callable[[], int]:
    """Return a function that gives unused ids: of sheets, charts and protections."""
    taken = {sheet.id for sheet in actual.sheets}
    taken |= {chart.id for sheet in actual.sheets for chart in sheet.charts}
    taken |= {one.id for sheet in actual.sheets for one in sheet.protections}
    start = FIRST_ID + (generation - FIRST_GENERATION) % MAX_GENERATIONS * IDS_A_BATCH
    free = (number for number in count(start) if number not in taken)
    return lambda: next(free)


def _views(actual: Spreadsheet, desired: Workbook, names: Mapping[str, str], new_id: Callable[[], int]) -> dict[str, SheetView]:
    taken = {sheet.title.casefold() for sheet in actual.sheets}
    return {sheet.title: _view(actual, sheet, names, taken, new_id) for sheet in desired.worksheets}


def _view(
    actual: Spreadsheet, desired: Worksheet, names: Mapping[str, str], taken: set[str], new_id: Callable[[], int]
) -> SheetView:
    found = actual.sheets_of_ours.get(desired.title)
    if found:
        return view_of(desired, found, names)
    title = free_title(desired.title, taken)
    taken.add(title.casefold())
    return new_view(desired, new_id(), title, names)


def free_title(title: str, taken: set[str]) -> str:
    """Return the title, or a similar one that no sheet has; Google compares titles without case."""
    ways = (f"{title} (agentcost{number})" for number in ("", *(f" {nth}" for nth in range(2, len(taken) + 3))))
    return next(way for way in (title, *ways) if way.casefold() not in taken)


def metadata_characters(desired: Worksheet) -> int:
    """Return the metadata characters of a worksheet without its state: the anchors, its own tag, the state's key."""
    keys = (*row_keys(desired), *column_keys(desired))
    return sum(len(ANCHOR_KEY) + len(key) for key in keys) + len(SHEET_KEY) + len(desired.title) + len(STATE_KEY)


def is_too_long(desired: Worksheet) -> bool:
    """Whether the anchors of a worksheet's rows do not fit Google's metadata."""
    keys, columns = tuple(row_keys(desired)), tuple(column_keys(desired))
    state = SheetState(keys, columns, row_looks(desired, len(keys)))
    return fit_state(state, (), metadata_characters(desired)) is None


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
    state = SheetState(
        view.rows.keys,
        view.columns.keys,
        looks,
        b"",
        set_up(view.should),
        over.charts,
        over.protections,
        over.protected,
        view.as_of,
    )
    parts.anchors += _anchors(view, fit_state(state, cells.marks, metadata_characters(view.should)) or state)
    parts.over += filter_requests(view)
    parts.contents += [
        *value_requests(view.sheet_id, cells.values),
        *look_requests(view, looks),
        *set_up_requests(view, cells.values),
    ]
    parts.first += [*over.gone, *unmerge_requests(view.sheet_id, cells.unmerged)]
    parts.over += over.requests
    return SheetPlan(
        view.title,
        view.there is None,
        len(cells.values),
        view.has_losses,
        tuple(cells.edits),
        tuple(cells.typed),
        moved=find_moved_figures(view, cells.values),
    )


def _room(view: SheetView) -> Iterator[Request]:
    if view.there is not None:
        yield from room_requests(view.sheet_id, "ROWS", view.rows, view.there.rows)
        yield from room_requests(view.sheet_id, "COLUMNS", view.columns, view.there.columns)


def _anchors(view: SheetView, state: SheetState) -> Iterator[Request]:
    if view.there is None:
        yield tag_request(SHEET_KEY, view.should.title, {"sheetId": view.sheet_id})
    yield from anchor_requests(view.sheet_id, "ROWS", view.rows)
    yield from anchor_requests(view.sheet_id, "COLUMNS", view.columns)
    remembered = pack(state)
    if view.state_tag is None:
        yield tag_request(STATE_KEY, remembered, {"sheetId": view.sheet_id})
    elif view.state_tag.value != remembered:
        lookup = {"developerMetadataLookup": {"metadataId": view.state_tag.id}}
        said = {"dataFilters": [lookup], "developerMetadata": {"metadataValue": remembered}, "fields": "metadataValue"}
        yield {"updateDeveloperMetadata": said}
