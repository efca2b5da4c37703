"""The test Google: tables, groups, appended rows, and ranges that are cut, inserted and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest
from google.auth.exceptions import RefreshError

from tests.fakes.sheets.book import RefusedError
from tests.fakes.sheets.clients import gspread_client

if TYPE_CHECKING:
    from tests.fakes.sheets.server import SheetsServer

Json = dict[str, Any]


def area(first: str, last: str, sheet_id: int = 0) -> Json:
    """Return a GridRange from its corners in A1 notation."""
    ends = gspread.utils.a1_range_to_grid_range(f"{first}:{last}")
    return {"sheetId": sheet_id, **ends}


def columns(first: str, last: str) -> Json:
    """Return a range of columns of the first sheet, the last one included."""
    start, end = ord(first) - ord("A"), ord(last) - ord("A") + 1
    return {"sheetId": 0, "dimension": "COLUMNS", "startIndex": start, "endIndex": end}


def groups(server: SheetsServer) -> list[tuple[str, int]]:
    """Return each group of columns by its letters, with its depth."""
    spans = [(one["range"], one["depth"]) for one in server.book("people").sheets[0].objects["columnGroups"]]
    return [(chr(65 + span["startIndex"]) + chr(64 + span["endIndex"]), depth) for span, depth in spans]


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([("add", "CD"), ("add", "BE")], [("BE", 1), ("CD", 2)]),
        ([("add", "BE"), ("add", "CD")], [("BE", 1), ("CD", 2)]),
        ([("add", "BD"), ("add", "CE")], [("BE", 1), ("CD", 2)]),
        ([("add", "BE"), ("add", "CD"), ("delete", "DE")], [("BD", 1), ("CC", 2)]),
    ],
)
def test_groups_nest_as_google_s_description_says(
    people: gspread.Spreadsheet, server: SheetsServer, steps: list[tuple[str, str]], left: list[tuple[str, int]]
) -> None:
    """The examples in Google's own description of the requests give the described results."""
    for step, span in steps:
        people.batch_update({"requests": [{f"{step}DimensionGroup": {"range": columns(*span)}}]})
    assert groups(server) == left


def test_a_collapsed_group_hides_its_columns(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """Collapsing hides every column of the group, opening shows them, and the group moves with its columns."""
    for is_collapsed in (True, False):
        group = {"range": columns("B", "C"), "depth": 1, "collapsed": is_collapsed}
        first = [{"addDimensionGroup": {"range": columns("B", "C")}}] if is_collapsed else []
        update = {"updateDimensionGroup": {"dimensionGroup": group, "fields": "collapsed"}}
        people.batch_update({"requests": [*first, update]})
        lines = server.book("people").sheets[0].lines["COLUMNS"]
        assert [lines[index].get("hiddenByUser", False) for index in (1, 2)] == [is_collapsed] * 2
    people.sheet1.insert_cols([[]], 1)
    assert groups(server) == [("CD", 1)]


@pytest.mark.parametrize(
    ("where", "first_cell"),
    [
        *((where, "B7") for where in ("Sheet1", "B4", "C5:D5", "B2:D4", "A3:G10")),
        *((("A1", "A3"), ("E4", "E4"), ("A4", "A4"))),
    ],
)
def test_append_looks_for_the_table_as_google_s_guide_says(people: gspread.Spreadsheet, where: str, first_cell: str) -> None:
    """Google's guide has two tables, A1:C2 and B4:D6: each of its ranges appends where the guide says."""
    people.sheet1.batch_update(
        [{"range": "A1", "values": [["x", "y", "z"], [1, 2, 3]]}, {"range": "B4", "values": [["x", "y"], ["", "", 10], [3, 4]]}]
    )
    people.sheet1.update([["z"], [10], [5]], "D4")
    done = people.values_append(where, {"valueInputOption": "RAW"}, {"values": [["new"]]})
    assert done["updates"]["updatedRange"] == f"Sheet1!{first_cell}"


def test_inserted_rows_spare_what_lies_below(people: gspread.Spreadsheet) -> None:
    """INSERT_ROWS makes room below the table; without it the cells below are overwritten."""
    people.sheet1.update([["a"], ["b"], [""], ["total"]], "A1")
    people.sheet1.append_rows([["c"], ["d"]], insert_data_option=gspread.utils.InsertDataOption.insert_rows, table_range="A1")
    assert people.sheet1.col_values(1) == ["a", "b", "c", "d", "", "total"]


def add_table(people: gspread.Spreadsheet, name: str, first: str, last: str, **more: object) -> Json:
    """Add a table; return it as Google answers it."""
    body = {"requests": [{"addTable": {"table": {"name": name, "range": area(first, last), **more}}}]}
    return dict(people.batch_update(body)["replies"][0]["addTable"]["table"])


def test_a_table_grows_with_its_rows(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """Rows appended to a table extend it, and what lies below moves down."""
    people.sheet1.update([["Team", "Credits"], ["Sales", 20], ["below"]], "B2")
    table = add_table(people, "Teams", "B2", "C3")
    assert [column["columnName"] for column in table["columnProperties"]] == ["Team", "Credits"]
    row = {"values": [{"userEnteredValue": {"stringValue": "IT"}}, {"userEnteredValue": {"numberValue": 5}}]}
    append = {"appendCells": {"tableId": table["tableId"], "rows": [row], "fields": "userEnteredValue"}}
    people.batch_update({"requests": [append]})
    (held,) = server.book("people").sheets[0].objects["tables"]
    assert (held["range"]["endRowIndex"], people.sheet1.col_values(2)) == (4, ["", "Team", "Sales", "IT", "below"])
    people.batch_update({"requests": [{"deleteTable": {"tableId": table["tableId"]}}]})
    assert people.sheet1.col_values(2) == ["", "", "", "", "below"]


@pytest.mark.parametrize(
    ("name", "corners", "more"),
    [
        ("Teams", ("F1", "G3"), {}),
        ("Others", ("C3", "D5"), {}),
        ("Others", ("F1", "G3"), {"columnProperties": [{"columnIndex": 2, "columnName": "third of two"}]}),
        ("Others", ("F1", "G3"), {"columnProperties": [{"columnIndex": 0, "columnType": "DROPDOWN"}]}),
    ],
    ids=["name taken", "overlap", "no such column", "dropdown without its list"],
)
def test_a_table_that_cannot_be_is_refused(people: gspread.Spreadsheet, name: str, corners: tuple[str, str], more: Json) -> None:
    """Table names are unique, tables do not overlap, and columns follow Google's guide."""
    add_table(people, "Teams", "B2", "C4")
    with pytest.raises(gspread.exceptions.APIError) as error:
        add_table(people, name, *corners, **more)
    assert (error.value.code, error.value.error["status"]) == (400, "INVALID_ARGUMENT")


def test_cells_that_are_cut_take_their_references_along(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """A formula about a cut cell follows it to another sheet; one about a larger range does not."""
    other = people.add_worksheet("Other's", 10, 5)
    people.sheet1.update([["=B1*2", 7, "=SUM(B1:B2)"]], "A1", raw=False)
    where = {"sheetId": other.id, "rowIndex": 4, "columnIndex": 2}
    people.batch_update({"requests": [{"cutPaste": {"source": area("B1", "B1"), "destination": where}}]})
    cells = server.book("people").sheets[0].cells
    formulas = [cells[0, column]["userEnteredValue"]["formulaValue"] for column in (0, 2)]
    assert formulas == ["='Other''s'!C5*2", "=SUM(B1:B2)"]
    assert (other.acell("C5").value, (0, 1) in cells) == ("7", False)


def test_a_deleted_range_moves_only_its_columns(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """Cells below move up with their references and merges; the columns beside stay."""
    people.sheet1.update([["a", "A"], ["b", "B"], ["c", "C"], ["=A3", "=B3"]], "A1", raw=False)
    people.sheet1.merge_cells("A5:A6")
    people.sheet1.merge_cells("B5:B6")
    people.batch_update({"requests": [{"deleteRange": {"range": area("A2", "A2"), "shiftDimension": "ROWS"}}]})
    cells = server.book("people").sheets[0].cells
    assert people.sheet1.get("A1:B4") == [["a", "A"], ["c", "B"], ["c", "C"], ["", "C"]]
    assert [cells[place]["userEnteredValue"]["formulaValue"] for place in ((2, 0), (3, 1))] == ["=A2", "=B3"]
    merges = server.book("people").sheets[0].objects["merges"]
    assert sorted((one["startColumnIndex"], one["startRowIndex"]) for one in merges) == [(0, 3), (1, 4)]


def test_a_merge_takes_the_place_of_those_within_it(people: gspread.Spreadsheet) -> None:
    """Google replaces merges within a new one; a merge that would be cut in two is refused."""
    people.sheet1.merge_cells("B2:C2")
    people.sheet1.merge_cells("A1:C3")
    with pytest.raises(gspread.exceptions.APIError, match="overlap"):
        people.sheet1.merge_cells("C3:D4")


def test_the_last_sheet_stays_visible(people: gspread.Spreadsheet) -> None:
    """Google refuses to hide every sheet, in its own words."""
    people.add_worksheet("Second", 5, 5).hide()
    with pytest.raises(gspread.exceptions.APIError, match="You can't hide all the sheets in a document"):
        people.sheet1.hide()


def test_a_token_opens_what_its_scopes_say(server: SheetsServer) -> None:
    """A read-only token cannot write; a token for spreadsheets cannot list Drive's files; an unknown scope opens nothing."""
    server.add_book("people", "People")
    base = "https://www.googleapis.com/auth/"
    reader = gspread_client(server, scopes=[f"{base}spreadsheets.readonly"]).open_by_key("people")
    with pytest.raises(gspread.exceptions.APIError, match="insufficient authentication scopes"):
        reader.sheet1.update([["x"]], "A1")
    with pytest.raises(gspread.exceptions.APIError, match="insufficient authentication scopes"):
        gspread_client(server, scopes=[f"{base}spreadsheets"]).list_spreadsheet_files()
    with pytest.raises(RefreshError, match="invalid_scope"):
        gspread_client(server, scopes=[f"{base}nothing"])
    several = gspread_client(server, scopes=["https://spreadsheets.google.com/feeds", f"{base}drive.file"])
    assert [one["name"] for one in several.list_spreadsheet_files()] == ["People"]


def test_drive_copies_and_exports(people: gspread.Spreadsheet, server: SheetsServer) -> None:
    """A copy is another file with the same cells; a CSV has the first sheet as displayed."""
    people.sheet1.update([["a", 'say "b"'], ["1.5", "=A2*2"]], "A1", raw=False)
    copied = gspread_client(server).copy("people", title="Another")
    copied.sheet1.update([["changed"]], "A1")
    assert (people.title, people.sheet1.acell("A1").value, copied.sheet1.acell("B2").value) == ("People", "a", "3")
    assert people.export(gspread.utils.ExportFormat.CSV) == b'a,"say ""b"""\r\n1.5,3'


def test_find_and_replace_counts_what_it_changed(people: gspread.Spreadsheet) -> None:
    """Google's own example: e becomes o in "Google Sheets", three times in one value; formulas are skipped unless requested."""
    people.sheet1.update([["Google Sheets"], ['="e"&1']], "A1", raw=False)
    found = people.batch_update({"requests": [{"findReplace": {"find": "e", "replacement": "o", "sheetId": 0}}]})
    assert found["replies"][0]["findReplace"] == {
        "valuesChanged": 1,
        "occurrencesChanged": 3,
        "rowsChanged": 1,
        "sheetsChanged": 1,
    }
    assert people.sheet1.col_values(1) == ["Googlo Shoots", "e1"]


def test_a_protected_range_is_closed_to_what_cuts_or_clears_it(server: SheetsServer) -> None:
    """Cutting cells out of a protected range and deleting it are writes, too."""
    server.add_book("people", "People")
    protection = {"range": area("A1", "B2"), "editors": {"users": ["dana@example.com"]}}
    server.edit("people", {"addProtectedRange": {"protectedRange": protection}})
    people = gspread_client(server).open_by_key("people")
    elsewhere = {"sheetId": 0, "rowIndex": 5, "columnIndex": 5}
    for request in (
        {"cutPaste": {"source": area("A1", "A1"), "destination": elsewhere}},
        {"deleteRange": {"range": area("A1", "A1"), "shiftDimension": "ROWS"}},
        {"mergeCells": {"range": area("B2", "C3")}},
    ):
        with pytest.raises(gspread.exceptions.APIError, match="protected cell or object"):
            people.batch_update({"requests": [request]})
    with pytest.raises(gspread.exceptions.APIError, match="protected cell or object"):
        people.sheet1.update([["x"]], "A1")


def test_what_is_not_known_fails_the_test(server: SheetsServer) -> None:
    """A request that this server does not implement is answered with 501, never silently."""
    server.add_book("people", "People")
    with pytest.raises(RefusedError, match="does not know randomizeRange yet"):
        server.edit("people", {"randomizeRange": {"range": area("A1", "A2")}})
