"""Worksheets that keep computing: their figures are core's for any input."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from core.language.grammar import print_question
from core.language.parser import parse
from core.pricing.volume_tiers import VolumeTier
from core.questions.asking import answer_to
from core.scope import Scope
from sheets_addin.calculators.calculator import INPUTS_WRONG
from sheets_addin.desired_state import build_desired_state, workbook_of
from sheets_addin.workbook.model import Area, Formula
from sheets_addin.workbook.xlsx_writer import write_xlsx
from tests.fakes.asking import wallet_context
from tests.tools.recalculate import by_ironcalc, errors, one, write_uncomputed
from tests.tools.same_as_core import figure_differences
from tests.tools.scenarios import Scenario, asked_on, calculations, prices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.context import Context
    from core.language.question import Question
    from sheets_addin.workbook.model import Workbook

TODAY = date(2026, 11, 21)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
SHARES = {"price_percent_below_conversation"}
"""What may lie below nothing: a plan may cost more than conversations do."""
PRICED = (
    "price flex 10000 interactions 3 actions",
    "price flex 123456 credits sandbox 20%",
    "price sales edition 50 users 10000 interactions 300 actions customers",
    "price resolutions 10000 interactions",
    "price 10000 standard prompts per month 6500 tokens per prompt",
)
ASKED = (
    *PRICED,
    "tco 10000 interactions 5 actions 2 agents",
    "tco $200000 per year premier",
    "convert 200 seats",
    "convert 1m credits",
)
NONSENSE = ("-125", "n/a", "120%", "", "1e13", "1e300", "TRUE", "=NA()", "=1/0", "x", "0", "1.5", "2026-11-21", "'7", "yes", " ")


@pytest.fixture(scope="module")
def wallet() -> Iterator[Context]:
    """Return the sample wallet."""
    with wallet_context() as found:
        yield found


def workbook_for(question: Question, context: Context) -> Workbook:
    """Return the workbook of a question without a wallet."""
    return workbook_of([print_question(question)], context)


@SLOW
@given(calculations() | prices())
def test_its_formulas_come_to_what_core_says(tmp_path: Path, scenario: Scenario) -> None:
    """Every recalculated figure of `tco`, `convert` and `price` is core's, with tiers and own prices too."""
    workbook, file = workbook_for(scenario.question, scenario.context), tmp_path / "live.xlsx"
    write_uncomputed(workbook, file)
    answer = answer_to(scenario.question, scenario.context)
    assert figure_differences(by_ironcalc(file), workbook, answer) == []


def inputs_of(workbook: Workbook) -> dict[str, Area]:
    """Return the input cells by name."""
    sheet = workbook.worksheets[0]
    return {
        name: area
        for name, area in sheet.names.items()
        if sheet.cells.get(area.first) and sheet.cells[area.first].format.is_input
    }


def typed(workbook: Workbook) -> dict[str, str]:
    """Return the content of the input cells, as a person types it."""
    sheet, found = workbook.worksheets[0], {}
    for name, area in inputs_of(workbook).items():
        content = sheet.cells[area.first].content
        found[name] = "" if content is None else f"{content:f}" if isinstance(content, Decimal) else str(content)
    return found


@pytest.mark.parametrize(
    ("asked", "then"),
    [
        (
            "tco 10000 interactions 5 actions 2 agents",
            "tco 700 interactions 11.5 actions growth 4% sandbox 30% voice 20% premier",
        ),
        (
            "tco 10000 interactions 5 actions",
            "tco 20 interactions 3 actions 25000 tokens per action $0.07 per action data cloud 12%",
        ),
        ("tco 10000 actions per year", "tco 1000000 actions per year $420 per pack 3 agents"),
        ("tco $200000 per year premier", "tco $1234.56 per year data cloud"),
        ("convert 20 seats", "convert 377 seats discount 12% $99 per seat"),
        ("convert 20 seats", "convert 377 seats $0.055 per action"),
        ("convert 1m credits", "convert 123456 credits discount 50%"),
        ("convert $50000", "convert $7"),
        ("price flex 10000 interactions 3 actions", "price flex 700 interactions 11.5 actions growth 4% sandbox 30% voice 20%"),
        (
            "price flex 10000 interactions 3 actions",
            "price flex 20 interactions 3 actions 25000 tokens per action $0.07 per action",
        ),
        ("price flex 50 users 100 actions per user", "price flex 7 users 1234 actions per user discount 12%"),
        ("price conversations 10000 interactions", "price conversations 7 interactions growth 10% $1.5 per conversation"),
        ("price resolutions 10000 interactions", "price resolutions 777 interactions 41% resolved discount 5%"),
        ("price user licence 50 users 100 actions per user", "price user licence 7 users 1234 actions per user"),
        ("price add-on 50 users", "price add-on 7 users $99 per seat"),
        ("price flex 100k credits", "price flex 4321999 credits discount 50%"),
        ("price flex 7 packs", "price flex 77 packs"),
        ("price 10000 standard prompts", "price 77 standard prompts 25001 tokens per prompt"),
        ("price 10 rows unified per month sandbox", "price 2m rows unified per month sandbox discount 5%"),
    ],
)
@pytest.mark.parametrize("tiers", [(), ((5, 430), (40, 310))])
def test_changed_inputs_give_the_changed_answer(
    tmp_path: Path, asked: str, then: str, tiers: tuple[tuple[int, int], ...]
) -> None:
    """Another question's values in the input cells give core's answer to that question."""
    agreed = () if "per pack" in then else tuple(VolumeTier(packs, Decimal(usd)) for packs, usd in tiers)
    context, file = asked_on(TODAY, tiers=agreed), tmp_path / "live.xlsx"
    workbook, other = workbook_for(parse(asked), context), workbook_for(parse(then), context)
    write_uncomputed(workbook, file)
    cells, wanted = inputs_of(workbook), typed(other)
    values = by_ironcalc(file, {cells[name]: text for name, text in wanted.items() if name in cells})
    answer = answer_to(parse(then), context)
    shown = tuple(figure for figure in answer.figures if f"{answer.question.split()[0]}_{figure.key}" in workbook.names)
    assert figure_differences(values, workbook, replace(answer, figures=shown)) == []


@pytest.fixture(scope="module", params=ASKED)
def blank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workbook, Path]:
    """Return a workbook with formulas, and its file."""
    workbook, file = workbook_of([request.param], asked_on(TODAY)), tmp_path_factory.mktemp("blank") / "live.xlsx"
    write_uncomputed(workbook, file)
    return workbook, file


def test_nonsense_in_any_blue_cell_gives_a_sentence_or_a_figure(blank: tuple[Workbook, Path]) -> None:
    """Whatever is pasted into an input cell, no formula shows an error, no cost is negative, and mistakes are named."""
    workbook, file = blank
    sheet = workbook.worksheets[0]
    inputs, shares = inputs_of(workbook), {area.first for name, area in sheet.names.items() if name in SHARES}
    formulas = [place for place, cell in sheet.cells.items() if isinstance(cell.content, Formula)]
    for nth, area in enumerate(inputs.values()):
        for text in NONSENSE[nth % 2 :: 2]:
            values = by_ironcalc(file, {area: text})
            shown = {place: values.get((sheet.title, *place)) for place in formulas}
            assert errors({(sheet.title, *place): value for place, value in shown.items()}) == {}, (area, text)
            below = [place for place, value in shown.items() if isinstance(value, float) and value < 0 and place not in shares]
            assert below == [], (area, text)
            is_wrong = one(values, workbook, f"{sheet.title.lower()}_any_input_wrong")
            assert (INPUTS_WRONG in shown.values()) == is_wrong, (area, text)


@pytest.mark.parametrize(
    ("asked", "name", "text", "message"),
    [
        ("tco $200000 per year", "tco_spend", "-125", "Write a number above 0 and at most 1,000,000,000,000."),
        ("tco $200000 per year", "tco_premier_percent", "120%", "Write a number above 0 and below 100 percent."),
        ("tco $200000 per year", "tco_premier_is_counted", "maybe", "Write yes, no."),
        ("tco 10000 interactions 5 actions", "tco_growth_per_month", "2000%", "Write a growth from 0% to 1000%."),
        ("convert 20 seats", "convert_seats", "20.5", "Write a whole number above 0 and at most 10,000,000."),
        ("convert 20 seats", "convert_discount", "100%", "Write a discount from 0% to under 100%."),
    ],
)
def test_what_is_wrong_is_said_beside_it(tmp_path: Path, asked: str, name: str, text: str, message: str) -> None:
    """A value that core would refuse computes nothing, and the cell beside it says what to write."""
    workbook, file = workbook_of([asked], asked_on(TODAY)), tmp_path / "live.xlsx"
    write_uncomputed(workbook, file)
    area = workbook.names[name]
    values = by_ironcalc(file, {area: text})
    beside = values[area.worksheet, area.first[0], area.first[1] + 1]
    first = f"{asked.split(maxsplit=1)[0]}_{'total_usd_per_year' if asked.startswith('tco') else 'usd_per_month'}"
    assert (beside, one(values, workbook, first)) == (message, None)


@pytest.mark.parametrize(
    "asked",
    [
        "price flex 10000 interactions 3 actions payg",
        "price flex 100k credits prepurchase",
        "price flex 10000 interactions 3 actions to 5 actions",
        "price 500 voice minutes",
        "price 5m rows unified tier 3",
    ],
)
def test_what_has_no_native_formula_is_values_of_the_day(asked: str) -> None:
    """Other ways to buy, ranges and contract-only prices are figures with their day, as for any answer."""
    sheet = workbook_of([asked], asked_on(TODAY)).worksheets[0]
    texts = [cell.content for cell in sheet.cells.values()]
    assert not any(isinstance(one, Formula) for one in texts)
    assert "21 Nov 2026" in str(sheet.cells[1, 1].content)
    assert {sheet.cells[area.first].content for area in sheet.names.values()} >= {
        figure.value for figure in answer_to(parse(asked), asked_on(TODAY)).figures if figure.unit != "percent"
    }


@pytest.mark.parametrize("asked", ["tco", "tco premier", "convert 60 seats"])
def test_a_wallet_s_own_figures_are_inputs_of_the_day(wallet: Context, tmp_path: Path, asked: str) -> None:
    """What only a wallet knows is a value with its day; formulas that use it have core's figures in the file itself."""
    workbook, file = workbook_of([asked], wallet), tmp_path / "live.xlsx"
    write_xlsx(workbook, file)
    book = openpyxl.load_workbook(file, data_only=True)
    stored = {
        (sheet.title, cell.row - 1, cell.column - 1): cell.value
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    }
    assert figure_differences(stored, workbook, answer_to(parse(asked), wallet)) == []
    assert any("21 Nov 2026" in str(value) and "wallet" in str(value) for value in stored.values())


def test_a_part_of_the_wallet_is_told_nothing_of_the_rest(wallet: Context) -> None:
    """A spreadsheet of one department converts seats but shows neither the wallet's spend nor its number of users."""
    found = build_desired_state(["tco", "convert 60 seats"], wallet, Scope(departments=("Sales",)))
    assert "whole wallet" in str(found.troubles["TCO"])
    assert "convert_active_users" not in found.workbook.names
    assert "convert_active_users" in build_desired_state(["convert 60 seats"], wallet).workbook.names
