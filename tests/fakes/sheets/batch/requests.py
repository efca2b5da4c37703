"""batchUpdate: all of its requests in their order, or none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.sheets.book import RefusedError, Sheet
from tests.fakes.sheets.description import discovery, masks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.fakes.sheets.book import Book

Json = dict[str, Any]
Place = tuple[int, int]
HANDLERS: dict[str, Callable[[Book, Json], Json | None]] = {}


def handles(kind: str) -> Callable[[Callable[[Book, Json], Json | None]], Callable[[Book, Json], Json | None]]:
    """Return a decorator that makes a function do the requests of that kind."""

    def registered(handler: Callable[[Book, Json], Json | None]) -> Callable[[Book, Json], Json | None]:
        HANDLERS[kind] = handler
        return handler

    return registered


def batch(book: Book, requests: list[Json]) -> tuple[Book, list[Json]]:
    """Return the book after all requests, and the replies; the book given stays as it was. Raises: RefusedError."""
    if not requests:
        raise RefusedError("Must specify at least one request.")
    then = book.copied()
    replies = [_done(then, index, request) for index, request in enumerate(requests)]
    then.check_size()
    then.check_metadata()
    then.renumber()
    then.revision += 1
    return then, replies


def _done(book: Book, index: int, request: Json) -> Json:
    if len(request) != 1:
        raise RefusedError(f"Invalid requests[{index}]: exactly one kind of request must be set")
    ((kind, body),) = request.items()
    handler = HANDLERS.get(kind)
    if handler is None:
        raise RefusedError(f"This server of the tests does not know {kind} yet.", 501)
    try:
        reply = handler(book, body)
    except RefusedError as refusal:
        raise RefusedError(f"Invalid requests[{index}].{kind}: {refusal.message}", refusal.status) from refusal
    return {} if reply is None else {kind: reply}


def mask(body: Json, schema: str) -> masks.Tree:
    """Return the fields that a request writes. Raises: RefusedError, if it names none or one that is not there."""
    if not body.get("fields"):
        raise RefusedError("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    try:
        found = masks.tree(body["fields"])
    except masks.MaskError as error:
        raise RefusedError(f"Invalid field mask: {body['fields']}") from error
    wrong = discovery.field_problem("sheets.v4", schema, masks.paths(found))
    if wrong:
        raise RefusedError(f"Invalid field: {wrong}")
    return found


def bounds(book: Book, grid_range: Json) -> tuple[Sheet, range, range]:
    """Return the sheet, rows and columns of a GridRange. Raises: RefusedError, if some of it is beyond the grid."""
    sheet = book.sheet(grid_range.get("sheetId", 0))
    spans = []
    for name, count in (("Row", sheet.rows), ("Column", sheet.columns)):
        first, end = grid_range.get(f"start{name}Index", 0), grid_range.get(f"end{name}Index", count)
        if first < 0 or end > count or first >= end:
            raise RefusedError(
                f"Range ({sheet.title}!{name.lower()}s {first} to {end}) exceeds grid limits. "
                f"Max rows: {sheet.rows}, max columns: {sheet.columns}"
            )
        spans.append(range(first, end))
    return sheet, spans[0], spans[1]


def start_of(book: Book, body: Json) -> tuple[Sheet, Place]:
    """Return the sheet and the place that a request's `start` or `range` begins at."""
    if "start" in body:
        start = body["start"]
        return book.sheet(start.get("sheetId", 0)), (start.get("rowIndex", 0), start.get("columnIndex", 0))
    sheet, rows, columns = bounds(book, body.get("range", {}))
    return sheet, (rows.start, columns.start)


def by_id(things: list[Json], key: str, wanted: Any, what: str) -> Json:  # noqa: ANN401 - an id
    """Return the thing with that id. Raises: RefusedError."""
    found = next((thing for thing in things if thing.get(key) == wanted), None)
    if found is None:
        raise RefusedError(f"No {what} with id: {wanted}")
    return found


def area(sheet_id: int, rows: range, columns: range) -> Json:
    """Return a rectangle as Google answers it, with all of its ends."""
    ends = {
        "startRowIndex": rows.start,
        "endRowIndex": rows.stop,
        "startColumnIndex": columns.start,
        "endColumnIndex": columns.stop,
    }
    return without_zeros({"sheetId": sheet_id} | ends)


def overlap(one: Json, other: Json) -> bool:
    """Return whether two rectangles of a sheet, given with all of their ends, have cells in common."""
    return all(
        one[f"start{axis}Index"] < other[f"end{axis}Index"] and other[f"start{axis}Index"] < one[f"end{axis}Index"]
        for axis in ("Row", "Column")
    )


ID_KEYS = {"tables": "tableId", "filterViews": "filterViewId", "bandedRanges": "bandedRangeId"}


def thing_of(book: Book, kind: str, wanted: Any) -> tuple[Sheet, Json]:  # noqa: ANN401 - an id
    """Return the object of a kind with that id, and its sheet. Raises: RefusedError."""
    found = next((pair for pair in book.objects(kind) if pair[1][ID_KEYS[kind]] == wanted), None)
    if found is None:
        raise RefusedError(f"No {kind.removesuffix('s')} with id: {wanted}")
    return found


def fresh_id(book: Book, wanted: Any, taken: Iterable[Any]) -> Any:  # noqa: ANN401 - an id
    """Return the id that is wanted, or a new one. Raises: RefusedError, if it is taken."""
    if wanted in taken:
        raise RefusedError(f"The id {wanted} is taken already.")
    return wanted or str(book.new_id())


def without_zeros(grid_range: Json) -> Json:
    """Return a range as Google answers it: sheet 0 is left out."""
    return {key: value for key, value in grid_range.items() if key != "sheetId" or value != 0}
