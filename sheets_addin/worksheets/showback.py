"""Showback: the cost of each name by month, for all names, with a filter; the sheet adds it up beside the wallet's own total."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, cast

from core.answer import day, group_digits
from core.records import NamedTuple
from sheets_addin.workbook import (
    FIRST_ROW,
    LABEL,
    Block,
    Cell,
    Formula,
    Worksheet,
    figure_value,
    join_blocks,
    number_in_formula,
    relative,
    row_of,
    styles,
    top,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from core.answer import Answer
    from sheets_addin.workbook import Content, Format, Place
    from sheets_addin.worksheets.any_answer import Section

GROUPINGS = ("agent", "department", "user", "use case")
ALL_ROW, SHOWN_ROW, WALLET_ROW, GROUP_ROW, HEAD_ROW = FIRST_ROW, FIRST_ROW + 1, FIRST_ROW + 2, FIRST_ROW + 3, FIRST_ROW + 4
FIRST_NAME_ROW = HEAD_ROW + 1
MONTH, MIN_NAME_WIDTH, MAX_NAME_WIDTH, AMOUNT_WIDTH = "mmm yyyy", 24, 44, 14.0
COLUMNS_A_PAGE = 14
VISIBLE_SUM = 109
"""SUBTOTAL's code for a sum of the visible rows."""


class UsedByMonth(NamedTuple):
    """The usage of one name of one part of the wallet, by month: dollars (None without a price) and credits."""

    part: str
    name: str
    usd: dict[date, Decimal | None]
    credits: dict[date, Decimal]


class _MonthColumns(NamedTuple):
    """The positions of columns. month_keys: the key of each month column."""

    months: tuple[date, ...]
    has_parts: bool
    in_usd: bool

    @property
    def name(self) -> int:
        return LABEL + self.has_parts

    @property
    def sums(self) -> list[str]:
        """The kinds of amounts, each with a sum over its months."""
        return ["usd", "credits"] if self.in_usd else ["credits"]

    def sum_of(self, kind: str) -> int:
        return self.name + 1 + self.sums.index(kind)

    @property
    def share(self) -> int:
        return self.name + 1 + len(self.sums)

    def month(self, kind: str, at: int) -> int:
        return self.share + 1 + self.sums.index(kind) * len(self.months) + at

    @property
    def last(self) -> int:
        return self.month(self.sums[-1], len(self.months) - 1)


HEADS = {"usd": "Cost", "credits": "Credits"}
NUMBERS = {"usd": styles.USD_CENTS, "credits": styles.COUNT}
GROUPS = {"usd": "Cost by month", "credits": "Credits by month"}


def worksheet(title: str, by: str, sections: Sequence[Section]) -> Worksheet:
    """Return every name's cost and credits by month, from answers to `usage by NAME then by month`, one for each part.

    by: agent, department, user or use case. Formulas add up months and names, both all of them and the filtered ones; core's
    own totals are beside them.
    """
    found = [one for section in sections for one in _used(section)]
    months = tuple(sorted({month for one in found for month in one.credits}))
    in_usd = all(cost is not None for one in found for cost in one.usd.values())
    layout = _MonthColumns(months, len(sections) > 1, in_usd)
    last = FIRST_NAME_ROW + len(found) - 1
    first = sections[0].answer
    rows = [_name_row(FIRST_NAME_ROW + at, one, layout) for at, one in enumerate(found)]
    names_width = max((len(one.name) for one in found), default=0) + 2
    return Worksheet(
        title=title,
        block=join_blocks(
            top(f"Showback by {by}", _subtitle(first, by, len(found))),
            _totals(by, layout, last, [section.answer for section in sections]),
            _head(by, layout),
            *rows,
        ),
        widths={0: 2, LABEL: 26, layout.name: float(min(max(MIN_NAME_WIDTH, names_width), MAX_NAME_WIDTH))}
        | dict.fromkeys(range(layout.name + 1, layout.last + 1), AMOUNT_WIDTH),
        heights={0: 30, HEAD_ROW: 22},
        frozen=(FIRST_NAME_ROW, layout.name + 1),
        repeated=(GROUP_ROW, HEAD_ROW),
        pages_wide=ceil((layout.last - layout.name) / COLUMNS_A_PAGE),
        row_keys={FIRST_NAME_ROW + at: f"{one.part}-{one.name}" if one.part else one.name for at, one in enumerate(found)},
        movable=((FIRST_NAME_ROW, last),) if found else (),
        column_keys={
            layout.month(kind, at): f"{kind}-{month:%Y-%m}" for kind in layout.sums for at, month in enumerate(layout.months)
        },
        filtered=((HEAD_ROW, LABEL), (max(last, HEAD_ROW + 1), layout.last)),
        as_of=first.as_of,
    )


def _subtitle(answer: Answer, by: str, count: int) -> str:
    first, last = (figure_value(answer, key) for key in ("first_day", "last_day"))
    days = f"{day(cast('date', first))} to {day(cast('date', last))}" if first and last else "no days"
    names = f"{group_digits(count)} {by if count == 1 else f'{by}s'}"
    return f"{names}, {days}, as of {day(answer.as_of)}. Filter and sort with the arrows; the newest days may still grow."


def _used(section: Section) -> list[UsedByMonth]:
    """Return each name of an answer with its months, in the answer's order: the biggest first."""
    table = section.answer.table("usage")
    at = {column.key: place for place, column in enumerate(table.columns)}
    found: dict[str, UsedByMonth] = {}
    for row in table.rows:
        name, month = str(row[0]), cast("date", row[1])
        one = found.setdefault(name, UsedByMonth(section.part, name, {}, {}))
        one.usd[month] = cast("Decimal | None", row[at["usd"]])
        one.credits[month] = cast("Decimal", row[at["credits"]])
    return list(found.values())


def _name_row(row: int, one: UsedByMonth, layout: _MonthColumns) -> Block:
    cells: dict[Place, Cell] = {(row, layout.name): Cell(one.name, styles.LABEL)}
    if layout.has_parts:
        cells[row, LABEL] = Cell(one.part, styles.LABEL)
    for kind in layout.sums:
        amounts: dict[date, Decimal | None] = one.usd if kind == "usd" else {**one.credits}
        for at, month in enumerate(layout.months):
            cells[row, layout.month(kind, at)] = Cell(amounts.get(month), styles.number_format(NUMBERS[kind]))
        span = f"{relative(row, layout.month(kind, 0))}:{relative(row, layout.month(kind, len(layout.months) - 1))}"
        cells[row, layout.sum_of(kind)] = Cell(Formula(f"SUM({span})"), styles.number_format(NUMBERS[kind], styles.STRONG))
    cells[row, layout.share] = Cell(_share(row, layout), styles.number_format(styles.PERCENT))
    return Block(cells)


def _share(row: int, layout: _MonthColumns) -> Formula:
    column = layout.sum_of(layout.sums[0])
    whole = relative(ALL_ROW, column)
    return Formula(f'IF(N({whole})=0,"",{relative(row, column)}/{whole})')


def _totals(by: str, layout: _MonthColumns, last: int, answers: Sequence[Answer]) -> Block:
    """Return the sums over all names, over the filtered ones, and core's total for the same days."""
    labels = {ALL_ROW: f"All {by}s", SHOWN_ROW: "Shown by the filter", WALLET_ROW: "The wallet's own total"}
    cells: dict[Place, Cell] = {(row, LABEL): Cell(text, styles.STRONG) for row, text in labels.items()}
    names: dict[str, tuple[Place, Place]] = {}
    prefix = f"showback_by_{by.replace(' ', '_')}"
    columns = {layout.sum_of(kind): kind for kind in layout.sums}
    columns |= {layout.month(kind, at): kind for kind in layout.sums for at in range(len(layout.months))}
    for column, kind in columns.items():
        span = f"{relative(FIRST_NAME_ROW, column)}:{relative(max(last, FIRST_NAME_ROW), column)}"
        style = styles.number_format(NUMBERS[kind], styles.STRONG)
        cells[ALL_ROW, column] = Cell(Formula(f"SUM({span})"), style)
        cells[SHOWN_ROW, column] = Cell(Formula(f"SUBTOTAL({VISIBLE_SUM},{span})"), style)
    for kind, key in (("usd", "usd_used"), ("credits", "used_credits")):
        if kind in layout.sums:
            column = layout.sum_of(kind)
            parts = [cast("Decimal", figure_value(answer, key)) for answer in answers]
            content: Content = parts[0] if len(parts) == 1 else Formula("+".join(map(number_in_formula, parts)))
            cells[WALLET_ROW, column] = Cell(content, styles.number_format(NUMBERS[kind], styles.STRONG))
            names[f"{prefix}_{kind}_total"] = ((ALL_ROW, column), (ALL_ROW, column))
            names[f"{prefix}_{kind}_of_wallet"] = ((WALLET_ROW, column), (WALLET_ROW, column))
    return Block(cells, names)


def _head(by: str, layout: _MonthColumns) -> Block:
    left: Format = styles.HEADER_LEFT
    cells: dict[Place, Cell] = {(HEAD_ROW, layout.name): Cell(by.capitalize(), left)}
    if layout.has_parts:
        cells[HEAD_ROW, LABEL] = Cell("Part of the wallet", left)
    groups: list[Block] = []
    for kind in layout.sums:
        cells[HEAD_ROW, layout.sum_of(kind)] = Cell(HEADS[kind], styles.HEADER)
        heading = (GROUPS[kind], *[None] * (len(layout.months) - 1))
        groups.append(row_of(GROUP_ROW, layout.month(kind, 0), heading, styles.HEADING))
        for at, month in enumerate(layout.months):
            cells[HEAD_ROW, layout.month(kind, at)] = Cell(month, replace(styles.HEADER, number=MONTH))
    share = "Share of cost" if layout.in_usd else "Share"
    cells[HEAD_ROW, layout.share] = Cell(share, styles.HEADER)
    return join_blocks(Block(cells), *groups)
