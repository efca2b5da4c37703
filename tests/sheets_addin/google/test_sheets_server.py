"""The test Google, used by real gspread over HTTP: it does what Google does, and refuses what Google refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest
import requests
from gspread.utils import ValueRenderOption

from tests.fakes.sheets.clients import gspread_client
from tests.fakes.sheets.server import ROBOT
from tests.tools.recalculate import by_libreoffice

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.sheets.server import SheetsServer

Json = dict[str, Any]


def rows(sheet_id: int, start: int, end: int) -> Json:
    """Return a range of rows."""
    return {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def metadata(server: SheetsServer) -> list[Json]:
    """Return the present location of every developer metadata of the spreadsheet."""
    return [tag["location"] for tag in server.book("people").tags]


def tag_row(server: SheetsServer, row: int) -> None:
    """Attach developer metadata to a row."""
    tag = {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": rows(0, row, row + 1)}}
    server.edit("people", {"createDeveloperMetadata": {"developerMetadata": tag}})


def refusal(error: pytest.ExceptionInfo[gspread.exceptions.APIError]) -> tuple[int, str]:
    """Return Google's code and status of a refusal."""
    return error.value.code, error.value.error["status"]


def test_a_new_spreadsheet_is_as_google_makes_it(people: gspread.Spreadsheet) -> None:
    """A new spreadsheet has one empty sheet of 1,000 rows and 26 columns."""
    sheet = people.sheet1
    assert (people.title, sheet.title, sheet.row_count, sheet.col_count) == ("People", "Sheet1", 1000, 26)


def test_values_written_raw_come_back_as_they_were(people: gspread.Spreadsheet) -> None:
    """RAW: text that looks like a formula stays text, and numbers stay numbers."""
    people.sheet1.update([["=1+1", "+1", "@x", -1.5, True, "'q"]], "B2", raw=True)
    stored = people.sheet1.get("B2:G2", value_render_option=ValueRenderOption.unformatted)
    assert stored == [["=1+1", "+1", "@x", -1.5, True, "'q"]]


def test_values_typed_are_understood(people: gspread.Spreadsheet) -> None:
    """USER_ENTERED: numbers, percentages, dates and formulas are read as a person means them."""
    people.sheet1.update([["1,234.5", "5%", "2026-11-21", "=A1*2", "'=x"]], "A1", raw=False)
    shown = people.sheet1.get("A1:E1", value_render_option=ValueRenderOption.unformatted)
    assert shown == [[1234.5, 0.05, 46347, 2469, "=x"]]


def test_formulas_are_computed_over_names_and_sheets(people: gspread.Spreadsheet) -> None:
    """A formula that uses another sheet and a named range has the right result."""
    people.sheet1.update([[3], [4]], "A1")
    people.add_worksheet("Other's", 10, 5).update([["=SUM(both)+Sheet1!A2"]], "A1", raw=False)
    people.sheet1.define_named_range("A1:A2", "both")
    assert people.worksheet("Other's").acell("A1").value == "11"


def test_empty_ends_are_left_out(people: gspread.Spreadsheet) -> None:
    """Google omits empty cells at the ends of rows and columns."""
    people.sheet1.update([["a", "", ""], ["", "b", ""], ["", "", ""]], "A1")
    assert people.sheet1.get_all_values() == [["a", ""], ["", "b"]]


def test_append_finds_the_end_of_the_table(people: gspread.Spreadsheet) -> None:
    """Rows are appended below the last one."""
    people.sheet1.update([["a", 1], ["b", 2]], "A1")
    people.sheet1.append_row(["c", 3])
    assert people.sheet1.col_values(1) == ["a", "b", "c"]


def test_clear_find_and_several_ranges(people: gspread.Spreadsheet) -> None:
    """batchGet, batchUpdate, batchClear and find of gspread work over HTTP."""
    people.sheet1.batch_update([{"range": "A1", "values": [["x"]]}, {"range": "C3", "values": [["y"]]}])
    people.sheet1.batch_clear(["A1"])
    found = people.sheet1.find("y")
    assert found is not None
    assert (found.row, found.col, people.sheet1.batch_get(["A1", "C3"])) == (3, 3, [[], [["y"]]])


def test_inserted_rows_move_all_that_is_tied_to_them(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """Metadata, named ranges, merges, rules and formulas move down with their rows; a range around the new row grows."""
    people.sheet1.update([["=SUM(A5:A9)", "=$A$5", "=A1:A5"]], "C7", raw=False)
    people.sheet1.define_named_range("A3:B8", "table")
    people.sheet1.merge_cells("D6:E6")
    tag_row(server, 4)
    people.sheet1.insert_row(["new"], 5)
    book = server.book("people")
    formulas = [book.sheets[0].cells[7, column]["userEnteredValue"]["formulaValue"] for column in (2, 3, 4)]
    assert formulas == ["=SUM(A6:A10)", "=$A$6", "=A1:A6"]
    assert metadata(server)[0]["dimensionRange"]["startIndex"] == 5
    assert (book.names[0]["range"]["endRowIndex"], book.sheets[0].objects["merges"][0]["startRowIndex"]) == (9, 6)


def test_deleted_rows_take_along_what_is_tied_to_them(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """Metadata of a deleted row is gone, its name is invalid, formulas that use it are broken, and ranges shrink."""
    people.sheet1.update([["=A5", "=SUM(A4:A6)"]], "C1", raw=False)
    people.sheet1.define_named_range("A5:B5", "gone")
    tag_row(server, 4)
    people.sheet1.delete_rows(5)
    cells = server.book("people").sheets[0].cells
    assert [cells[0, column]["userEnteredValue"]["formulaValue"] for column in (2, 3)] == ["=#REF!", "=SUM(A4:A5)"]
    assert (metadata(server), "range" in server.book("people").names[0]) == ([], False)


def test_moved_rows_keep_their_metadata(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """Moved rows keep their metadata and cells."""
    people.sheet1.update([["a"], ["b"], ["c"], ["d"]], "A1")
    tag_row(server, 1)
    server.edit("people", {"moveDimension": {"source": rows(0, 1, 2), "destinationIndex": 4}})
    assert people.sheet1.col_values(1) == ["a", "c", "d", "b"]
    assert metadata(server)[0]["dimensionRange"]["startIndex"] == 3


def test_sorting_moves_cells_but_no_metadata(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """A sort moves cells but not the metadata of rows; numbers come before texts, empty cells last."""
    people.sheet1.update([["b"], [2], [""], [10], ["a"]], "A1")
    tag_row(server, 1)
    people.sheet1.sort((1, "asc"), range="A1:A5")
    assert people.sheet1.get("A1:A5", value_render_option=ValueRenderOption.unformatted) == [[2], [10], ["a"], ["b"]]
    assert metadata(server)[0]["dimensionRange"]["startIndex"] == 1


def test_a_renamed_sheet_stays_in_formulas(people: gspread.Spreadsheet) -> None:
    """Formulas follow a sheet to its new title, and break when it is deleted."""
    other = people.add_worksheet("Other", 5, 5)
    people.sheet1.update([["=Other!B2"]], "A1", raw=False)
    other.update_title("It's new")
    assert people.sheet1.acell("A1", value_render_option=ValueRenderOption.formula).value == "='It''s new'!B2"
    people.del_worksheet(other)
    assert people.sheet1.acell("A1", value_render_option=ValueRenderOption.formula).value == "=#REF!"


def test_worksheets_come_go_and_are_copied(people: gspread.Spreadsheet) -> None:
    """Sheets are added, copied, moved and deleted; the last one stays."""
    first, second = people.sheet1, people.add_worksheet("Second", 5, 5)
    second.duplicate(insert_sheet_index=0, new_sheet_name="Third")
    people.reorder_worksheets([second, first, people.worksheet("Third")])
    assert [sheet.title for sheet in people.worksheets()] == ["Second", "Sheet1", "Third"]


def test_formats_notes_and_frozen_rows_are_kept(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """The formats that gspread sets are there afterwards, and nothing else is lost."""
    people.sheet1.update([[5]], "A1")
    people.sheet1.format("A1:B1", {"textFormat": {"bold": True}})
    people.sheet1.format("A1", {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}})
    people.sheet1.insert_note("A1", "why")
    people.sheet1.freeze(rows=1)
    cell, grid = server.book("people").sheets[0].cells[0, 0], server.book("people").sheets[0].properties["gridProperties"]
    form = {"textFormat": {"bold": True}, "numberFormat": {"type": "NUMBER", "pattern": "0.00"}}
    assert cell == {"userEnteredValue": {"numberValue": 5}, "userEnteredFormat": form, "note": "why"}
    assert (grid["frozenRowCount"], people.sheet1.acell("A1").value) == (1, "5.00")


def test_one_bad_request_undoes_the_batch(people: gspread.Spreadsheet) -> None:
    """If the second request of a batch is refused, nothing is done, and the error says which one it was."""
    good = {"addSheet": {"properties": {"title": "New"}}}
    with pytest.raises(gspread.exceptions.APIError, match=r"Invalid requests\[1\].deleteSheet: No grid with id: 9") as error:
        people.batch_update({"requests": [good, {"deleteSheet": {"sheetId": 9}}]})
    assert refusal(error) == (400, "INVALID_ARGUMENT")
    assert [sheet.title for sheet in people.worksheets()] == ["Sheet1"]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"addSheet": {"properties": {"tilte": "x"}}}, 'Unknown name "tilte"'),
        ({"addSheets": {}}, 'Unknown name "addSheets"'),
        ({"addSheet": {"properties": {"title": 5}}}, "TYPE_STRING"),
        ({"addSheet": {"properties": {"title": "sheet1"}}}, "already exists"),
        ({"addSheet": {"properties": {"gridProperties": {"rowCount": 400_000}}}}, "above the limit of 10000000 cells"),
        ({"updateCells": {"start": {"sheetId": 0}, "rows": []}}, "At least one field"),
        ({"updateCells": {"start": {}, "rows": [], "fields": "userEnteredValeu"}}, "Invalid field"),
        ({"updateCells": {"start": {"rowIndex": 1000}, "rows": [{"values": [{}]}], "fields": "note"}}, "beyond"),
        ({"deleteDimension": {"range": rows(0, 0, 1000)}}, "You can't delete all the rows"),
        ({"deleteSheet": {"sheetId": 0}}, "You can't remove all the visible sheets"),
        ({"addNamedRange": {"namedRange": {"name": "A1", "range": {"sheetId": 0}}}}, "not valid"),
        ({"deleteEmbeddedObject": {"objectId": 5}}, "No embedded object with id: 5"),
        ({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}}, "No conditional format on sheet at index: 0"),
    ],
)
def test_what_google_refuses_is_refused(people: gspread.Spreadsheet, request_: Json, words: str) -> None:
    """Unknown fields, wrong types, unknown ids, taken names and too many cells get a 400 that says why."""
    with pytest.raises(gspread.exceptions.APIError, match=words) as error:
        people.batch_update({"requests": [request_]})
    assert refusal(error) == (400, "INVALID_ARGUMENT")


def test_metadata_is_tied_to_one_row_only(people: gspread.Spreadsheet) -> None:
    """Google attaches metadata to a single row or column, never to several."""
    tag = {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": rows(0, 1, 3)}}
    with pytest.raises(gspread.exceptions.APIError, match="single row or column"):
        people.batch_update({"requests": [{"createDeveloperMetadata": {"developerMetadata": tag}}]})


def test_strangers_are_refused(server: SheetsServer, people: gspread.Spreadsheet) -> None:
    """An unshared spreadsheet is 403, an unknown one 404, and one shared for reading cannot be written."""
    server.add_book("theirs", shared_with=None)
    client = gspread_client(server)
    with pytest.raises(PermissionError):
        client.open_by_key("theirs")
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key("nowhere")
    server.drive.share("people", ROBOT, role="reader")
    with pytest.raises(gspread.exceptions.APIError, match="does not have permission"):
        people.add_worksheet("New", 1, 1)


def test_without_a_token_nothing_is_told(server: SheetsServer) -> None:
    """A request without a valid bearer token gets a 401."""
    server.add_book("people")
    answer = requests.get(f"{server.url}/v4/spreadsheets/people", headers={"Authorization": "Bearer made-up"}, timeout=10)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_a_key_that_is_not_theirs_gets_no_token(server: SheetsServer) -> None:
    """The token endpoint checks the assertion's signature against the account's key."""
    stolen = server.new_key("other@example.com") | {"client_email": ROBOT}
    server.new_key(ROBOT)
    server.accounts.new_key = lambda *_: stolen  # type: ignore[method-assign] # what a thief would hold
    with pytest.raises(Exception, match="invalid_grant"):
        gspread_client(server)


def test_the_quota_is_counted_by_the_minute(server: SheetsServer, people: gspread.Spreadsheet) -> None:
    """The 61st read within a minute gets a 429; a minute later reads succeed."""
    now = [1000.0]
    server.quota.taken.clear()
    server.quota.clock = lambda: now[0]
    for _ in range(60):
        people.fetch_sheet_metadata()
    with pytest.raises(gspread.exceptions.APIError, match="Read requests per minute per user") as error:
        people.fetch_sheet_metadata()
    now[0] += 60
    assert (refusal(error), people.fetch_sheet_metadata()["spreadsheetId"]) == ((429, "RESOURCE_EXHAUSTED"), "people")


def test_drive_lists_makes_and_shares_files(server: SheetsServer) -> None:
    """What gspread opens, creates, shares and deletes goes through Drive."""
    client = gspread_client(server)
    made = client.create("Budget")
    made.share("a@example.com", perm_type="user", role="reader", notify=False)
    assert [one["emailAddress"] for one in made.list_permissions()] == [ROBOT, "a@example.com"]
    assert client.open("Budget").id == made.id
    client.del_spreadsheet(made.id)
    assert client.list_spreadsheet_files() == []


def test_a_field_mask_leaves_out_all_else(people: gspread.Spreadsheet) -> None:
    """Only the fields of a mask are answered; a mask with unknown fields is refused."""
    people.sheet1.update([["a"]], "B2")
    mask = "sheets(properties.title,data.rowData.values.userEnteredValue)"
    (sheet,) = people.fetch_sheet_metadata(params={"fields": mask})["sheets"]
    assert sheet == {
        "properties": {"title": "Sheet1"},
        "data": [{"rowData": [{}, {"values": [{}, {"userEnteredValue": {"stringValue": "a"}}]}]}],
    }
    with pytest.raises(gspread.exceptions.APIError, match="invalid argument"):
        people.fetch_sheet_metadata(params={"fields": "sheets.propertys"})


@pytest.mark.outside
def test_libreoffice_computes_the_grid(server: SheetsServer, people: gspread.Spreadsheet, tmp_path: Path) -> None:
    """LibreOffice computes the same from the server's grid."""
    from tests.fakes.sheets.computed import write_xlsx  # noqa: PLC0415 - read with the program it is for

    people.sheet1.update([[2, "=A1*21", "=text"]], "A1", raw=False)
    write_xlsx(server.book("people"), path := tmp_path / "grid.xlsx")
    assert by_libreoffice([path], tmp_path)[path]["Sheet1", 0, 1] == 42
