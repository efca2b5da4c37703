"""The filter over our table: people own it from the start, but it must also cover names and months added later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets_addin.sync.view import grid_range
from sheets_addin.workbook import Area

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sheets_addin.google import BasicFilter
    from sheets_addin.sync.anchors import Placement
    from sheets_addin.sync.view import SheetView

    Request = dict[str, Any]
    Span = tuple[int, int]


def filter_requests(view: SheetView) -> Iterator[Request]:
    """Yield the filter of a new sheet's table, or people's filter extended to a table that grew at its end.

    Google extends a filter over rows and columns inserted within it, not over those at its end. A filter that people
    removed, or placed over other cells or over a part of the table, is left alone.
    """
    if view.should.filtered is None:
        return
    if view.there is None:
        yield {"setBasicFilter": {"filter": {"range": view.area(Area(view.should.title, *view.should.filtered))}}}
    elif view.there.filter is not None and (grown := _grow(view, view.there.filter, *view.should.filtered)):
        yield {"setBasicFilter": {"filter": grown}}


def _grow(view: SheetView, filtered: BasicFilter, first: tuple[int, int], last: tuple[int, int]) -> Request | None:
    """Return the filter over the whole table; None if it already covers it, or never covered all that existed."""
    where = filtered.rectangle
    rows = _spans(view.rows, (where.first_row, where.row_after_last), (first[0], last[0]))
    columns = _spans(view.columns, (where.first_column, where.column_after_last), (first[1], last[1]))
    if rows is None or columns is None or view.rows.before[first[0]] != where.first_row:
        return None
    if rows[0] == rows[1] and columns[0] == columns[1]:
        return None
    return {"range": grid_range(view.sheet_id, *rows[1], *columns[1]), **_shift_criteria(filtered.criteria, view.columns)}


def _spans(lines: Placement, span: tuple[int, int | None], ours: Span) -> tuple[Span, Span] | None:
    """Return the range of a filter once room is made, and the range it needs to include our lines as well; ends exclusive.

    None if it has no end, or does not include all of our lines that already exist.
    """
    first, after_last = span
    before = [at for at in lines.before[ours[0] : ours[1] + 1] if at is not None]
    if after_last is None or not before or not (first <= before[0] and before[-1] < after_last):
        return None
    staying = [at for line in range(first, after_last) if (at := lines.staying(line)) is not None]
    kept = staying[0], staying[-1] + 1
    return kept, (min(kept[0], lines.after[ours[0]]), max(kept[1], lines.after[ours[1]] + 1))


def _shift_criteria(criteria: Mapping[str, Any], columns: Placement) -> Request:
    """Return the filter conditions, with the columns' new positions."""
    by_column = {columns.staying(int(at)): said for at, said in criteria.get("criteria", {}).items()}
    specs = [{**one, "columnIndex": columns.staying(one.get("columnIndex", 0))} for one in criteria.get("filterSpecs", [])]
    found = {
        "criteria": {str(at): said for at, said in by_column.items() if at is not None},
        "filterSpecs": [one for one in specs if one["columnIndex"] is not None],
    }
    # Google returns the same conditions twice, the older form for old clients; it accepts only one of them.
    return {"filterSpecs": found["filterSpecs"]} if found["filterSpecs"] else {"criteria": found["criteria"]} if by_column else {}
