"""The Usage worksheet: credits of each day by agent and by department, added up by the sheet, with charts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from core.answer import day
from core.questions.wallet import OTHERS
from sheets_addin.workbook import (
    LABEL,
    Area,
    Block,
    Cell,
    ChartLine,
    ChartSpec,
    Formula,
    Worksheet,
    join_blocks,
    relative,
    row_of,
    styles,
    top,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.questions.wallet import UsageGrid

TITLE = "Usage"
DAY = LABEL
HEAD_ROW = 25
TOTALS_ROW = HEAD_ROW + 1
FIRST_DAY_ROW = HEAD_ROW + 2
GAP = 1
DAY_WIDTH, CREDITS_WIDTH = 16.0, 15.0
HEADINGS = {"agent": "Credits by day and agent", "department": "Credits by day and department"}
TOTALS = {"agent": "All agents", "department": "All departments"}
MAX_LINES = 4


def worksheet(grids: tuple[UsageGrid, ...], as_of: date, *, keeps_gone: bool = True) -> Worksheet:
    """Return a table for each grid, side by side over the same days, oldest first, totals on top.

    keeps_gone: whether an existing name stays if it has no usage in these days.
    """
    starts = _starts(grids)
    blocks = [_grid(start, grid) for start, grid in zip(starts, grids, strict=True)]
    days = grids[0].days
    return Worksheet(
        title=TITLE,
        block=join_blocks(top("What used the credits", _subtitle(grids[0], as_of)), *blocks),
        widths={0: 2}
        | dict.fromkeys(range(DAY, starts[-1] + len(grids[-1].names) + 2), CREDITS_WIDTH)
        | dict.fromkeys(starts, DAY_WIDTH),
        heights={0: 30, HEAD_ROW: 30},
        frozen=(2, 0),
        pictures=tuple(_picture(start, grid, nth) for nth, (start, grid) in enumerate(zip(starts, grids, strict=True))),
        repeated=(HEAD_ROW, HEAD_ROW),
        row_keys={FIRST_DAY_ROW + index: one.isoformat() for index, one in enumerate(days)},
        column_keys={
            start + 2 + at: _key(grid.by, name)
            for start, grid in zip(starts, grids, strict=True)
            for at, name in enumerate(grid.names)
        },
        arrange=lambda order: worksheet(_arranged(grids, order, keeps_gone=keeps_gone), as_of, keeps_gone=keeps_gone),
        as_of=as_of,
    )


def _key(by: str, name: str) -> str:
    return f"{by}-{quote(name, safe='')}"


def _arranged(grids: tuple[UsageGrid, ...], order: Sequence[str], *, keeps_gone: bool) -> tuple[UsageGrid, ...]:
    """Return the grids with the existing columns in their order."""
    found = []
    for grid in grids:
        start = f"{grid.by}-"
        names = [unquote(key.removeprefix(start)) for key in order if key.startswith(start)]
        found.append(grid.arrange([name for name in names if keeps_gone or name in grid.credits_of or name == OTHERS]))
    return tuple(found)


def _subtitle(grid: UsageGrid, as_of: date) -> str:
    span = f"{day(grid.days[0])} to {day(grid.days[-1])}" if grid.days else "no days"
    return f"Credits, {span}, as of {day(as_of)}. From {day(grid.provisional_from)} on, rows may still arrive."


def _starts(grids: tuple[UsageGrid, ...]) -> list[int]:
    starts = [DAY]
    for grid in grids[:-1]:
        starts.append(starts[-1] + len(grid.names) + 2 + GAP)
    return starts


def _grid(start: int, grid: UsageGrid) -> Block:
    first, last = FIRST_DAY_ROW, FIRST_DAY_ROW + len(grid.days) - 1
    head = join_blocks(
        row_of(HEAD_ROW - 1, start, (HEADINGS[grid.by], *[None] * (len(grid.names) + 1)), styles.HEADING),
        row_of(HEAD_ROW, start, ("Day",), styles.HEADER_LEFT),
        row_of(HEAD_ROW, start + 1, (TOTALS[grid.by], *grid.names), styles.HEADER),
        row_of(TOTALS_ROW, start, ("All days",), styles.STRONG),
    )
    sums = {
        (TOTALS_ROW, column): Cell(
            Formula(f"SUM({relative(first, column)}:{relative(last, column)})"), styles.number_format(styles.COUNT, styles.STRONG)
        )
        for column in range(start + 1, start + 2 + len(grid.names))
    }
    names = {
        f"usage_by_{grid.by}": ((first, start + 2), (last, start + 1 + len(grid.names))),
        f"usage_by_{grid.by}_total": ((TOTALS_ROW, start + 1), (TOTALS_ROW, start + 1)),
    }
    return join_blocks(head, Block(sums, names), *(_day(first + index, start, grid, index) for index in range(len(grid.days))))


def _day(row: int, start: int, grid: UsageGrid, index: int) -> Block:
    values = grid.rows[index]
    span = f"{relative(row, start + 2)}:{relative(row, start + 1 + len(values))}"
    cells = {
        (row, start): Cell(grid.days[index], styles.DAY_LABEL),
        (row, start + 1): Cell(Formula(f"SUM({span})"), styles.number_format(styles.COUNT, styles.STRONG)),
    }
    style = styles.number_format(styles.COUNT)
    return Block(cells | {(row, start + 2 + at): Cell(used, style) for at, used in enumerate(values)})


def _picture(start: int, grid: UsageGrid, nth: int) -> ChartSpec:
    last = FIRST_DAY_ROW + len(grid.days) - 1

    def column(at: int) -> Area:
        return Area(TITLE, (FIRST_DAY_ROW, at), (last, at))

    biggest = [start + 2 + grid.names.index(name) for name in grid.biggest[: MAX_LINES - 1]]
    shown = [start + 1, *biggest]
    lines = tuple(
        ChartLine(Area(TITLE, (HEAD_ROW, at), (HEAD_ROW, at)), column(start), column(at), color)
        for at, color in zip(shown, styles.SERIES, strict=False)
    )
    return ChartSpec(
        kind="curves",
        title=f"{HEADINGS[grid.by]}, the biggest",
        lines=lines,
        x_title=None,
        y_title=None,
        x_number=styles.SHORT_DAY,
        y_number=styles.COUNT,
        place=(4, DAY if nth == 0 else DAY + 6),
        width=640,
        height=380,
        has_days=True,
    )
