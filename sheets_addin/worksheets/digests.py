"""The Digests worksheet: a row for each digest that was sent, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.answer import day
from sheets_addin.workbook import LABEL, Worksheet, join_blocks, keys_of, row_height, table_block, together, top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Answer

TITLE = "Digests"
HEAD_ROW = 5
WIDTHS = {
    "period": 13.0,
    "issued": 14.0,
    "team": 14.0,
    "words": 36.0,
    "more": 52.0,
    "mover": 46.0,
    "cheapest": 26.0,
    "next": 32.0,
}
KEY_WIDTH = 20.0


def worksheet(answers: Sequence[Answer]) -> Worksheet:
    """Return the table of one answer to `digests`, or of one for each team; what people write beside a row stays beside it."""
    blocks = [top(TITLE, " ".join([*dict.fromkeys(answer.headline for answer in answers), f"As of {day(answers[0].as_of)}."]))]
    keys: dict[int, str] = {}
    heights: dict[int, float] = {0: 30}
    widths: dict[int, float] = {0: 2}
    for table in together(answers):
        places = {column.key: at for at, column in enumerate(table.columns)}
        newest_first = sorted(table.rows, key=lambda row: str(row[places["issued"]]), reverse=True)
        shown = table._replace(rows=tuple(newest_first))
        wide = [WIDTHS.get(column.key, KEY_WIDTH) for column in table.columns]
        widths |= {LABEL + at: width for at, width in enumerate(wide)}
        by_key = shown._replace(rows=tuple((row[places["key"]], *row) for row in shown.rows))
        keys |= keys_of(by_key, HEAD_ROW + 1, "")
        heights |= {HEAD_ROW + 1 + at: row_height(zip(row, wide, strict=True)) for at, row in enumerate(shown.rows)}
        blocks.append(table_block(HEAD_ROW - 1, LABEL, shown))
    return Worksheet(
        title=TITLE,
        block=join_blocks(*blocks),
        widths=widths,
        heights=heights,
        frozen=(2, 0),
        row_keys=keys,
        as_of=answers[0].as_of,
    )
