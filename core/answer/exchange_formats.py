"""An answer's table for other programs: exact as CSV, and readable in a document as Markdown."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from core.answer.at_a_glance import main_table
from core.answer.formatting import LEFT_ALIGNED, amount, cell
from core.answer.model import Column, Table, plain
from core.formula_escape import escape_formula

if TYPE_CHECKING:
    from core.answer.model import Answer

FIGURE_COLUMNS = (
    Column("key", "Key", "text", is_detail=True),
    Column("label", "Figure", "text"),
    Column("value", "Value", "text"),
    Column("unit", "Unit", "text", is_detail=True),
)


def to_csv(answer: Answer) -> str:
    """Return the whole main table: keys as its header, every row and column, exact values without units.

    An answer without a table gives its figures. A text that a spreadsheet would run as a formula is prefixed with `'`.
    """
    table = main_table(answer)
    if table is None:
        rows = tuple((one.key, one.label, plain(one.value), one.unit) for one in answer.figures)
        table = Table("figures", "Figures", FIGURE_COLUMNS, rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    for row in table.rows:
        written = (escape_formula(value) if isinstance(value, str) else plain(value) for value in row)
        writer.writerow(["" if one is None else one for one in written])
    return text.getvalue().removesuffix("\n")


def to_markdown(answer: Answer) -> str:
    """Return the main table as a Markdown table, with every row; for an answer without one, its figures."""
    table = main_table(answer)
    if table is None:
        rows = tuple((one.key, one.label, amount(one.value, one.unit), None) for one in answer.figures if one.value is not None)
        table = Table("figures", "Figures", FIGURE_COLUMNS, rows)
    places = [place for place, column in enumerate(table.columns) if not column.is_detail]
    columns = [table.columns[place] for place in places]
    rules = ["---" if column.unit in LEFT_ALIGNED else "---:" for column in columns]
    lines = [[column.label for column in columns], rules]
    lines += [[cell(row[place], table.columns[place].unit) for place in places] for row in table.rows]
    return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def _escaped(text: str) -> str:
    return " ".join(re.sub(r"([\\|`*<>\[\]])", r"\\\1", text).split())
