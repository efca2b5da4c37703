"""What protected cells keep from an account, and what it may know of them.

What is known, and how: a batch that writes a protected cell is refused with the sentence below (theoephraim/
node-google-spreadsheet#20); Google's reference says that `requestingUserCanEdit` is the reader's and that editors are shown to
editors only. That a batch which moves rows or columns of a protected sheet is refused as well is assumed, not read, and so it is
for merges, borders and validation.
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
CELLS = (
    *("updateCells", "repeatCell", "pasteData", "copyPaste", "cutPaste", "clearBasicFilter", "sortRange", "updateBorders"),
    *("insertRange", "deleteRange", "mergeCells", "unmergeCells", "setDataValidation", "trimWhitespace", "textToColumns"),
    *("deleteDuplicates",),
)
LINES = ("insertDimension", "deleteDimension", "appendDimension", "moveDimension", "updateDimensionProperties")


def may_edit(protection: Json, account: str | None) -> bool:
    """Whether an account may edit what is protected; None is the owner of the spreadsheet, who may do everything."""
    return account is None or bool(protection.get("warningOnly")) or account in protection.get("editors", {}).get("users", [])


def check(book: Book, requests: list[Json], account: str | None) -> None:
    """Raise RefusedError, where one of the requests writes what is protected from the account."""
    for index, request in enumerate(requests):
        ((kind, body),) = request.items()
        if any(_overlaps(one["range"], area) for area in _areas(kind, body) for one in _closed(book, account)):
            raise RefusedError(f"Invalid requests[{index}].{kind}: {REFUSAL}")


def check_values(before: Book, after: Book, account: str | None) -> None:
    """Raise RefusedError, where the cells of a spreadsheet came to differ within what is protected from the account."""
    for one in _closed(before, account):
        sheet, then = (book.sheet(one["range"].get("sheetId", 0)) for book in (before, after))
        places = {place for place in {*sheet.cells, *then.cells} if sheet.cells.get(place) != then.cells.get(place)}
        if any(_overlaps(one["range"], {"sheetId": sheet.id} | _cell(*place)) for place in places):
            raise RefusedError(REFUSAL)


def _closed(book: Book, account: str | None) -> list[Json]:
    return [one for _, one in book.objects("protectedRanges") if "range" in one and not may_edit(one, account)]


def _areas(kind: str, body: Json) -> list[Json]:
    """Return the cells that a request writes."""
    if kind in LINES:
        return [{"sheetId": body.get("range", body).get("sheetId", 0)}]
    if kind not in CELLS:
        return []
    if start := body.get("start"):
        lines = body.get("rows", [{}])
        return [_block(start, len(lines), max((len(line.get("values", [])) for line in lines), default=1))]
    areas = [body[key] for key in ("range", "source", "destination") if key in body and (key != "source" or kind != "copyPaste")]
    return [_block(one, 1, 1) if one.keys() & {"rowIndex", "columnIndex"} else one for one in areas]


def _block(start: Json, rows: int, columns: int) -> Json:
    return {"sheetId": start.get("sheetId", 0)} | _cell(start.get("rowIndex", 0), start.get("columnIndex", 0), rows, columns)


def _cell(row: int, column: int, rows: int = 1, columns: int = 1) -> Json:
    return {"startRowIndex": row, "endRowIndex": row + rows, "startColumnIndex": column, "endColumnIndex": column + columns}


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
    if "updatedSpreadsheet" in answer:
        return answer | {"updatedSpreadsheet": as_seen(answer["updatedSpreadsheet"], account)}
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
