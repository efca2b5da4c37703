"""The worksheet of any answer: core's answer in cells."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from core.answer.model import Answer, Chart, Column, Figure, Note, Series, Table
from core.errors import InputError
from core.language.commands import COMMANDS
from core.language.parser import parse
from core.questions.asking import answer_to
from core.scope import Scope
from sheets_addin.desired_state import CALCULATORS, build_desired_state, workbook_of
from sheets_addin.workbook.model import fit_title
from sheets_addin.workbook.xlsx_writer import write_xlsx
from sheets_addin.worksheets.any_answer import Section, worksheet
from sheets_addin.worksheets.registry import layouts
from tests.fakes.asking import wallet_context
from tests.tools.recalculate import by_ironcalc, errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.context import Context
    from sheets_addin.workbook.model import Worksheet

SHOWN_OTHERWISE = {*layouts(), *CALCULATORS, "help"}
QUESTIONS = [
    *(command.examples[0] for name, command in COMMANDS.items() if name not in SHOWN_OTHERWISE | {"actions"}),
    "usage by action last 30 days top 5",
    "usage by user",
    "breakeven user licence",
    "compare 10000 interactions 5 actions only flex, conversations",
    "compare 2000 interactions 3 actions foundations",
]


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    """Return the sample wallet."""
    with wallet_context() as found:
        yield found


def texts_of(sheet: Worksheet) -> set[str]:
    """Return every text of a worksheet."""
    return {cell.content for cell in sheet.cells.values() if isinstance(cell.content, str)}


def words_of(sheet: Worksheet) -> str:
    """Return all texts of a worksheet from top to bottom as one: a long note continues in the rows below it."""
    return " ".join(cell.content for _, cell in sorted(sheet.cells.items()) if isinstance(cell.content, str))


def is_native(question: str) -> bool:
    """Whether the comparison shows the question with formulas."""
    asked = parse(question)
    return asked.command in {"compare", "recommend", "breakeven"} and not (asked.plan or asked.only or asked.foundations)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_a_worksheet_of_its_own(context: Context, question: str) -> None:
    """A file of one question has one worksheet, or the comparison's four."""
    assert len(workbook_of([question], context).worksheets) == (4 if is_native(question) else 1)


@pytest.mark.parametrize("question", [question for question in QUESTIONS if not is_native(question)])
def test_its_figures_are_the_answer_s(context: Context, question: str) -> None:
    """Each figure has a named cell with core's value; a percentage is a fraction of 1."""
    sheet = workbook_of([question], context).worksheets[0]
    answer = answer_to(parse(question), context)
    prefix = "usage_by_user" if question == "usage by user" else "_".join(parse(question).command.split())
    prefix = "usage_by_action" if question.startswith("usage by action") else prefix
    for figure in answer.figures:
        value = sheet.cells[sheet.names[f"{prefix}_{figure.key}"].first].content
        expected = figure.value
        if isinstance(expected, Decimal) and figure.unit == "percent":
            expected = expected / Decimal(100)
        assert value == ("–" if figure.value is None else expected), figure.key


@pytest.mark.parametrize("question", [question for question in QUESTIONS if not is_native(question)])
def test_nothing_of_the_answer_is_left_out(context: Context, question: str) -> None:
    """The headline, every text of the tables, all notes and all steps are on the worksheet."""
    answer = answer_to(parse(question), context)
    said = {note.text for note in answer.notes} | set(answer.arithmetic) | {f"{answer.headline} As of 21 Nov 2026."}
    for table in answer.tables:
        has_key = len(table.columns) > 1 and table.columns[0].label == table.columns[1].label
        texts = {value for row in table.rows for value in row[has_key:] if isinstance(value, str) and value}
        said |= {text for text in texts if not re.fullmatch(r"[a-z]+(_[a-z]+)*", text)}
    assert {text for text in said if text not in words_of(workbook_of([question], context).worksheets[0])} == set()


def test_it_opens_without_an_error(tmp_path: Path, context: Context) -> None:
    """A spreadsheet program reads the file, with its charts and names."""
    from sheets_addin.workbook.xlsx_writer import write_xlsx  # noqa: PLC0415 - as the others here

    write_xlsx(workbook_of(["forecast", "negotiate", "pilot", "prices"], context), tmp_path / "all.xlsx")
    assert errors(by_ironcalc(tmp_path / "all.xlsx")) == {}


ANSWER = Answer(
    question="forecast",
    title="Forecast",
    headline="=cmd()",
    as_of=date(2026, 11, 21),
    figures=(Figure("share", "Share", Decimal(20), "percent"), Figure("day", "Runs out", None, "day")),
    tables=(Table("t", "T", (Column("key", "Ask", "text"), Column("words", "Ask", "text")), (("a", "=1+1"), ("b", "two"))),),
    charts=(
        Chart("by_number", "By number", "line", ("1,000", "2000"), (Series("Cost", (Decimal(1), Decimal(2))),), "usd"),
        Chart("by_week", "By week", "line", ("7 Nov", "14 Nov"), (Series("Low", (Decimal(1), Decimal(2))),), "credits"),
        Chart("plans", "Plans", "bar", ("Flex", "Add-on"), (Series("Year", (Decimal(1), Decimal(2))),), "usd"),
    ),
    notes=(Note("warning", "Mind the gap."),),
)


def test_charts_are_of_the_kind_their_axis_needs() -> None:
    """Numbers along x give curves, texts give lines, bars stay bars; each chart refers to cells with the answer's values."""
    sheet = worksheet("Forecast", "forecast", [Section("", ANSWER)])
    assert [picture.kind for picture in sheet.pictures] == ["curves", "lines", "bars"]
    for picture in sheet.pictures:
        line = picture.lines[0]
        assert [sheet.cells[place].content for place in line.y.places()] == [Decimal(1), Decimal(2)]
    assert [sheet.cells[place].content for place in sheet.pictures[0].lines[0].x.places()] == [Decimal(1000), Decimal(2000)]


def test_each_row_is_known_by_what_it_is_about() -> None:
    """Figures, rows of tables and points of charts have distinct keys, so that people's notes stay beside their row."""
    keys = worksheet("Forecast", "forecast", [Section("", ANSWER), Section("department Sales", ANSWER)]).row_keys
    assert len(set(keys.values())) == len(keys)


def test_a_part_of_the_wallet_shows_that_part_alone(context: Context) -> None:
    """A spreadsheet for two departments shows the usage by action of each, and names no other department."""
    scope = Scope(departments=("Sales", "IT"))
    found = build_desired_state(["usage by action"], context, scope)
    sheet = found.workbook.worksheets[0]
    used = [
        answer_to(parse(f"usage by action department {one}"), context).figure("used_credits").value for one in ("Sales", "IT")
    ]
    shown = [cell.content for cell in sheet.cells.values()]
    assert (found.troubles, [one in shown for one in used]) == ({}, [True, True])
    said = " ".join(texts_of(sheet))
    assert ("department Sales:" in said, "HR" in said, "Field Service" in said) == (True, False, False)


def test_what_is_about_the_whole_wallet_is_refused_to_a_part(context: Context) -> None:
    """`reconcile` covers the whole wallet, so a spreadsheet of one department says why that worksheet is missing."""
    found = build_desired_state(["reconcile"], context, Scope(departments=("Sales",)))
    assert "whole wallet" in str(found.troubles["Reconcile"])


def test_help_has_no_worksheet(context: Context) -> None:
    """A list of commands is not an answer to keep."""
    with pytest.raises(InputError, match="help has no worksheet"):
        workbook_of(["help"], context)


def test_one_table_can_be_filtered(context: Context, tmp_path: Path) -> None:
    """Excel's filter covers headers and rows, on a protected worksheet too; the picture has a description."""
    from sheets_addin.workbook.xlsx_writer import write_xlsx  # noqa: PLC0415 - as the others here

    write_xlsx(workbook_of(["usage by user"], context), tmp_path / "users.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "users.xlsx")["Usage by user"]
    heads = [cell.value for cell in sheet[sheet.auto_filter.ref.split(":")[0][1:]]][1:3]
    assert heads == [column.label for column in answer_to(parse("usage by user"), context).table("usage").columns][:2]
    assert (sheet.protection.autoFilter, sheet.protection.sort) == (False, False)  # false is not forbidden
    with zipfile.ZipFile(tmp_path / "users.xlsx") as file:
        assert b'descr="Credits by user"' in file.read("xl/drawings/drawing1.xml")


@pytest.mark.parametrize(
    "questions",
    [
        ["usage by user", "usage by action", "usage by agent then by environment"],
        ["compare 10000 interactions 5 actions only flex", "compare 10000 interactions 60% resolved vendors"],
    ],
)
def test_one_workbook_holds_several_questions_of_a_command(context: Context, questions: list[str]) -> None:
    """Each worksheet's names are distinguished by its title."""
    workbook = workbook_of(questions, context)
    assert len(workbook.names) == sum(len(sheet.names) for sheet in workbook.worksheets)
    assert len(workbook.worksheets) == len(questions)


@pytest.mark.parametrize("by", ["agent", "department then by month"])
def test_a_long_title_is_cut(context: Context, tmp_path: Path, by: str) -> None:
    """Excel allows titles of 31 characters: a longer one ends in an ellipsis, and the file opens."""
    workbook, file = workbook_of([f"usage by {by} action Answer_With_Knowledge"], context), tmp_path / "long.xlsx"
    write_xlsx(workbook, file)
    (title,) = openpyxl.load_workbook(file).sheetnames
    assert (len(title), title[-1]) == (31, "…")


def test_titles_hold_nothing_that_excel_refuses() -> None:
    """Brackets, colons, slashes and the like become hyphens; quotes at the ends are dropped."""
    assert fit_title("'a/b:c [d] e?*\\'") == "a-b-c -d- e---"
