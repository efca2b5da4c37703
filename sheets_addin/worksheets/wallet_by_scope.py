"""The Wallet worksheet of a team that sees parts of the wallet: the usage of each part and of all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets_addin.workbook import LABEL, Block, Cell, Formula, Worksheet, figure_value, join_blocks, relative, styles, top
from sheets_addin.worksheets.wallet import CREDITS, TITLE, VALUE, WIDTHS, data_rows, group, subtitle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Answer


def worksheet(parts: Sequence[tuple[str, Answer]], zone: str = "UTC") -> Worksheet:
    """Return the usage and burn rate of parts of the wallet, one line each, and their sums; parts do not overlap."""
    columns = (
        ("used_credits", "Used", CREDITS),
        ("usd_used", "Cost of what was used", styles.USD_CENTS),
        ("actions", "Actions", CREDITS),
        ("burn_credits_per_day", "Burn per day", CREDITS),
        ("provisional_credits", "Provisional", CREDITS),
    )
    first, last = 5, 4 + len(parts)
    cells: dict[tuple[int, int], Cell] = {(4, LABEL): Cell("Part of the wallet", styles.HEADER_LEFT)}
    names = {}
    for column, (key, label, number) in enumerate(columns, VALUE):
        cells[4, column] = Cell(label, styles.HEADER)
        for row, (_, answer) in enumerate(parts, first):
            cells[row, column] = Cell(figure_value(answer, key), styles.number_format(number))
        span = f"{relative(first, column)}:{relative(last, column)}"
        cells[last + 1, column] = Cell(Formula(f"SUM({span})"), styles.number_format(number, styles.STRONG))
        names[f"wallet_{key}"] = ((last + 1, column), (last + 1, column))
    cells |= {(row, LABEL): Cell(label, styles.LABEL) for row, (label, _) in enumerate(parts, first)}
    cells[last + 1, LABEL] = Cell("Together", styles.STRONG)
    data = group(last + 3, "Data", data_rows(parts[0][1], zone)[:2])
    return Worksheet(
        title=TITLE,
        block=join_blocks(top("What these parts of the wallet use", subtitle(parts[0][1], zone)), Block(cells, names), data),
        widths=WIDTHS,
        heights={0: 30, 4: 30},
        frozen=(2, 0),
        row_keys={row: f"part-{label}" for row, (label, _) in enumerate(parts, first)},
        as_of=parts[0][1].as_of,
    )
