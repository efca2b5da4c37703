"""The methods of Google's Sheets API, by their ids, over the spreadsheets of the server; each says what it answers."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.fakes.sheets import locales, protection, reading
from tests.fakes.sheets import values as sheets_values
from tests.fakes.sheets.batch import (
    requests_of_cells,
    requests_of_objects,
    requests_of_ranges,
    requests_of_sheets,
    requests_of_tables,
)
from tests.fakes.sheets.batch.requests import HANDLERS, batch
from tests.fakes.sheets.book import Book, RefusedError, new_sheet
from tests.fakes.sheets.computed import computed
from tests.fakes.sheets.description import discovery, masks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json = dict[str, Any]
SERVICE, DEFAULT_LOCALE = "sheets.v4", "en_US"
FAMILIES = (requests_of_cells, requests_of_objects, requests_of_ranges, requests_of_sheets, requests_of_tables)
assert HANDLERS, FAMILIES
COMPUTED_FIELDS = ("effectiveValue", "formattedValue")
READS = {
    "spreadsheets.get",
    "spreadsheets.getByDataFilter",
    "spreadsheets.developerMetadata.get",
    "spreadsheets.developerMetadata.search",
    "spreadsheets.values.get",
    "spreadsheets.values.batchGet",
    "spreadsheets.values.batchGetByDataFilter",
}
Query = dict[str, list[str]]


class Service:
    """The spreadsheets, and what is done with them."""

    def __init__(self) -> None:
        self.books: dict[str, Book] = {}
        self._computed: dict[str, tuple[int, Mapping[tuple[str, int, int], Any]]] = {}

    def call(self, method: str, where: Mapping[str, str], query: Query, body: Json, account: str | None = None) -> Json:
        """Return the answer of a method, held to Google's description, as is the request. Raises: RefusedError.

        account: who asks; None is the owner in the browser.
        """
        described = discovery.methods(SERVICE)[method]
        _check_query(described, query)
        if "request" in described:
            _refuse(discovery.problems(SERVICE, described["request"]["$ref"], body))
        schema = described["response"]["$ref"]
        branches = _fields(query, schema)
        locale = self._locale(where)
        if method == "spreadsheets.batchUpdate" and where["spreadsheetId"] in self.books:
            protection.check(self.books[where["spreadsheetId"]], body.get("requests", []), account)
        before = self.books.get(where.get("spreadsheetId", ""))
        whole = METHODS[method](self, {key: unquote(value) for key, value in where.items()}, query, locales.read(body, locale))
        if before is not None and method.startswith("spreadsheets.values.") and method not in READS:
            self._check_values(before, account)
        answer = dict(masks.only(locales.shown(protection.as_seen(whole, account), locale), branches))
        wrong = discovery.problems(SERVICE, schema, answer)
        if wrong:
            raise AssertionError(f"The server of the tests answers what Google never would: {wrong}")
        return answer

    def _check_values(self, before: Book, account: str | None) -> None:
        """Undo what was written, if some of it is protected from the account. Raises: RefusedError."""
        try:
            protection.check_values(before, self.books[before.id], account)
        except RefusedError:
            self.books[before.id] = before
            raise

    def _locale(self, where: Mapping[str, str]) -> str:
        book = self.books.get(where.get("spreadsheetId", ""))
        return str(book.properties.get("locale", DEFAULT_LOCALE)) if book else DEFAULT_LOCALE

    def book(self, spreadsheet_id: str) -> Book:
        """Return a spreadsheet. Raises: RefusedError."""
        if spreadsheet_id not in self.books:
            raise RefusedError("Requested entity was not found.", 404)
        return self.books[spreadsheet_id]

    def computed(self, book: Book) -> Mapping[tuple[str, int, int], Any]:
        """Return what the formulas of a spreadsheet come to."""
        revision, values = self._computed.get(book.id, (-1, {}))
        if revision != book.revision:
            values = computed(book)
            self._computed[book.id] = (book.revision, values)
        return values

    def change(self, book: Book) -> None:
        """Let a changed copy of a spreadsheet take its place."""
        book.revision += 1
        self.books[book.id] = book


def _check_query(described: Json, query: Query) -> None:
    known = described.get("parameters", {}).keys() | discovery.document(SERVICE)["parameters"].keys()
    for name in query:
        if name not in known:
            raise RefusedError(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )


def _refuse(wrong: list[str]) -> None:
    if wrong:
        raise RefusedError("\n".join(wrong))


def _fields(query: Query, schema: str) -> masks.Tree:
    mask = ",".join(query.get("fields", []))
    if not mask:
        return {}
    try:
        branches = masks.tree(mask)
    except masks.MaskError as error:
        raise RefusedError("Request contains an invalid argument.") from error
    wrong = discovery.field_problem(SERVICE, schema, masks.paths(branches))
    if wrong:
        raise RefusedError(f"Request contains an invalid argument. Error expanding 'fields' parameter: Cannot find {wrong}")
    return branches


def _wants_grid(query: Query, schema: str, flag: str | None) -> bool:
    branches = _fields(query, schema)
    if not branches:
        return flag == "true"
    sheets = branches.get("sheets", branches.get("*", None))
    return sheets is not None and (not sheets or "data" in sheets or "*" in sheets)


def _get(service: Service, where: Mapping[str, str], query: Query, _: Json) -> Json:
    book = service.book(where["spreadsheetId"])
    wanted = [reading.named(book, text) for text in query.get("ranges", [])] or None
    return _read(service, book, wanted, query, query.get("includeGridData", [None])[0])


def _get_by_data_filter(service: Service, where: Mapping[str, str], query: Query, body: Json) -> Json:
    book = service.book(where["spreadsheetId"])
    wanted = [area for one in body.get("dataFilters", []) for area in reading.filtered(book, one)]
    return _read(service, book, wanted, query, str(body.get("includeGridData", False)).lower())


def _read(service: Service, book: Book, wanted: list[Json] | None, query: Query, flag: str | None) -> Json:
    with_grid = _wants_grid(query, "Spreadsheet", flag)
    mask = ",".join(query.get("fields", []))
    needs_values = with_grid and (not mask or any(name in mask for name in COMPUTED_FIELDS) or not re.search("userEntered", mask))
    return reading.spreadsheet(book, service.computed(book) if needs_values else {}, wanted, with_grid=with_grid)


def _create(service: Service, _: Mapping[str, str], __: Query, body: Json) -> Json:
    if body.keys() - {"properties"}:
        raise RefusedError(
            f"This server of the tests makes empty spreadsheets, without {sorted(body.keys() - {'properties'})}.", 501
        )
    book = service.books[f"created-{len(service.books)}"] = _made(f"created-{len(service.books)}", body)
    return reading.spreadsheet(book, {}, None, with_grid=False)


def _made(book_id: str, body: Json) -> Book:
    properties = {"title": "Untitled spreadsheet", "locale": DEFAULT_LOCALE, "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT"}
    return Book(book_id, properties | body.get("properties", {}), [new_sheet(0, "Sheet1", 0)])


def _batch_update(service: Service, where: Mapping[str, str], _: Query, body: Json) -> Json:
    book, replies = batch(service.book(where["spreadsheetId"]), body.get("requests", []))
    service.change(book)
    answer: Json = {"spreadsheetId": book.id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        with_grid = bool(body.get("responseIncludeGridData"))
        wanted = [reading.named(book, text) for text in body.get("responseRanges", [])] or None
        computed = service.computed(book) if with_grid else {}
        answer["updatedSpreadsheet"] = reading.spreadsheet(book, computed, wanted, with_grid=with_grid)
    return answer


def _metadata_get(service: Service, where: Mapping[str, str], _: Query, __: Json) -> Json:
    tags = service.book(where["spreadsheetId"]).tags
    found = next((tag for tag in tags if str(tag["metadataId"]) == where["metadataId"]), None)
    if found is None:
        raise RefusedError(f"No developer metadata with id: {where['metadataId']}", 404)
    return found


def _metadata_search(service: Service, where: Mapping[str, str], _: Query, body: Json) -> Json:
    book = service.book(where["spreadsheetId"])
    found = [
        {"developerMetadata": tag, "dataFilters": [one]}
        for one in body.get("dataFilters", [])
        for tag in requests_of_objects.matching(book, one)
    ]
    return {"matchedDeveloperMetadata": found} if found else {}


def _copy_to(service: Service, where: Mapping[str, str], _: Query, body: Json) -> Json:
    source = service.book(where["spreadsheetId"]).sheet(int(where["sheetId"]))
    target = service.book(body.get("destinationSpreadsheetId", "")).copied()
    made, title = source.copied(), f"Copy of {source.title}"
    number = 1
    while target.titled(title):
        number += 1
        title = f"Copy of {source.title} {number}"
    made.properties |= {"sheetId": target.new_id(), "title": title, "index": len(target.sheets)}
    target.sheets.append(made)
    service.change(target)
    return copy.deepcopy(made.properties)


def _values_get(service: Service, where: Mapping[str, str], query: Query, _: Json) -> Json:
    book = service.book(where["spreadsheetId"])
    return sheets_values.got(book, service.computed(book), where["range"], _single(query))


def _single(query: Query) -> dict[str, str]:
    return {key: values[-1] for key, values in query.items()}


def _values_batch_get(service: Service, where: Mapping[str, str], query: Query, _: Json) -> Json:
    book = service.book(where["spreadsheetId"])
    values = service.computed(book)
    ranges = [sheets_values.got(book, values, text, _single(query)) for text in query.get("ranges", [])]
    return {"spreadsheetId": book.id, "valueRanges": ranges}


def _values_update(service: Service, where: Mapping[str, str], query: Query, body: Json) -> Json:
    book = service.book(where["spreadsheetId"]).copied()
    found = sheets_values.updated(book, where["range"], body, _single(query))
    service.change(book)
    _add_values(service, book, found, query)
    return found


def _add_values(service: Service, book: Book, found: Json, query: Query) -> None:
    """Add to what was updated the values that are there now, where they are asked for."""
    options = _single(query)
    if options.get("includeValuesInResponse", "").lower() == "true":
        how = {
            "valueRenderOption": options.get("responseValueRenderOption", "FORMATTED_VALUE"),
            "dateTimeRenderOption": options.get("responseDateTimeRenderOption", "SERIAL_NUMBER"),
        }
        found["updatedData"] = sheets_values.got(book, service.computed(book), found["updatedRange"], how)


def _values_batch_update(service: Service, where: Mapping[str, str], _: Query, body: Json) -> Json:
    book = service.book(where["spreadsheetId"]).copied()
    options = {"valueInputOption": body.get("valueInputOption", "")}
    answers = [sheets_values.updated(book, one.get("range", ""), one, options) for one in body.get("data", [])]
    service.change(book)
    names = ("Rows", "Columns", "Cells")
    totals = {f"totalUpdated{name}": sum(answer[f"updated{name}"] for answer in answers) for name in names}
    return {"spreadsheetId": book.id, **totals, "totalUpdatedSheets": 1, "responses": answers}


def _values_append(service: Service, where: Mapping[str, str], query: Query, body: Json) -> Json:
    book = service.book(where["spreadsheetId"]).copied()
    found = sheets_values.appended(book, where["range"], body, _single(query))
    service.change(book)
    _add_values(service, book, found["updates"], query)
    return found


def _values_clear(service: Service, where: Mapping[str, str], _: Query, __: Json) -> Json:
    book = service.book(where["spreadsheetId"]).copied()
    found = sheets_values.cleared(book, where["range"])
    service.change(book)
    return {"spreadsheetId": book.id, "clearedRange": found}


def _values_batch_clear(service: Service, where: Mapping[str, str], _: Query, body: Json) -> Json:
    book = service.book(where["spreadsheetId"]).copied()
    found = [sheets_values.cleared(book, text) for text in body.get("ranges", [])]
    service.change(book)
    return {"spreadsheetId": book.id, "clearedRanges": found}


METHODS: dict[str, Callable[[Service, Mapping[str, str], Query, Json], Json]] = {
    "spreadsheets.get": _get,
    "spreadsheets.getByDataFilter": _get_by_data_filter,
    "spreadsheets.create": _create,
    "spreadsheets.batchUpdate": _batch_update,
    "spreadsheets.developerMetadata.get": _metadata_get,
    "spreadsheets.developerMetadata.search": _metadata_search,
    "spreadsheets.sheets.copyTo": _copy_to,
    "spreadsheets.values.get": _values_get,
    "spreadsheets.values.batchGet": _values_batch_get,
    "spreadsheets.values.update": _values_update,
    "spreadsheets.values.batchUpdate": _values_batch_update,
    "spreadsheets.values.append": _values_append,
    "spreadsheets.values.clear": _values_clear,
    "spreadsheets.values.batchClear": _values_batch_clear,
}


def routes() -> list[tuple[str, re.Pattern[str], str]]:
    """Return the HTTP method, the path and the id of every method that is known."""
    return discovery.routes(SERVICE, METHODS)
