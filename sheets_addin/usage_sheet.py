"""The Usage worksheet: credits of each day by agent and by department, added up by the sheet, with charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.display import day
from sheets_addin import looks
from sheets_addin.answer_blocks import LABEL, top
from sheets_addin.workbook import Area, Block, Cell, Formula, Line, Picture, Worksheet, joined, relative, row_of

if TYPE_CHECKING:
    from datetime import date

    from core.questions.usage_grid import UsageGrid

TITLE = "Usage"
DAY = LABEL
HEAD_ROW = 25
TOTALS_ROW = HEAD_ROW + 1
FIRST_DAY_ROW = HEAD_ROW + 2
GAP = 1
DAY_WIDTH, CREDITS_WIDTH = 16.0, 15.0
HEADINGS = {"agent": "Credits by day and agent", "department": "Credits by day and department"}
MOST_LINES = 4


def worksheet(grids: tuple[UsageGrid, ...], as_of: date) -> Worksheet:
    """Return a table for each grid, side by side over the same days, oldest first, totals on top."""
    starts = _starts(grids)
    blocks = [_grid(start, grid) for start, grid in zip(starts, grids, strict=True)]
    days = grids[0].days
    return Worksheet(
        title=TITLE,
        block=joined(top("What used the credits", _said(grids[0], as_of)), *blocks),
        widths={0: 2}
        | dict.fromkeys(range(DAY, starts[-1] + len(grids[-1].names) + 2), CREDITS_WIDTH)
        | dict.fromkeys(starts, DAY_WIDTH),
        heights={0: 30, HEAD_ROW: 30},
        frozen=(2, 0),
        pictures=tuple(_picture(start, grid, nth) for nth, (start, grid) in enumerate(zip(starts, grids, strict=True))),
        repeated=(HEAD_ROW, HEAD_ROW),
        row_keys={FIRST_DAY_ROW + index: one.isoformat() for index, one in enumerate(days)},
        as_of=as_of,
    )


def _said(grid: UsageGrid, as_of: date) -> str:
    span = f"{day(grid.days[0])} to {day(grid.days[-1])}" if grid.days else "no days"
    return f"Credits, {span}, as of {day(as_of)}. From {day(grid.provisional_from)} on, rows may still arrive."


def _starts(grids: tuple[UsageGrid, ...]) -> list[int]:
    starts = [DAY]
    for grid in grids[:-1]:
        starts.append(starts[-1] + len(grid.names) + 2 + GAP)
    return starts


def _grid(start: int, grid: UsageGrid) -> Block:
    first, last = FIRST_DAY_ROW, FIRST_DAY_ROW + len(grid.days) - 1
    head = joined(
        row_of(HEAD_ROW - 1, start, (HEADINGS[grid.by], *[None] * (len(grid.names) + 1)), looks.HEADING),
        row_of(HEAD_ROW, start, ("Day",), looks.HEADER_LEFT),
        row_of(HEAD_ROW, start + 1, ("Total", *grid.names), looks.HEADER),
        row_of(TOTALS_ROW, start, ("All days",), looks.STRONG),
    )
    sums = {
        (TOTALS_ROW, column): Cell(
            Formula(f"SUM({relative(first, column)}:{relative(last, column)})"), looks.shown(looks.COUNT, looks.STRONG)
        )
        for column in range(start + 1, start + 2 + len(grid.names))
    }
    names = {
        f"usage_by_{grid.by}": ((first, start + 2), (last, start + 1 + len(grid.names))),
        f"usage_by_{grid.by}_total": ((TOTALS_ROW, start + 1), (TOTALS_ROW, start + 1)),
    }
    return joined(head, Block(sums, names), *(_day(first + index, start, grid, index) for index in range(len(grid.days))))


def _day(row: int, start: int, grid: UsageGrid, index: int) -> Block:
    values = grid.rows[index]
    span = f"{relative(row, start + 2)}:{relative(row, start + 1 + len(values))}"
    cells = {
        (row, start): Cell(grid.days[index], looks.DAY_LABEL),
        (row, start + 1): Cell(Formula(f"SUM({span})"), looks.shown(looks.COUNT, looks.STRONG)),
    }
    style = looks.shown(looks.COUNT)
    return Block(cells | {(row, start + 2 + at): Cell(used, style) for at, used in enumerate(values)})


def _picture(start: int, grid: UsageGrid, nth: int) -> Picture:
    last = FIRST_DAY_ROW + len(grid.days) - 1

    def column(at: int) -> Area:
        return Area(TITLE, (FIRST_DAY_ROW, at), (last, at))

    shown = range(start + 1, start + 2 + min(len(grid.names), MOST_LINES - 1))
    lines = tuple(
        Line(Area(TITLE, (HEAD_ROW, at), (HEAD_ROW, at)), column(start), column(at), color)
        for at, color in zip(shown, looks.SERIES, strict=False)
    )
    return Picture(
        kind="curves",
        title=f"{HEADINGS[grid.by]}, the biggest",
        lines=lines,
        x_title=None,
        y_title=None,
        x_number=looks.SHORT_DAY,
        y_number=looks.COUNT,
        place=(4, DAY if nth == 0 else DAY + 6),
        width=640,
        height=380,
        has_days=True,
    )
