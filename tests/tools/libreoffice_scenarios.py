"""Random scenarios by LibreOffice, more of them than a test has time for: files, and the grid that a sync leaves at Google.

Usage: python -m tests.tools.libreoffice_scenarios [SCENARIOS]; prints every cell that differs from core.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_addin.compare.workbook import workbook_for
from tests.fakes.sheets.book import new_book
from tests.fakes.sheets.computed import write_xlsx as write_grid
from tests.fakes.sheets_in_process import InProcess
from tests.tools.recalculate import by_libreoffice, write_uncomputed
from tests.tools.same_as_core import differences
from tests.tools.scenarios import some_scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheets_addin.workbook.model import Workbook
    from tests.tools.scenarios import Scenario

SCENARIOS, AT_ONCE = 500, 50


def main(count: int = SCENARIOS) -> int:
    """Print what differs, and how many did; return whether any did."""
    began, wrong, scenarios = time.monotonic(), 0, list(some_scenarios(count))
    for start in range(0, count, AT_ONCE):
        with tempfile.TemporaryDirectory() as folder:
            found = list(_differing(scenarios[start : start + AT_ONCE], Path(folder)))
        wrong += len(found)
        _say(*found, f"{min(start + AT_ONCE, count)} scenarios, {time.monotonic() - began:.0f} s")
    _say(f"{count} scenarios as files and as grids, of which {wrong} differ")
    return bool(wrong)


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _differing(scenarios: Sequence[Scenario], folder: Path) -> Iterator[str]:
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


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
