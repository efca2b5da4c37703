"""Results in the file: programs that read an .xlsx without computing show core's figures, on every worksheet of a wallet."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import pytest

from core.questions.asking import answer_to
from sheets_addin.desired_state import read_question, workbook_of
from sheets_addin.workbook.model import Formula
from sheets_addin.workbook.xlsx_writer import write_xlsx
from tests.fakes.asking import wallet_context
from tests.tools.recalculate import (
    by_ironcalc,
    by_libreoffice,
    errors,
    stored_by_calamine,
    stored_by_openpyxl,
    write_uncomputed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.answer.model import Answer
    from sheets_addin.workbook.model import Workbook
    from tests.tools.recalculate import Stored

    Place = tuple[str, int, int]

QUESTIONS = (
    "summary", "wallet", "alerts", "forecast", "plan purchase", "pilot", "portfolio", "tco", "convert 60 seats", "negotiate",
    "variance", "price flex 10000 interactions 5 actions", "prices", "budget", "usage by agent", "usage by agent then by month",
    "usage by department then by month", "usage by user", "unit cost", "compare 10000 interactions 18 actions",
)  # fmt: skip
ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a file's days have no zone
BILLIONTH = Decimal("0.000000001")


class Written(NamedTuple):
    """A workbook with every worksheet, its file, and core's figures for its named cells."""

    workbook: Workbook
    file: Path
    figures: dict[str, Decimal]

    @property
    def formulas(self) -> list[Place]:
        """Return every cell with a formula."""
        return [
            (sheet.title, *place)
            for sheet in self.workbook.worksheets
            for place, cell in sheet.cells.items()
            if isinstance(cell.content, Formula)
        ]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Return the sample wallet's workbook as a file."""
    file = tmp_path_factory.mktemp("results") / "everything.xlsx"
    with wallet_context() as context:
        workbook = workbook_of(QUESTIONS, context)
        asked = [read_question(text) for text in QUESTIONS if text != "summary"]
        answers = [("_".join(question.command.split()), answer_to(question, context)) for question in asked]
    write_xlsx(workbook, file)
    return Written(workbook, file, {name: value for pair in answers for name, value in figures_of(*pair, workbook)})


def figures_of(prefix: str, answer: Answer, workbook: Workbook) -> Iterator[tuple[str, Decimal]]:
    """Yield an answer's numbers that have a named cell, percentages as fractions of 1."""
    for figure in answer.figures:
        name = f"{prefix}_{figure.key}"
        if isinstance(figure.value, Decimal) and name in workbook.names:
            yield name, figure.value / 100 if figure.unit == "percent" else figure.value


def by_pandas(file: Path) -> Stored:
    """Return what pandas reads, one frame without headers per sheet."""
    frames = pd.read_excel(file, sheet_name=None, header=None, engine="calamine", keep_default_na=False)
    return {
        (title, row, column): value
        for title, frame in frames.items()
        for row, line in enumerate(frame.itertuples(index=False))
        for column, value in enumerate(line)
        if value != ""
    }


READERS = [stored_by_openpyxl, stored_by_calamine, by_pandas]


@pytest.mark.parametrize("read", READERS)
def test_every_named_figure_is_core_s(results: Written, read: Callable[[Path], Stored]) -> None:
    """Every figure of every answer that has a named cell is read from it, to a billionth."""
    stored = read(results.file)
    wrong = {}
    for name, wanted in results.figures.items():
        area = results.workbook.names[name]
        value = stored.get((area.worksheet, *area.first))
        if not isinstance(value, int | float) or abs(Decimal(value) - wanted) > max(abs(wanted), Decimal(1)) * BILLIONTH:
            wrong[name] = value, wanted
    assert (wrong, len(results.figures) > 100) == ({}, True)


@pytest.mark.parametrize("read", READERS)
def test_every_formula_carries_what_it_comes_to(results: Written, read: Callable[[Path], Stored]) -> None:
    """Formulas recalculated from a file without results equal those in the file with them; none is an error."""
    bare = results.file.with_name("bare.xlsx")
    write_uncomputed(results.workbook, bare)
    computed, stored = by_ironcalc(bare), read(results.file)
    assert differing(results.formulas, stored, computed) == {}
    assert (errors(computed), len(results.formulas) > 1000) == ({}, True)


@pytest.mark.outside
def test_libreoffice_comes_to_what_the_file_carries(results: Written, tmp_path: Path) -> None:
    """A program that computes every formula on opening finds the same results."""
    bare = tmp_path / "bare.xlsx"
    write_uncomputed(results.workbook, bare)
    try:
        computed = by_libreoffice([bare], tmp_path)[bare]
    except FileNotFoundError as error:
        pytest.skip(str(error))
    assert differing(results.formulas, stored_by_openpyxl(results.file), computed) == {}


def differing(formulas: list[Place], stored: Stored, computed: Stored) -> dict[Place, tuple[object, object]]:
    """Return the formulas for which two programs differ; an empty text equals nothing."""
    pairs = {place: (plain(stored.get(place)), plain(computed.get(place))) for place in formulas}
    return {place: pair for place, pair in pairs.items() if not is_alike(*pair)}


def plain(value: object) -> object:
    """Return a value as numbers and texts, with days and instants as numbers."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime):
        return (value - ZERO).total_seconds() / 86_400
    return None if value in {"", None} else float(value) if isinstance(value, int | float) else value


def is_alike(one: object, other: object) -> bool:
    """Whether two values are equal, numbers to a billionth."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= max(abs(one), 1.0) * float(BILLIONTH)
    return one == other
