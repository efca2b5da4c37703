from __future__ import annotations

import math
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.language.parser import parse
from core.pricing.price_book import ContractPrices
from sheets_addin.compare import input_block
from sheets_addin.compare.workbook import workbook_for
from sheets_addin.desired_state import DesiredState
from sheets_addin.sync.sync import SyncJob, sync_one
from sheets_addin.workbook.model import Area, Formula
from sheets_addin.worksheets.prices import CONTRACT, LIST
from tests.fakes.sheets.book import new_book
from tests.fakes.sheets.clients import Clock, google
from tests.fakes.sheets.computed import Recalculation, computed
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets_in_process import InProcess
from tests.tools.recalculate import HOW_TO_INSTALL, by_ironcalc, by_libreoffice, column, errors, one, write_uncomputed
from tests.tools.same_as_core import differences
from tests.tools.scenarios import Scenario, asked_on, questions, scenarios, some_scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.language.question import Question
    from sheets_addin.google.client import GoogleSheetsClient
    from sheets_addin.workbook.model import Workbook

TODAY = date(2026, 11, 21)
MIXED = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"
SIX_KINDS = "compare 20 users 1% x 1, 1% x 2, 1% x 3, 1% x 4, 1% x 5, 95% x 6, 10000 interactions"
FILES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
GRIDS, OVER_HTTP = settings(FILES, max_examples=500), settings(FILES, max_examples=15)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TYPED = settings(FILES, max_examples=350)


def typed(question: Question, workbook: Workbook) -> dict[Area, str]:
    """Return the values of the input cells that state the question."""
    values = {entry.name: entry.value for entry in input_block.every_input(question)}
    changes = {
        workbook.names[name]: "" if value is None else f"{value:f}" if isinstance(value, Decimal) else value
        for name, value in values.items()
    }
    rows = len(workbook.names["mix_shares"].places())
    parts = [(f"{part.percent / 100:f}", f"{part.actions:f}") for part in question.mix] + [("", "")] * (rows - len(question.mix))
    for name, texts in zip(("mix_shares", "mix_actions"), zip(*parts, strict=True), strict=True):
        area = workbook.names[name]
        changes |= {Area(area.worksheet, place, place): text for place, text in zip(area.places(), texts, strict=True)}
    return changes


@FILES
@given(scenarios())
def test_ironcalc_computes_what_core_says(tmp_path: Path, scenario: Scenario) -> None:
    """Every plan's recalculated row is core's offer to the cent: offered or not, why not, and its rank."""
    workbook, file = workbook_for(scenario.question, scenario.context), tmp_path / "compare.xlsx"
    write_uncomputed(workbook, file)
    assert differences(by_ironcalc(file), workbook, scenario.question, scenario.context) == []


@pytest.fixture(scope="module")
def google_sheets() -> Iterator[tuple[SheetsServer, GoogleSheetsClient]]:
    """Return a test Google and our gateway to it."""
    with SheetsServer() as server:
        server.quota.clock = clock = Clock()
        yield server, google(server, clock)
        assert server.broken == []


@OVER_HTTP
@given(scenarios())
def test_the_grid_over_http_computes_what_core_says(
    google_sheets: tuple[SheetsServer, GoogleSheetsClient], scenario: Scenario
) -> None:
    """After a sync over HTTP the recalculated spreadsheet is core's offer to the cent, whatever it held before."""
    server, gateway = google_sheets
    if "compared" not in server.service.books:
        server.add_book("compared")
    workbook = workbook_for(scenario.question, scenario.context)
    job = SyncJob("compared", "compared", DesiredState(workbook, {}))
    assert sync_one(gateway, job, NOON).trouble is None
    assert differences(computed(server.book("compared")), workbook, scenario.question, scenario.context) == []


@pytest.fixture(scope="module")
def in_process() -> tuple[InProcess, Recalculation]:
    """Return a spreadsheet of the server's, synced without HTTP, and what computes it."""
    sheets = InProcess()
    sheets.service.books["compared"] = new_book("compared", "Compared")
    return sheets, Recalculation()


@GRIDS
@given(scenarios())
def test_the_grid_at_google_computes_what_core_says(in_process: tuple[InProcess, Recalculation], scenario: Scenario) -> None:
    """After a sync the recalculated spreadsheet is core's offer to the cent, whatever it held before."""
    sheets, recalculation = in_process
    workbook = workbook_for(scenario.question, scenario.context)
    sheets.bring_up_to_date("compared", workbook)
    assert differences(recalculation.computed(sheets.book("compared")), workbook, scenario.question, scenario.context) == []


def test_a_grid_told_cell_by_cell_computes_as_its_file_does() -> None:
    """Ironcalc computes the same from cells set one by one as from the grid's .xlsx, even for moved cells."""
    sheets, recalculation = InProcess(), Recalculation()
    sheets.service.books["compared"] = new_book("compared", "Compared")
    for scenario in some_scenarios(5):
        workbook = workbook_for(scenario.question, scenario.context)
        sheets.bring_up_to_date("compared", workbook)
        told, read = recalculation.computed(sheets.book("compared")), computed(sheets.book("compared"))
        assert [place for place in told.keys() | read.keys() if not _alike(told.get(place) or 0, read.get(place) or 0)] == []


def _alike(told: object, read: object) -> bool:
    """Whether two cells are equal but for the last digit that reading a file drops, and what is computed from it."""
    if isinstance(told, float) and isinstance(read, float):
        return math.isclose(told, read, rel_tol=1e-12, abs_tol=1e-12)
    return told == read


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workbook, Path]:
    """Return a workbook with room for a mix of six kinds, and its file."""
    workbook, file = workbook_for(parse(SIX_KINDS), asked_on(TODAY)), tmp_path_factory.mktemp("blank") / "compare.xlsx"
    write_uncomputed(workbook, file)
    return workbook, file


@TYPED
@given(questions())
def test_changed_inputs_give_the_changed_answer(blank: tuple[Workbook, Path], question: Question) -> None:
    """Another question's values in the input cells give core's answer to that question."""
    workbook, file = blank
    assert differences(by_ironcalc(file, typed(question, workbook)), workbook, question, asked_on(TODAY)) == []


@pytest.mark.outside
@pytest.mark.skipif(shutil.which("soffice") is None, reason=HOW_TO_INSTALL)
def test_libreoffice_computes_what_core_says(tmp_path: Path) -> None:
    """LibreOffice, opening the files as a user would, computes core's figures, for changed inputs too."""
    books: dict[Path, tuple[Workbook, Scenario]] = {}
    for index, scenario in enumerate(some_scenarios(40)):
        file = tmp_path / f"{index}.xlsx"
        books[file] = workbook_for(scenario.question, scenario.context), scenario
        write_uncomputed(books[file][0], file)
    books |= dict(_changed_by_hand(file, scenario, tmp_path) for file, (_, scenario) in list(books.items())[:10])
    computed = by_libreoffice(books, tmp_path)
    found = {
        file.name: differences(computed[file], workbook, scenario.question, scenario.context)
        for file, (workbook, scenario) in books.items()
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def _changed_by_hand(file: Path, scenario: Scenario, folder: Path) -> tuple[Path, tuple[Workbook, Scenario]]:
    context = asked_on(TODAY)
    workbook = workbook_for(
        parse("compare 20 users 1% x 1, 1% x 2, 1% x 3, 1% x 4, 1% x 5, 95% x 6, 10000 interactions"), context
    )
    target = folder / f"changed_{file.name}"
    write_uncomputed(workbook, target)
    book = openpyxl.load_workbook(target)
    for area, text in typed(scenario.question, workbook).items():
        cell = book[area.worksheet].cell(area.first[0] + 1, area.first[1] + 1)
        cell.value = None if text == "" else float(text) if text.replace(".", "").isdigit() else text
    book.save(target)
    return target, (workbook, Scenario(scenario.question, context))


@pytest.mark.parametrize(
    ("item", "price"),
    [("conversation.usd", "1.6"), ("flex.usd_per_pack", "420"), ("payg.usd_per_action", "0.12"), ("edition.credits", "900000")],
)
def test_a_price_written_over_changes_everything(tmp_path: Path, item: str, price: str) -> None:
    """A contract price typed on the Prices worksheet gives core's figures for that contract."""
    question, context, file = parse(MIXED), asked_on(TODAY), tmp_path / "compare.xlsx"
    workbook = workbook_for(question, context)
    write_uncomputed(workbook, file)
    in_force = workbook.names[item.replace(".", "_")]
    contract = (in_force.first[0], in_force.first[1] + 1)
    values = by_ironcalc(file, {Area("Prices", contract, contract): price})
    assert differences(values, workbook, question, asked_on(TODAY, ContractPrices({item: Decimal(price)}))) == []


@pytest.mark.parametrize(
    ("interactions", "shares", "actions"),
    [
        (12_500, ("0.1", "0.2", "0.7"), ("0.1", "1.1", "0.1")),
        (2_500, ("0.6", "0.3", "0.1"), ("2.7", "1.3", "4.9")),
        (25_000, ("0.33", "0.33", "0.34"), ("0.1", "0.3", "2.7")),
        (125_000, ("0.3", "0.3", "0.4"), ("2.2", "2.7", "5.7")),
    ],
)
def test_credits_that_fill_whole_packs_buy_no_further_pack(
    tmp_path: Path, interactions: int, shares: tuple[str, ...], actions: tuple[str, ...]
) -> None:
    """Credits of exactly n packs need n packs, where binary floating point would come out a last digit above."""
    mix = ", ".join(f"{Decimal(share) * 100:f}% x {each}" for share, each in zip(shares, actions, strict=True))
    workbook = workbook_for(parse(f"compare {interactions} interactions {mix}"), asked_on(TODAY))
    write_uncomputed(workbook, tmp_path / "compare.xlsx")
    average = sum(Decimal(share) * Decimal(each) for share, each in zip(shares, actions, strict=True))
    assert one(by_ironcalc(tmp_path / "compare.xlsx"), workbook, "packs") == interactions * average * 20 * 12 / 100_000


@pytest.mark.parametrize(("interactions", "packs"), [("2500", 3), ("2500.0000001", 3), ("2500.001", 4)])
def test_a_last_digit_buys_no_pack_and_a_hundredth_of_a_credit_does(
    blank: tuple[Workbook, Path], interactions: str, packs: int
) -> None:
    """300,000 credits are 3 packs; 0.000012 more is a rounding error, 0.12 more is usage."""
    workbook, file = blank
    once = parse(f"compare {interactions} interactions 0.5 actions")
    assert one(by_ironcalc(file, typed(once, workbook)), workbook, "packs") == packs


@pytest.mark.parametrize(
    ("asked", "item"),
    [
        ("sandbox 50%", "action_sandbox"),
        ("voice 50%", "voice_production"),
        ("voice 50% sandbox 50%", "voice_sandbox"),
        ("30000 tokens per action", "action_tokens"),
    ],
)
def test_credits_without_a_price_that_they_need_are_not_offered(tmp_path: Path, asked: str, item: str) -> None:
    """An emptied price of sandbox, voice or tokens makes nothing cheaper: only conversations are left."""
    workbook, file = workbook_for(parse(f"compare 10000 interactions 5 actions {asked}"), asked_on(TODAY)), tmp_path / "c.xlsx"
    write_uncomputed(workbook, file)
    in_force = workbook.names[item]
    published = (in_force.first[0], in_force.first[1] + 2)
    values = by_ironcalc(file, {Area("Prices", published, published): ""})
    cheapest = (one(values, workbook, "cheapest_plan"), one(values, workbook, "cheapest_usd_per_year"))
    assert (errors(values), cheapest) == ({}, ("Conversations", 240_000))


@pytest.mark.parametrize("wrong", [{1: ("0.4", ""), 2: ("", "14")}, {0: ("1", ""), 1: ("", "7"), 2: ("", "")}])
def test_a_share_and_its_actions_stand_on_one_line(tmp_path: Path, wrong: dict[int, tuple[str, str]]) -> None:
    """As many shares as action counts, but in different rows, are no mix."""
    workbook, file = workbook_for(parse(MIXED), asked_on(TODAY)), tmp_path / "compare.xlsx"
    write_uncomputed(workbook, file)
    shares, actions = (workbook.names[name] for name in ("mix_shares", "mix_actions"))
    cells = {(area, at): text for at, texts in wrong.items() for area, text in zip((shares, actions), texts, strict=True)}
    changed = {Area(area.worksheet, area.places()[at], area.places()[at]): text for (area, at), text in cells.items()}
    assert one(by_ironcalc(file, changed), workbook, "cheapest_plan") == "–"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("interactions_per_month", "-5", "Write a number above 0 and at most 1,000,000,000,000, or nothing."),
        ("users", "2.5", "Write a whole number above 0 and at most 10,000,000, or nothing."),
        ("discount", "1", "Write a discount from 0% to under 100%."),
        ("audience", "dogs", "Write customers, employees, either."),
        ("growth_per_month", "much", "Write a growth from 0% to 1000%."),
    ],
)
def test_a_wrong_input_computes_nothing_and_says_what_to_write(tmp_path: Path, name: str, value: str, message: str) -> None:
    """An input out of range leaves every plan without a number, shows no error, and says beside it what to write."""
    workbook, file = workbook_for(parse(MIXED), asked_on(TODAY)), tmp_path / "compare.xlsx"
    write_uncomputed(workbook, file)
    values = by_ironcalc(file, {workbook.names[name]: value})
    area = workbook.names[name]
    beside = values[area.worksheet, area.first[0], area.first[1] + 1]
    assert (beside, errors(values), one(values, workbook, "cheapest_plan")) == (message, {}, "–")


NONSENSE = ("-125", "n/a", "120%", "", "1e13", "1e300", "TRUE", "=NA()", "=1/0", "x", "0", "1.5", "2026-11-21", "'7")
FUZZED = settings(FILES, max_examples=150)


def blue_cells(workbook: Workbook) -> list[Area]:
    """Return every cell that people may edit."""
    sheets = [(sheet.title, sheet.cells) for sheet in workbook.worksheets]
    return [Area(title, place, place) for title, cells in sheets for place, cell in cells.items() if cell.format.is_input]


@FUZZED
@given(st.dictionaries(st.integers(0, 999), st.sampled_from(NONSENSE), min_size=1, max_size=3))
def test_nonsense_gives_a_sentence_or_core_s_figure(blank: tuple[Workbook, Path], pasted: dict[int, str]) -> None:
    """Whatever is pasted into input cells, no plan has a negative cost and no formula shows an error, not even a pasted one."""
    workbook, file = blank
    cells = blue_cells(workbook)
    changes = {cells[number % len(cells)]: text for number, text in pasted.items()}
    values = by_ironcalc(file, changes)
    formulas = {
        (sheet.title, *place)
        for sheet in workbook.worksheets
        for place, cell in sheet.cells.items()
        if isinstance(cell.content, Formula)
    }
    assert errors({place: value for place, value in values.items() if place in formulas}) == {}
    for name in ("years_to_the_cent", "usd_per_month", "usd_per_year", "cheapest_usd_per_year"):
        assert [value for value in column(values, workbook, name) if isinstance(value, float) and value < 0] == []


@pytest.mark.parametrize(
    ("item", "where", "typed_in", "is_wrong"),
    [
        ("payg_saving_percent", LIST, "120%", True),
        ("payg_saving_percent", CONTRACT, "100%", True),
        ("payg_saving_percent", CONTRACT, "0%", True),
        ("payg_saving_percent", CONTRACT, "99%", False),
        ("flex_usd_per_pack", LIST, "-5", True),
        ("flex_usd_per_pack", CONTRACT, "n/a", True),
        ("flex_usd_per_pack", CONTRACT, "0", True),
        ("flex_usd_per_pack", CONTRACT, "450", False),
    ],
)
def test_a_price_out_of_range_computes_nothing(
    blank: tuple[Workbook, Path], item: str, where: int, typed_in: str, *, is_wrong: bool
) -> None:
    """A price that app.yaml would refuse leaves the comparison empty, and the Compare worksheet says where to look."""
    workbook, file = blank
    place = (workbook.names[f"{item}_list"].first[0], where)
    values = by_ironcalc(file, {Area("Prices", place, place): typed_in})
    said = any(title == "Compare" and "on the worksheet Prices is out" in str(value) for (title, *_), value in values.items())
    wrong, cheapest = one(values, workbook, "any_input_wrong"), one(values, workbook, "cheapest_plan")
    assert (wrong, cheapest == "–", said) == (is_wrong, is_wrong, is_wrong)
