"""The sidebars in a headless Chromium: pages that call the project's real functions, which use the real API."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.language.parser import parse
from core.questions.asking import ask
from sheets_addin.compare.workbook import workbook_for
from sheets_addin.workbook.model import Area
from tests.fakes.apps_script import NEEDS_CHROMIUM, AppsScript, ScriptError
from tests.fakes.workbook_in_sheets import spreadsheet_of
from tests.tools.recalculate import by_ironcalc, write_uncomputed
from tests.tools.same_as_core import differences

if TYPE_CHECKING:
    from core.context import Context
    from sheets_addin.workbook.model import Workbook
    from tests.fakes.formula_api import Api

pytestmark = NEEDS_CHROMIUM

PICTURES = "AGENTCOST_PICTURES"
QUESTION, TABLE = "breakeven 200 users", "compare 10000 interactions 18 actions"
PAGES = ["showAsk", "showScenario", "showSettings", "showHelp"]
MIN_CONTRAST = 4.5


def asked(sheet: AppsScript, question: str) -> AppsScript:
    """Ask in the sidebar, by keyboard only."""
    sheet.order("open", name="showAsk")
    sheet.on_page_type(question)
    sheet.on_page_press("Escape")
    sheet.on_page_press("Enter")
    return sheet


def cells(sheet: AppsScript) -> dict[tuple[int, int], object]:
    """Return the cells of the first worksheet."""
    return {(row, column): value for title, row, column, value in sheet.state["cells"] if title == "Sheet1"}


def pictured(sheet: AppsScript, name: str, folder: Path) -> int:
    """Take a picture, into docs/pictures if requested, and return its bytes."""
    path = (Path(os.environ[PICTURES]) if PICTURES in os.environ else folder) / f"{name}.png"
    sheet.on_page_picture(str(path))
    return path.stat().st_size


def test_the_answer_is_shown_before_anything_is_written(sheet: AppsScript, invented: Context) -> None:
    """Without a mouse: headline, every figure, and an untouched spreadsheet."""
    asked(sheet, QUESTION)
    answer = ask(QUESTION, invented)
    assert sheet.on_page_text("#headline") == answer.headline
    assert len(sheet.on_page_texts("#table tr")) == len(answer.figures)
    assert (cells(sheet), sheet.on_page_trouble()) == ({}, [])


def test_values_are_inserted_from_the_chosen_cell_on(sheet: AppsScript) -> None:
    """The table's headers and rows, with numbers as numbers; the sidebar says where."""
    sheet.order("choose", sheet="Sheet1", place=[3, 2])
    asked(sheet, TABLE).on_page_click("#as_values")
    found = cells(sheet)
    assert [found[3, 2], found[4, 2], found[4, 3]] == ["Plan", "Flex Credits", 18_000]
    assert sheet.on_page_text("#said") == "Inserted at B3:H9."


def test_a_figure_is_inserted_as_a_formula_that_refreshes(sheet: AppsScript) -> None:
    """The formula has the figure's key and the stamp; in a cell it gives the figure."""
    asked(sheet, QUESTION)
    sheet.on_page_select("#figure", "seats_usd_per_month")
    sheet.on_page_click("#as_formula")
    assert cells(sheet) == {(1, 1): '=AGENTCOST("breakeven 200 users";"seats_usd_per_month";agentcost_stamp)'}
    assert sheet.cell("AGENTCOST", QUESTION, "seats_usd_per_month", "↻ 1") == 25_000


def test_quotation_marks_stay_in_the_formula(sheet: AppsScript) -> None:
    """A question with a quoted name is one text in the formula."""
    asked(sheet, 'usage by day agent "Service_Concierge"').on_page_click("#as_formula")
    assert cells(sheet)[1, 1] == '=AGENTCOST("usage by day agent ""Service_Concierge""";"";agentcost_stamp)'


def test_the_user_s_cells_are_not_written_over_unasked(sheet: AppsScript) -> None:
    """If cells are occupied, the sidebar asks: they stay until it is told to overwrite them."""
    for _ in range(2):
        asked(sheet, QUESTION).on_page_click("#as_values")
    before = cells(sheet)
    assert sheet.on_page_text("#sure_text") == "A1:B12 is not empty. Write over it?"
    sheet.on_page_click("#no")
    assert cells(sheet) == before
    sheet.on_page_click("#as_formula")
    sheet.on_page_press("Enter")
    assert list(cells(sheet)) == [(1, 1)]


@pytest.mark.parametrize("name", ["=IMPORTXML(1)", "007", "50%", "1e5", "2026-11-21", "TRUE"])
def test_a_name_stays_a_name(sheet: AppsScript, name: str) -> None:
    """An agent may be named =IMPORTXML(…) or 007: inserted as a value it is text; an empty cell stays empty."""
    assert [sheet.menu("asData_", value) for value in (name, "", 7)] == [f"'{name}", "", 7]


def test_a_slip_is_told_with_buttons_that_ask_what_was_meant(sheet: AppsScript) -> None:
    """The usual sentence, announced to screen readers at once, and one press answers."""
    asked(sheet, "breakeven 2oo users")
    assert sheet.on_page_text("[role=alert]").startswith('I don\'t know "2oo"')
    sheet.on_page_click("#instead button")
    assert sheet.on_page_text("#headline").startswith("200 seats cost $25,000 a month")


def test_commands_and_phrases_are_completed_by_keyboard(sheet: AppsScript) -> None:
    """Part of a word brings questions, a number its units; arrow keys choose, Enter accepts, screen readers follow."""
    sheet.order("open", name="showAsk")
    sheet.on_page_type("br")
    sheet.on_page_press("ArrowDown")
    active = sheet.on_page_attribute("#question", "aria-activedescendant")
    assert sheet.on_page_text(f"#{active}").startswith("breakeven 200 users")
    sheet.on_page_press("Escape")
    sheet.on_page_type("eakeven 350 u")
    sheet.on_page_press("ArrowDown")
    sheet.on_page_press("Enter")
    assert sheet.on_page_value("#question") == "breakeven 350 users "
    assert sheet.on_page_attribute("#question", "aria-expanded") == "false"


def test_without_settings_the_sidebar_says_where_they_are(fresh: AppsScript) -> None:
    """The sidebar says that nothing can be asked yet."""
    asked(fresh, QUESTION)
    assert fresh.on_page_text("[role=alert]") == "Say first where agentcost answers: menu AgentCost → Settings."


def test_settings_are_saved_once_the_service_has_answered(fresh: AppsScript, api: Api, address: str) -> None:
    """A wrong token is reported and not stored; the right one is stored and never shown again."""
    fresh.order("open", name="showSettings")
    fresh.on_page_fill("#address", address)
    fresh.on_page_fill("#token", "agentcost_0_0")
    fresh.on_page_click("button[type=submit]")
    refused = (fresh.on_page_text("[role=alert]"), fresh.state["properties"])
    token = api.token("pricing")
    fresh.on_page_fill("#token", token)
    fresh.on_page_click("button[type=submit]")
    assert refused == ("This needs a valid token. Menu AgentCost → Settings keeps it; `agentcost sheet-token` makes one.", {})
    assert fresh.on_page_text("#said").startswith("Saved. agentcost answers")
    assert fresh.state["properties"] == {"agentcost_address": address, "agentcost_token": token}
    kept = {"address": address, "hasToken": True, "isFixed": False}
    assert (fresh.on_page_value("#token"), fresh.menu("settingsShown")) == ("", kept)


@pytest.mark.parametrize("said", ["agentcost.example.com", "http://agentcost.example.com", "https://", "javascript:alert(1)"])
def test_an_address_that_would_send_the_token_in_the_clear_is_refused(fresh: AppsScript, said: str) -> None:
    """Only https, except for this very machine."""
    with pytest.raises(ScriptError, match="is not an address: it begins with https://"):
        fresh.menu("saveSettings", said, "", mode="page")


def test_another_address_does_not_get_the_kept_token(sheet: AppsScript, address: str) -> None:
    """A token belongs to the service that it was entered for."""
    with pytest.raises(ScriptError, match="valid token"):
        sheet.menu("saveSettings", address.replace("127.0.0.1", "localhost"), "", mode="page")


def test_a_token_can_be_forgotten(sheet: AppsScript) -> None:
    """It is removed from the properties, and so is the button."""
    sheet.order("open", name="showSettings")
    sheet.on_page_click("#forget")
    assert "agentcost_token" not in sheet.state["properties"]
    assert not sheet.on_page_visible("#forget")


@pytest.fixture
def compared(sheet: AppsScript, invented: Context, tmp_path: Path) -> Workbook:
    """The workbook of a comparison in the spreadsheet."""
    workbook = workbook_for(parse(TABLE), invented)
    write_uncomputed(workbook, tmp_path / "compare.xlsx")
    sheet.order("load", spreadsheet=spreadsheet_of(workbook, by_ironcalc(tmp_path / "compare.xlsx")))
    return workbook


def typed(sheet: AppsScript, workbook: Workbook) -> dict[Area, str]:
    """Return the workbook's input cells, as they would be typed."""
    found = {(title, row - 1, column - 1): str(value) for title, row, column, value in sheet.state["cells"]}
    inputs = [area for name, area in workbook.names.items() if f"{name}_is_wrong" in workbook.names]
    places = [Area(area.worksheet, place, place) for area in inputs for place in area.places()]
    return {area: found.get((area.worksheet, *area.first), "") for area in places}


def test_a_scenario_goes_into_the_workbook_s_inputs(
    sheet: AppsScript, compared: Workbook, invented: Context, tmp_path: Path
) -> None:
    """Written by the form, the inputs give every plan core's cost for that question."""
    sheet.order("open", name="showScenario")
    said = {"interactions_per_month": "20000", "actions": "5", "users": "40", "discount": "25%"}
    for name, text in said.items():
        sheet.on_page_fill(f"#field_{name}", text)
    sheet.on_page_select("#field_audience", "either")
    sheet.on_page_click("button[type=submit]")
    values = by_ironcalc(tmp_path / "compare.xlsx", typed(sheet, compared))
    wanted = parse("compare 20000 interactions 5 actions 40 users discount 25%")
    assert (sheet.on_page_trouble(), differences(values, compared, wanted, invented)) == ([], [])


def test_a_scenario_s_fields_are_labelled_as_in_the_workbook(sheet: AppsScript, compared: Workbook) -> None:
    """Names, choices and hints come from the workbook; the form has none of its own."""
    fields = {field["name"]: field for field in sheet.menu("scenarioShown", mode="page")["fields"]}
    assert set(fields) == {name for name in compared.names if f"{name}_is_wrong" in compared.names and "mix" not in name}
    assert fields["discount"]["label"] == "Discount"
    assert fields["audience"]["choices"] == ["customers", "employees", "either"]
    assert fields["users"]["said"] == "people with a licence"


def test_what_a_cell_refuses_is_told_and_the_rest_is_written(sheet: AppsScript, compared: Workbook) -> None:
    """The workbook's own validation is shown, and all other inputs are written."""
    told = sheet.menu("saveScenario", {"audience": "dogs", "users": "7"}, [], mode="page")
    values = {field["name"]: field["value"] for field in told["fields"]}
    assert list(told["refused"]) == ["audience"]
    assert (values["users"], "audience_is_wrong" in compared.names) == ("7", True)


def test_without_a_workbook_the_scenario_says_how_to_get_one(sheet: AppsScript) -> None:
    """An empty spreadsheet has no inputs."""
    sheet.order("open", name="showScenario")
    assert "`agentcost workbook` writes one" in sheet.on_page_text("[role=alert]")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("compared")
def test_everything_can_be_reached_named_and_read(sheet: AppsScript, page: str) -> None:
    """Each control has a name, text contrasts with its background, and no script fails."""
    sheet.order("open", name=page)
    assert [kind for kind, name in sheet.on_page_reachable() if not name.strip()] == []
    assert sheet.on_page_contrast() >= MIN_CONTRAST
    assert sheet.on_page_trouble() == []


@pytest.mark.usefixtures("compared")
def test_pictures_for_the_guide_are_small(sheet: AppsScript, tmp_path: Path) -> None:
    """The install guide's pictures are these pages, each below 60 KB; AGENTCOST_PICTURES=docs/pictures renews them."""
    sheet.order("open", name="showSettings")
    sheet.on_page_fill("#address", "https://agentcost.example.com")
    sizes = [pictured(sheet, "formulas_settings", tmp_path)]
    asked(sheet, TABLE)
    sizes.append(pictured(sheet, "formulas_ask", tmp_path))
    sheet.order("open", name="showScenario")
    sizes.append(pictured(sheet, "formulas_scenario", tmp_path))
    assert max(sizes) < 60_000
