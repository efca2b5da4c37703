"""The overlays of one sheet: charts, conditional formats, and the warning that protects our cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.records import NamedTuple
from sheets_addin.google import chart_spec, hash32, highlight_rule, is_our_rule
from sheets_addin.workbook import Area

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sheets_addin.google import RemoteProtection
    from sheets_addin.sync.view import SheetView
    from sheets_addin.workbook import ChartSpec, Highlight, Worksheet

    Request = dict[str, Any]

PROTECTED = "Written by agentcost; what you change here is written over again."


class Extras(NamedTuple):
    """Requests, and Google's ids of the results. gone: what is deleted before rows are, which would delete it too."""

    gone: list[Request]
    requests: list[Request]
    charts: tuple[tuple[int, int], ...]
    protections: tuple[int, ...]
    protected: int


def extras(view: SheetView, views: Mapping[str, SheetView], new_id: Callable[[], int]) -> Extras:
    """Return the overlays that the sheet needs. new_id: returns an unused id."""
    requests, charts = _charts(view, views, new_id)
    guard, protections, protected = _protection(view, new_id)
    gone, rules = _highlights(view)
    return Extras(gone, [*requests, *rules, *guard], charts, protections, protected)


def _charts(
    view: SheetView, views: Mapping[str, SheetView], new_id: Callable[[], int]
) -> tuple[list[Request], tuple[tuple[int, int], ...]]:
    actual = {chart.id for chart in view.there.charts} if view.there else set()
    found: list[Request] = []
    kept: list[tuple[int, int]] = []
    for index, picture in enumerate(view.should.pictures):
        shown = hash32(picture)
        known, old = view.state.charts[index] if index < len(view.state.charts) else (0, 0)
        spec = chart_spec(picture, _areas(views))
        if known not in actual:
            known = new_id()
            found.append(_new_chart(view, picture, spec, known))
        elif old != shown or _data_changed(picture, views):
            found.append({"updateChartSpec": {"chartId": known, "spec": spec}})
        kept.append((known, shown))
    gone = [known for known, _ in view.state.charts[len(view.should.pictures) :] if known in actual]
    return [*({"deleteEmbeddedObject": {"objectId": known}} for known in gone), *found], tuple(kept)


def _areas(views: Mapping[str, SheetView]) -> Callable[[Area], Request]:
    return lambda area: views[area.worksheet].area(area)


def _data_changed(picture: ChartSpec, views: Mapping[str, SheetView]) -> bool:
    """Whether rows or columns of a chart's data are inserted or deleted, for which Google narrows the chart's ranges."""
    sheets = {area.worksheet for line in picture.lines for area in (line.x, line.y)}
    return any(one.there is None or one.makes_room or one.has_losses for one in (views[sheet] for sheet in sheets))


def _new_chart(view: SheetView, picture: ChartSpec, spec: Request, its_id: int) -> Request:
    row, column = view.place(picture.place)
    anchor = {"sheetId": view.sheet_id, "rowIndex": row, "columnIndex": column}
    position = {"overlayPosition": {"anchorCell": anchor, "widthPixels": picture.width, "heightPixels": picture.height}}
    return {"addChart": {"chart": {"chartId": its_id, "spec": spec, "position": position}}}


def _highlights(view: SheetView) -> tuple[list[Request], list[Request]]:
    actual = list(view.there.highlights) if view.there else []
    ours = [(index, rule) for index, rule in enumerate(actual) if is_our_rule(rule)]
    wanted = [_rule(view, highlight) for highlight in view.should.highlights]
    if not view.makes_room and _gists(rule for _, rule in ours) == _gists(wanted):
        return [], []
    gone: list[Request] = [
        {"deleteConditionalFormatRule": {"sheetId": view.sheet_id, "index": index}} for index, _ in reversed(ours)
    ]
    return gone, [{"addConditionalFormatRule": {"rule": rule, "index": index}} for index, rule in enumerate(wanted)]


def _rule(view: SheetView, highlight: Highlight) -> Request:
    area = view.area(Area(view.should.title, highlight.first, highlight.last))
    return highlight_rule(highlight, area, view.formula)


def _gists(rules: Any) -> list[str]:  # noqa: ANN401 - rules as Google has them
    """Return the range and the condition of each rule, which must not drift."""
    found = []
    for rule in rules:
        ranges = sorted(tuple(sorted((key, value) for key, value in area.items() if value)) for area in rule["ranges"])
        found.append(repr((ranges, rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"])))
    return sorted(found)


def _protection(view: SheetView, new_id: Callable[[], int]) -> tuple[list[Request], tuple[int, ...], int]:
    """Return the requests that fix our warning; if people made it stricter, it is theirs, and Google moves it with the cells."""
    wanted = hash32((len(view.rows.keys), _protected_ranges(view.should)))
    actual = {one.id: one for one in view.there.protections} if view.there else {}
    known = view.state.protections
    if _is_taken_over(actual, known):
        return [], known, wanted
    is_there = bool(known) and set(known) <= actual.keys()
    if (is_there or (known and not view.has_losses)) and view.state.protected == wanted and not view.makes_room:
        return [], known, wanted
    gone: list[Request] = [{"deleteProtectedRange": {"protectedRangeId": one}} for one in known if one in actual]
    its_id = new_id()
    return [*gone, _new_protection(view, its_id)], (its_id,), wanted


def _is_taken_over(actual: Mapping[int, RemoteProtection], known: tuple[int, ...]) -> bool:
    """Whether people turned our warning into a protection, or protected the sheet themselves, which Google allows once."""
    hardened = any(not actual[one].only_warns for one in known if one in actual)
    return hardened or any(one.is_of_sheet for its_id, one in actual.items() if its_id not in known)


def _protected_ranges(desired: Worksheet) -> list[tuple[int, int]]:
    return sorted(place for place, cell in desired.cells.items() if cell.format.is_input)


def _new_protection(view: SheetView, its_id: int) -> Request:
    """Return the warning over the whole sheet, except its inputs and everything below and beside our cells."""
    below, beside = view.place((len(view.rows.keys), len(view.columns.keys)))
    free: list[dict[str, int]] = [
        {"sheetId": view.sheet_id, "startRowIndex": below},
        {"sheetId": view.sheet_id, "endRowIndex": below, "startColumnIndex": beside},
    ]
    free += [view.area(Area(view.should.title, place, place)) for place in _protected_ranges(view.should)]
    said = {
        "protectedRangeId": its_id,
        "range": {"sheetId": view.sheet_id},
        "description": PROTECTED,
        "warningOnly": True,
        "unprotectedRanges": free,
    }
    return {"addProtectedRange": {"protectedRange": said}}
