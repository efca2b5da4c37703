"""The results of a workbook's formulas, so that a file shows its figures in programs that do not calculate."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

Result = float | str | bool
Results = dict[tuple[str, int, int], Result]


def compute_results(xlsx: bytes) -> Results:
    """Return the result of every cell of an .xlsx file, by the worksheet's title, row and column from 0.

    IronCalc computes them: formulas that equal core to the cent there (ensured by tests) have core's value.
    """
    import ironcalc  # noqa: PLC0415 - ten megabytes that only a workbook needs

    with TemporaryDirectory() as folder:
        file = Path(folder) / "workbook.xlsx"
        file.write_bytes(xlsx)
        model = ironcalc.load_from_xlsx(str(file), "en", "UTC")
    model.evaluate()
    titles = [str(sheet["name"]) for sheet in model.get_worksheets_properties()]
    return {
        (titles[sheet], row - 1, column - 1): value
        for sheet, row, column in model.get_all_cells()
        if (value := model.get_cell_value(sheet, row, column)) is not None
    }
