"""What protected cells keep from an account, and what it may know of them.

What is known, and how: a batch that writes a protected cell is refused with the sentence below (theoephraim/
node-google-spreadsheet#20); Google's reference says that `requestingUserCanEdit` is the reader's and that editors are shown to
editors only. That a batch which moves rows or columns of a protected sheet is refused as well is assumed, not read.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests.fakes.sheets.book import RefusedError

if TYPE_CHECKING:
    from tests.fakes.sheets.book import Book

Json = dict[str, Any]
REFUSAL = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)
CELLS = ("updateCells", "repeatCell", "pasteData", "copyPaste", "cutPaste", "clearBasicFilter", "sortRange", "deleteRange")
LINES = ("insertDimension", "deleteDimension", "appendDimension", "moveDimension", "updateDimensionProperties")


def may_edit(protection: Json, account: str | None) -> bool:
    """Whether an account may edit what is protected; None is the owner of the spreadsheet, who may do everything."""
    return account is None or bool(protection.get("warningOnly")) or account in protection.get("editors", {}).get("users", [])


def check(book: Book, requests: list[Json], account: str | None) -> None:
    """Raise RefusedError, where one of the requests writes what is protected from the account."""
    for index, request in enumerate(requests):
        ((kind, body),) = request.items()
        area = _area(kind, body)
        if area and any(_overlaps(one["range"], area) for one in _closed(book, account)):
            raise RefusedError(f"Invalid requests[{index}].{kind}: {REFUSAL}")


def _closed(book: Book, account: str | None) -> list[Json]:
    return [one for _, one in book.objects("protectedRanges") if "range" in one and not may_edit(one, account)]


def _area(kind: str, body: Json) -> Json | None:
    if kind in LINES:
        return {"sheetId": body.get("range", body).get("sheetId", 0)}
    if kind not in CELLS:
        return None
    if start := body.get("start"):
        row, column = start.get("rowIndex", 0), start.get("columnIndex", 0)
        lines = body.get("rows", [{}])
        width = max((len(line.get("values", [])) for line in lines), default=1)
        ends = {
            "startRowIndex": row,
            "endRowIndex": row + len(lines),
            "startColumnIndex": column,
            "endColumnIndex": column + width,
        }
        return {"sheetId": start.get("sheetId", 0)} | ends
    return dict(body.get("range") or body.get("destination") or {})


def _overlaps(one: Json, other: Json) -> bool:
    if one.get("sheetId", 0) != other.get("sheetId", 0):
        return False
    return all(
        one.get(f"start{axis}Index", 0) < other.get(f"end{axis}Index", 10**7)
        and other.get(f"start{axis}Index", 0) < one.get(f"end{axis}Index", 10**7)
        for axis in ("Row", "Column")
    )


def as_seen(answer: Json, account: str | None) -> Json:
    """Return an answer whose protections are told as the account sees them."""
    sheets = answer.get("sheets")
    if not isinstance(sheets, list):
        return answer
    return answer | {"sheets": [_sheet_as_seen(sheet, account) for sheet in sheets]}


def _sheet_as_seen(sheet: Json, account: str | None) -> Json:
    if "protectedRanges" not in sheet:
        return sheet
    found = []
    for one in copy.deepcopy(sheet["protectedRanges"]):
        if may_edit(one, account):
            found.append(one | {"requestingUserCanEdit": True})
        else:
            found.append({key: value for key, value in one.items() if key != "editors"})
    return sheet | {"protectedRanges": found}
