"""The Summary worksheet: one page, first in the workbook, with core's figures."""

from __future__ import annotations

import re
import shutil
import subprocess
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from core.digests.wallet_summary import summarize_wallet
from core.errors import InputError
from core.scope import Scope
from sheets_addin.desired_state import build_desired_state, split_questions, the_wallet, workbook_of
from sheets_addin.workbook.xlsx_writer import write_xlsx
from sheets_addin.worksheets import summary_page
from tests.fakes.asking import wallet_context
from tests.tools.recalculate import HOW_TO_INSTALL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.answer.model import Answer
    from core.context import Context

PAPERS = {"A4": 9, "Letter": 1}


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    """Return the sample wallet."""
    with wallet_context() as found:
        yield found


@pytest.fixture(scope="module")
def answer(context: Context) -> Answer:
    """Return core's summary of it."""
    return summarize_wallet(context)


def test_every_figure_is_core_s(answer: Answer) -> None:
    """Each figure has a named cell with its value, a percentage as a fraction of 1, or a dash."""
    sheet = summary_page.worksheet(answer)
    shown = {name: sheet.cells[area.first].content for name, area in sheet.names.items()}
    wanted = {}
    for figure in answer.figures:
        value = figure.value / 100 if isinstance(figure.value, Decimal) and figure.unit == "percent" else figure.value
        wanted[f"summary_{figure.key}"] = "–" if value is None else value
    assert shown == {name: wanted[name] for name in shown}
    assert wanted.keys() - shown.keys() == {"summary_open_alerts", "summary_spent_month_usd", "summary_spent_month_credits"}


def test_what_has_no_cell_of_its_own_stands_there_too(answer: Answer) -> None:
    """Spending, plan, steps and what would change the decision are on the page, however long their lines are."""
    cells = summary_page.worksheet(answer).cells.values()
    said = re.sub(r"\s+", " ", " ".join(cell.content for cell in cells if isinstance(cell.content, str)))
    numbers = [cell.content for cell in cells]
    texts = [note.at_first for note in answer.notes]
    texts += [str(text) for key in ("plan", "actions") for (text,) in answer.table(key).rows]
    assert [text for text in texts if text not in said] == []
    assert [row[0] for row in answer.table("spent").rows if row[3] not in numbers or row[4] not in numbers] == []


def test_the_workbook_of_no_question_begins_with_it(context: Context) -> None:
    """The wallet's file begins with the summary, followed by a comparison; the word `summary` asks for it alone."""
    titles = [
        [sheet.title for sheet in workbook_of(asked, context).worksheets]
        for asked in ([], ["compare 100 interactions 3 actions", "summary"], [" Summary "])
    ]
    assert [titles[0][:3], titles[1][:2], titles[2]] == [["Summary", "Wallet", "Usage"], ["Summary", "Compare"], ["Summary"]]


def test_a_question_s_workbook_holds_that_question(context: Context) -> None:
    """A workbook about the forecast has no summary."""
    assert [sheet.title for sheet in workbook_of(["forecast"], context).worksheets] == ["Forecast"]


@pytest.mark.parametrize(
    ("words", "questions"),
    [
        (["forecast", "usage by agent"], ("forecast", "usage by agent")),
        (["compare", "10000", "interactions", "18", "actions"], ("compare 10000 interactions 18 actions",)),
        (["usage", "by", "agent"], ("usage by agent",)),
        (["compare", "10000 interactions 18 actions"], ("compare 10000 interactions 18 actions",)),
        (["forecast", "usage buy agent"], ("forecast", "usage buy agent")),
        (["usage", "buy", "agent"], ("usage buy agent",)),
        ([""], ()),
        ([], ()),
    ],
)
def test_a_command_line_says_one_question_or_several(words: list[str], questions: tuple[str, ...]) -> None:
    """Quoted questions are several; words without quotes are one, even with a typo, which is then reported."""
    assert split_questions(words) == questions


def test_a_part_of_the_wallet_has_none(context: Context) -> None:
    """A spreadsheet of Sales has a summary only if it asks for one, and then says why it is missing."""
    sales = Scope(departments=("Sales",))
    assert the_wallet(sales) == ("wallet", "usage by agent")
    found = build_desired_state(["summary", "usage by agent"], context, sales)
    assert (str(found.troubles["Summary"]).split(",")[0], len(found.workbook.worksheets)) == (
        "A summary is of the whole wallet",
        1,
    )
    with pytest.raises(InputError, match="Two questions ask for the worksheet Summary"):
        workbook_of(["summary", "Summary"], context)


@pytest.mark.skipif(shutil.which("soffice") is None, reason=HOW_TO_INSTALL)
def test_it_prints_on_one_page_of_a4_and_of_letter(tmp_path: Path, context: Context) -> None:
    """LibreOffice prints the page on one portrait sheet of either paper."""
    write_xlsx(workbook_of(["summary"], context), tmp_path / "A4.xlsx")
    book = openpyxl.load_workbook(tmp_path / "A4.xlsx")
    book["Summary"].page_setup.paperSize = PAPERS["Letter"]
    book.save(tmp_path / "Letter.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(tmp_path / f"{paper}.xlsx") for paper in PAPERS]
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files],
        check=True,
        capture_output=True,
        timeout=300,
    )
    printed = {paper: (tmp_path / f"{paper}.pdf").read_bytes() for paper in PAPERS}
    pages = {paper: len(re.findall(rb"/Type\s*/Page\b", pdf)) for paper, pdf in printed.items()}
    sizes = {paper: round(float(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+)", pdf)[0])) for paper, pdf in printed.items()}
    assert (pages, sizes) == ({"A4": 1, "Letter": 1}, {"A4": 595, "Letter": 612})
