"""Amounts in the display currency, with their rate, below a worksheet with its own layout; never mixed into its sums."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.answer import CURRENCIES
from sheets_addin.workbook import LABEL, Block, Cell, content_of, join_blocks, number_for, row_of, styles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.answer import Answer, Figure
    from sheets_addin.workbook import Worksheet

ROW_PIXELS = 20


def below(sheet: Worksheet, answers: Sequence[tuple[str, Answer]]) -> Worksheet:
    """Return the worksheet with the answers' amounts in a currency other than dollars, a row each, and their rate.

    answers: each with its part of the wallet, empty for all. Without such amounts the sheet is unchanged.
    """
    amounts = [(part, one) for part, answer in answers for one in _foreign(answer)]
    if not amounts:
        return sheet
    row = _first_free_row(sheet)
    code = str(amounts[0][1].unit).upper()
    texts = dict.fromkeys(note.text for _, answer in answers for note in answer.notes)
    notes = [text for text in texts if text.startswith(f"Amounts in {code}")]
    cells = {(row + 1 + at, LABEL): Cell(_label(part, one), styles.LABEL) for at, (part, one) in enumerate(amounts)}
    cells |= {
        (row + 1 + at, LABEL + 1): Cell(
            content_of(one.value, one.unit), styles.number_format(number_for(one.unit), styles.STRONG)
        )
        for at, (_, one) in enumerate(amounts)
    }
    last = row + 1 + len(amounts)
    cells |= {(last + at, LABEL): Cell(text, styles.HINT) for at, text in enumerate(notes)}
    keys = {row: "currency"} | {row + 1 + at: f"currency-{part}-{one.key}" for at, (part, one) in enumerate(amounts)}
    keys |= {last + at: f"currency-note-{at}" for at in range(len(notes))}
    heading = row_of(row, LABEL, (f"In {code}", None), styles.HEADING)
    return replace(sheet, block=join_blocks(sheet.block, heading, Block(cells)), row_keys={**sheet.row_keys, **keys})


def _foreign(answer: Answer) -> Iterable[Figure]:
    return (one for one in answer.figures if one.unit in CURRENCIES and one.unit != "usd" and one.value is not None)


def _label(part: str, one: Figure) -> str:
    return f"{part}: {one.label}" if part else one.label


def _first_free_row(sheet: Worksheet) -> int:
    """Return the row below all cells and charts, after an empty one."""
    below_cells = max((row for row, _ in sheet.cells), default=0)
    below_charts = max((chart.place[0] + -(-chart.height // ROW_PIXELS) for chart in sheet.pictures), default=0)
    return max(below_cells, below_charts) + 2
