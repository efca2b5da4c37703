"""Formulas in every locale of Google Sheets: a German or French spreadsheet computes the same as an English one."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from gspread.utils import ValueRenderOption
from hypothesis import given
from hypothesis import strategies as st

from core.language.parser import parse
from sheets_addin.compare.workbook import workbook_for
from sheets_addin.desired_state import DesiredState, build_desired_state
from sheets_addin.google.locales import for_locale, with_commas, with_semicolons
from sheets_addin.sync.sync import SyncJob, sync_one
from sheets_addin.workbook.model import Formula
from tests.fakes.asking import wallet_context
from tests.fakes.sheets.computed import computed
from tests.tools.recalculate import errors
from tests.tools.same_as_core import differences
from tests.tools.scenarios import asked_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    import gspread

    from core.context import Context
    from sheets_addin.google.client import GoogleSheetsClient
    from tests.fakes.sheets.server import SheetsServer

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
QUESTIONS = ["compare 10000 interactions 18 actions", "wallet", "usage by agent", "alerts", "forecast"]
LOCALES = ["en_US", "de_CH", "de_DE", "fr_FR", "tr_TR", "xx_XX"]


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    """Return the sample wallet."""
    with wallet_context() as found:
        yield found


def in_locale(server: SheetsServer, locale: str) -> None:
    """Set the locale of the spreadsheet `team`, as its owner does."""
    properties = {"properties": {"locale": locale}, "fields": "locale"}
    server.edit("team", {"updateSpreadsheetProperties": properties})


@pytest.mark.parametrize("locale", LOCALES)
def test_a_spreadsheet_computes_what_core_says_in_every_locale(
    server: SheetsServer, gateway: GoogleSheetsClient, locale: str
) -> None:
    """A comparison synced to a spreadsheet of that locale equals core's to the cent; no formula and no rule is unreadable."""
    in_locale(server, locale)
    question, asked = parse(QUESTIONS[0]), asked_on(NOON.date())
    workbook = workbook_for(question, asked)
    assert sync_one(gateway, SyncJob("team", "team", DesiredState(workbook, {})), NOON).state == "written"
    assert differences(computed(server.book("team")), workbook, question, asked) == []
    assert "#ERROR!" not in json.dumps([sheet.objects["conditionalFormats"] for sheet in server.book("team").sheets])
    assert not any(
        "#ERROR!" in json.dumps(cell.get("dataValidation", {}))
        for sheet in server.book("team").sheets
        for cell in sheet.cells.values()
    )


@pytest.mark.parametrize("locale", ["de_DE", "xx_XX"])
def test_an_unchanged_spreadsheet_is_left_alone_in_every_locale(
    server: SheetsServer, gateway: GoogleSheetsClient, context: Context, locale: str
) -> None:
    """Google returns formulas with semicolons, and they still count as ours: nothing changes, nothing was edited."""
    in_locale(server, locale)
    job = SyncJob("team", "team", build_desired_state(QUESTIONS, context))
    first, second = sync_one(gateway, job, NOON), sync_one(gateway, job, NOON)
    assert (first.state, second.state, second.plan.edits) == ("written", "unchanged", ())
    assert errors(dict(computed(server.book("team")))) == {}


def test_a_formula_that_a_person_wrote_over_ours_is_told(server: SheetsServer, gateway: GoogleSheetsClient) -> None:
    """In a German spreadsheet, too, another formula in our cell is an edit, and other spacing is none."""
    in_locale(server, "de_DE")
    job = SyncJob("team", "team", DesiredState(workbook_for(parse(QUESTIONS[0]), asked_on(NOON.date())), {}))
    sync_one(gateway, job, NOON)
    sheet = server.book("team").titled("Compare")
    assert sheet is not None
    place, cell = next(
        (place, cell)
        for place, cell in sorted(sheet.cells.items())
        if "," in cell.get("userEnteredValue", {}).get("formulaValue", "")
    )
    ours = cell["userEnteredValue"]["formulaValue"].replace(",", "; ")
    for formula, edits in ((ours, 0), ("=SUMME(1;2)", 1)):
        rows = [{"values": [{"userEnteredValue": {"formulaValue": formula}}]}]
        start = {"sheetId": sheet.id, "rowIndex": place[0], "columnIndex": place[1]}
        people_write(server, {"updateCells": {"rows": rows, "fields": "userEnteredValue", "start": start}})
        assert len(sync_one(gateway, job, NOON).plan.edits) == edits


def people_write(server: SheetsServer, request: dict[str, object]) -> None:
    """Do what a person does in the browser, in the spreadsheet's locale."""
    server.service.call("spreadsheets.batchUpdate", {"spreadsheetId": "team"}, {}, {"requests": [request]})


def test_no_formula_of_ours_holds_a_decimal_fraction(context: Context) -> None:
    """Decimal commas would change a fraction; in our formulas only separators differ."""
    workbook = build_desired_state(QUESTIONS, context).workbook
    texts = [
        cell.content.text for sheet in workbook.worksheets for cell in sheet.cells.values() if isinstance(cell.content, Formula)
    ]
    texts += [rule.formula for sheet in workbook.worksheets for rule in sheet.block.validations if rule.formula]
    texts += [rule.formula for sheet in workbook.worksheets for rule in sheet.highlights]
    bare = [re.sub(r"\"(?:[^\"]|\"\")*\"", "", text.replace("{cell}", "A1")) for text in texts]
    assert [text for text in bare if re.search(r"\d\.\d|[{}]", text)] == []


@given(st.lists(st.sampled_from(["SUM(", "A1", ",", ")", '"a,b"', "'x, y'!B2", "1", "+"]), max_size=12).map("".join))
def test_semicolons_and_back_is_the_same_formula(formula: str) -> None:
    """Only separators change, never a comma inside quotes or a title."""
    assert with_commas(with_semicolons(formula)) == formula
    assert ("a,b" in formula) == ("a,b" in with_semicolons(formula))


def test_what_is_no_formula_stays() -> None:
    """Texts that begin with an equals sign, titles and numbers are sent unchanged."""
    value = {"updateCells": {"rows": [{"values": [{"userEnteredValue": {"stringValue": "=A1,B1"}, "note": "=a,b"}]}]}}
    assert for_locale([value], "de_DE") == [value]


def test_gspread_reads_formulas_of_the_locale(server: SheetsServer, people: gspread.Spreadsheet) -> None:
    """The server returns formulas as the locale writes them, as gspread's users see them."""
    server.edit("people", {"updateSpreadsheetProperties": {"properties": {"locale": "de_DE"}, "fields": "locale"}})
    people.sheet1.update([["=SUM(1;2)"], ["=SUM(1,2;3)"], ["=IF(A1=0,1,2)"]], "A1", raw=False)
    entered = people.sheet1.get("A1:A3", value_render_option=ValueRenderOption.formula)
    assert entered == [["=SUM(1;2)"], ["=SUM(1,2;3)"], ["=#ERROR!"]]
    assert people.sheet1.get("A1:A2") == [["3"], ["4.2"]]
