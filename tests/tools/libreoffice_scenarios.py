"""Random scenarios by LibreOffice, more of them than a test has time for: files, and the grid that a sync leaves at Google.

Usage: python -m tests.tools.libreoffice_scenarios [SCENARIOS]; prints every cell that differs from core. So many comparisons,
and so many questions of the other worksheets that compute (`tco`, `convert`; `price`), as files.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from core.language.grammar import print_question
from core.questions.asking import answer_to
from sheets_addin.compare.workbook import workbook_for
from sheets_addin.desired_state import workbook_of
from tests.fakes.sheets.book import new_book
from tests.fakes.sheets.computed import write_xlsx as write_grid
from tests.fakes.sheets_in_process import InProcess
from tests.tools.recalculate import by_libreoffice, write_uncomputed
from tests.tools.same_as_core import differences, figure_differences
from tests.tools.scenarios import calculations, prices, some_scenarios

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sheets_addin.workbook.model import Workbook
    from tests.tools.scenarios import Scenario

    Finder = Callable[[Sequence[Scenario], Path], Iterator[str]]

SCENARIOS, AT_ONCE = 500, 50


def main(count: int = SCENARIOS) -> int:
    """Print what differs, and how many did; return whether any did."""
    calculated = _differences_of(some_scenarios(count, calculations()), _calculated_differently, "calculations")
    calculated += _differences_of(some_scenarios(count, prices()), _calculated_differently, "prices")
    compared = _differences_of(some_scenarios(count), _compared_differently, "comparisons as files and as grids")
    return bool(calculated + compared)


def _differences_of(scenarios: Sequence[Scenario], find: Finder, what: str) -> int:
    """Print what differs of these scenarios; return how many did."""
    began, wrong = time.monotonic(), 0
    for start in range(0, len(scenarios), AT_ONCE):
        some = scenarios[start : start + AT_ONCE]
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # LibreOffice may still write its profile
            found = list(find(some, Path(folder)))
        wrong += len(found)
        _say(*found, f"{start + len(some)} {what}, {time.monotonic() - began:.0f} s")
    _say(f"{len(scenarios)} {what}, of which {wrong} differ")
    return wrong


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _compared_differently(scenarios: Sequence[Scenario], folder: Path) -> Iterator[str]:
    sheets, made = InProcess(), dict[Path, tuple["Workbook", "Scenario"]]()
    for nth, scenario in enumerate(scenarios):
        workbook = workbook_for(scenario.question, scenario.context)
        file, grid = folder / f"{nth}-file.xlsx", folder / f"{nth}-grid.xlsx"
        write_uncomputed(workbook, file)
        sheets.service.books["compared"] = new_book("compared", "Compared")
        sheets.bring_up_to_date("compared", workbook)
        write_grid(sheets.book("compared"), grid)
        made |= {file: (workbook, scenario), grid: (workbook, scenario)}
    computed = by_libreoffice(made, folder)
    for path, (workbook, scenario) in made.items():
        found = differences(computed[path], workbook, scenario.question, scenario.context)
        if found:
            yield f"{path.name} {scenario.question}: {found}"


def _calculated_differently(scenarios: Sequence[Scenario], folder: Path) -> Iterator[str]:
    made = dict[Path, tuple["Workbook", "Scenario"]]()
    for nth, scenario in enumerate(scenarios):
        file = folder / f"{nth}.xlsx"
        made[file] = workbook_of([print_question(scenario.question)], scenario.context), scenario
        write_uncomputed(made[file][0], file)
    computed = by_libreoffice(made, folder)
    for file, (workbook, scenario) in made.items():
        found = figure_differences(computed[file], workbook, answer_to(scenario.question, scenario.context))
        if found:
            yield f"{print_question(scenario.question)}: {found}"


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
