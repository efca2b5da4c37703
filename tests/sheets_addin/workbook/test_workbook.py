from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

import openpyxl
import pytest

from core.errors import InputError
from core.language.parser import parse
from core.pricing.plans import PLANS
from core.pricing.price_book import items
from core.pricing.volume_tiers import VolumeTier
from sheets_addin.compare.plan_formulas import PLAN_FORMULAS
from sheets_addin.compare.workbook import workbook_for
from sheets_addin.desired_state import workbook_of
from sheets_addin.workbook import styles
from sheets_addin.workbook.model import (
    Area,
    Block,
    Cell,
    Formula,
    Workbook,
    Worksheet,
    column_letters,
    join_blocks,
    number_in_formula,
    text_in_formula,
)
from sheets_addin.workbook.xlsx_writer import write_xlsx, xlsx_bytes
from sheets_addin.worksheets.any_answer import PAGE_HEIGHT, PAGE_WIDTH, POINTS_A_CHARACTER
from tests.tools.recalculate import by_ironcalc, column, errors, stored_by_calamine, stored_by_openpyxl
from tests.tools.same_as_core import differences
from tests.tools.scenarios import asked_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.tools.recalculate import Stored, Values

QUESTION = parse("compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users")
CONTEXT = asked_on(date(2026, 11, 21))
WORKBOOK = workbook_for(QUESTION, CONTEXT)
IN_ALL_THREE = {
    "IF",
    "AND",
    "OR",
    "NOT",
    "ISNUMBER",
    "N",
    "SUM",
    "SUMPRODUCT",
    "COUNT",
    "COUNTIF",
    "COUNTIFS",
    "ROUND",
    "ROUNDUP",
    "MAX",
    "MIN",
    "RANK",
    "INDEX",
    "MATCH",
    "ROWS",
    "INT",
    "ISERROR",
    "COUNTA",
}
TEXT, NAME = re.compile(r'"[^"]*"'), re.compile(r"[A-Za-z_][\w.]*|\$?[A-Z]{1,3}\$?\d+")
NO_QUANTITY = {"0", "1"}


def formulas() -> list[str]:
    """Return every formula of the workbook, without texts in quotes."""
    cells = [cell.content for sheet in WORKBOOK.worksheets for cell in sheet.cells.values()]
    return [TEXT.sub("", content.text) for content in cells if isinstance(content, Formula)]


def sheet_of(cells: dict[tuple[int, int], Cell]) -> Workbook:
    """Return a workbook with one worksheet of these cells."""
    return Workbook("Texts", "", date(2026, 11, 21), (Worksheet(title="Texts", block=Block(cells), widths={0: 20}),))


def saved(folder: Path, workbook: Workbook = WORKBOOK) -> Path:
    """Return the file of the workbook."""
    write_xlsx(workbook, folder / "saved.xlsx")
    return folder / "saved.xlsx"


def test_every_plan_has_a_formula() -> None:
    """Each plan that core prices has a formula, and each formula has a plan."""
    assert list(PLAN_FORMULAS) == list(PLANS)


def test_every_plan_is_a_row(tmp_path: Path) -> None:
    """The Compare worksheet lists every plan, in core's order."""
    assert column(by_ironcalc(saved(tmp_path)), WORKBOOK, "plans") == [plan.label for plan in PLANS.values()]


def test_every_price_is_a_row_that_formulas_can_name() -> None:
    """Every item of the price book has a cell on Prices, named after it."""
    assert {item.replace(".", "_") for item in items()} <= {
        name for name, area in WORKBOOK.names.items() if area.worksheet == "Prices"
    }


def test_formulas_use_only_functions_of_all_three_programs() -> None:
    """Google Sheets, Excel and LibreOffice 7.4 know every function."""
    assert {name for text in formulas() for name in re.findall(r"([A-Z]+)\(", text)} <= IN_ALL_THREE


def test_no_formula_holds_a_quantity() -> None:
    """Months, factors, days, prices and decimal places are cells: formulas contain only 0 and 1, as flags and limits."""
    numbers = {number for text in formulas() for number in re.findall(r"\d+(?:\.\d+)?", NAME.sub("", text))}
    assert numbers <= NO_QUANTITY


def test_every_name_in_a_formula_is_defined() -> None:
    """Formulas name only cells that the workbook defines."""
    used = {name for text in formulas() for name in re.findall(r"\b[a-z][a-z_0-9]*\b", text)}
    assert used - set(WORKBOOK.names) == set()


def test_every_name_points_into_what_is_written() -> None:
    """A named range begins and ends on cells that its worksheet writes."""
    ends = [
        (name, area)
        for name, area in WORKBOOK.names.items()
        if not {area.first, area.last} <= set(WORKBOOK.worksheet(area.worksheet).cells)
    ]
    assert ends == []


@pytest.mark.parametrize(
    "asked",
    [
        "compare 50 users",
        "compare 10000 interactions 3 actions employees",
        "breakeven",
        "compare 600000 actions per year customers",
    ],
)
@pytest.mark.parametrize("day", [date(2024, 6, 1), date(2025, 3, 1), date(2026, 11, 21)])
def test_no_cell_shows_an_error(tmp_path: Path, asked: str, day: date) -> None:
    """Whatever the question or the day's price book lacks, no cell shows an error."""
    assert errors(by_ironcalc(saved(tmp_path, workbook_for(parse(asked), asked_on(day))))) == {}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "{=1}"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    """A text is written as text, whatever its first character."""
    cell = openpyxl.load_workbook(saved(tmp_path, sheet_of({(0, 0): Cell(text)})))["Texts"]["A1"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_decimals_leave_as_numbers(tmp_path: Path) -> None:
    """A decimal is an unrounded number in the file; the format rounds it."""
    cell = openpyxl.load_workbook(saved(tmp_path, sheet_of({(0, 0): Cell(Decimal("0.138"))})))["Texts"]["A1"]
    assert (cell.value, cell.data_type) == (0.138, "n")


def test_the_same_workbook_gives_the_same_bytes() -> None:
    """Two writes are byte for byte the same, so a file changes only with its content."""
    assert xlsx_bytes(workbook_for(QUESTION, CONTEXT)) == xlsx_bytes(workbook_for(QUESTION, CONTEXT))


@pytest.mark.parametrize("read", [stored_by_openpyxl, stored_by_calamine])
def test_what_computes_nothing_shows_core_s_figures(tmp_path: Path, read: Callable[[Path], Stored]) -> None:
    """Every formula has its result: previews, phones and pandas show core's figures, to the cent."""
    stored = cast("Values", read(saved(tmp_path)))  # days too, which no plan's row has
    assert differences(stored, WORKBOOK, QUESTION, CONTEXT) == []


def test_programs_compute_on_opening(tmp_path: Path) -> None:
    """The file asks for it, so that no result outlives a changed input."""
    with zipfile.ZipFile(saved(tmp_path)) as file:
        assert b'fullCalcOnLoad="1"' in file.read("xl/workbook.xml")


def test_the_file_says_what_it_is_and_nothing_of_the_machine(tmp_path: Path) -> None:
    """Title, subject and day are the question's; author and last editor are the product."""
    properties = openpyxl.load_workbook(saved(tmp_path)).properties
    said = (
        properties.title,
        properties.creator,
        properties.lastModifiedBy,
        properties.created.date() if properties.created else None,
    )
    assert said == ("Agentforce costs compared", "agentcost", "agentcost", CONTEXT.as_of)


def test_only_inputs_can_be_written_in(tmp_path: Path) -> None:
    """Every worksheet is protected, without a password; only cells that look like inputs are unlocked."""
    book = openpyxl.load_workbook(saved(tmp_path))
    unlocked = {
        (sheet.title, cell.row - 1, cell.column - 1)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if not cell.protection.locked
    }
    inputs = {
        (sheet.title, *place) for sheet in WORKBOOK.worksheets for place, cell in sheet.cells.items() if cell.format.is_input
    }
    assert unlocked == inputs
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book)


def test_every_input_is_checked_and_explained() -> None:
    """Each input cell has a validation whose message says what to write."""
    inputs = {
        (sheet.title, *place) for sheet in WORKBOOK.worksheets for place, cell in sheet.cells.items() if cell.format.is_input
    }
    checked = {(sheet.title, *rule.place) for sheet in WORKBOOK.worksheets for rule in sheet.block.validations if rule.message}
    assert inputs == checked


def test_every_worksheet_prints_one_page_wide(tmp_path: Path) -> None:
    """On A4 and on Letter, fitted or scaled to one page's width, with page breaks that split no table."""
    book = openpyxl.load_workbook(saved(tmp_path))
    assert {(sheet.page_setup.fitToWidth or 1, sheet.page_setup.paperSize) for sheet in book} == {(1, 9)}
    for sheet in book:
        points = sum(one.width * POINTS_A_CHARACTER for one in sheet.column_dimensions.values())
        is_scaled = not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage
        across = PAGE_HEIGHT if sheet.page_setup.orientation == "landscape" else PAGE_WIDTH
        assert is_scaled == bool(sheet.row_breaks.brk), sheet.title
        assert not is_scaled or points * sheet.page_setup.scale / 100 <= across, sheet.title


@pytest.mark.parametrize("title", ["Break-even", "Workings"])
def test_no_page_parts_a_table_from_its_heads(title: str) -> None:
    """Each further page of the comparison's long worksheets begins with a heading or with headers."""
    sheet = WORKBOOK.worksheet(title)
    assert sheet.page_starts
    for row in sheet.page_starts:
        looks = [cell.format for (line, _), cell in sheet.cells.items() if line == row]
        assert any(look.fill == styles.ACCENT or look == styles.HEADING for look in looks), row


def test_blocks_cannot_write_one_cell_twice() -> None:
    """Joining overlapping blocks is an error, not a silent overwrite."""
    with pytest.raises(ValueError, match="taken twice"):
        join_blocks(Block({(0, 0): Cell("a")}), Block({(0, 0): Cell("b")}))


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_spreadsheets_do(column: int, letters: str) -> None:
    """Z is followed by AA, and ZZ by AAA."""
    assert column_letters(column) == letters


def test_an_area_names_its_worksheet_in_quotes() -> None:
    """A title with an apostrophe is written as formulas need it."""
    assert Area("Bob's", (0, 0), (1, 2)).a1 == "'Bob''s'!$A$1:$C$2"


def test_a_text_in_a_formula_may_hold_quotes() -> None:
    """Quotes in a text are doubled, so that they do not end the formula."""
    assert text_in_formula('say "50 users"') == '"say ""50 users"""'


def test_question_that_keeps_to_some_plans_makes_no_workbook() -> None:
    """A workbook holds every plan, so a question about some plans is refused."""
    with pytest.raises(InputError, match="leave out `only"):
        workbook_for(parse("compare 10000 interactions 5 actions only flex"), CONTEXT)


def test_question_about_a_range_makes_no_workbook() -> None:
    """Cells hold one workload, so a range is refused rather than cut to one end."""
    with pytest.raises(InputError, match="one end of the range"):
        workbook_for(parse("compare 10000 interactions 3 actions to 5 actions"), CONTEXT)


@pytest.mark.parametrize(
    ("value", "written"), [("430", "430"), ("430.50", "(4305/10)"), ("0.005", "(5/1000)"), ("1E+3", "1000"), ("-2.5", "(-25/10)")]
)
def test_a_number_in_a_formula_has_no_decimal_mark(value: str, written: str) -> None:
    """44 of Google's locales use no decimal point, so a fraction is written with whole numbers, exact."""
    assert number_in_formula(Decimal(value)) == written


def test_no_formula_holds_a_decimal_mark() -> None:
    """This holds under a contract with tiers, in cells, rules and formats alike."""
    tiers = (VolumeTier(1, Decimal("430.50")), VolumeTier(40, Decimal("310.25")))
    sheets = [
        sheet
        for asked in ("compare 10000 interactions 5 actions", "tco 10000 interactions 5 actions", "convert 20 seats")
        for sheet in workbook_of([asked], asked_on(date(2026, 11, 21), tiers=tiers)).worksheets
    ]
    texts = [cell.content.text for sheet in sheets for cell in sheet.cells.values() if isinstance(cell.content, Formula)]
    texts += [rule.formula or "" for sheet in sheets for rule in sheet.block.validations]
    texts += [highlight.formula for sheet in sheets for highlight in sheet.highlights]
    assert [text for text in texts if re.search(r"\d\.\d", TEXT.sub("", text))] == []
