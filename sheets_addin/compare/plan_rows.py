"""The table of the Compare worksheet: every plan's cost, as formulas over inputs, Workings and Prices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.pricing import PLANS
from sheets_addin.compare.columns import BELOW, DASH, DOUBLED, EACH, HALVED, LABEL, MONTH, RANK, STATUS, YEAR
from sheets_addin.compare.plan_formulas import plan_formulas
from sheets_addin.compare.plan_workings import NOT_OFFERED
from sheets_addin.workbook import Block, Cell, Formula, Highlight, absolute, join_blocks, relative, row_of, styles

if TYPE_CHECKING:
    from core.pricing import Plan
    from sheets_addin.workbook import Format

HEAD_ROWS = 2
HEADERS = ("Per month", "Per year", "Per interaction", "Below conversations", "Year if volume is more", "Year if volume is less")
COLUMNS = {
    "usd_per_month": MONTH,
    "usd_per_year": YEAR,
    "usd_per_interaction": EACH,
    "percent_below_conversation": BELOW,
    "usd_per_year_if_doubled": DOUBLED,
    "usd_per_year_if_halved": HALVED,
    "plan_ranks": RANK,
    "plan_status": STATUS,
    "plans": LABEL,
}


def block(first: int, tiers: int) -> Block:
    """Return the table whose first plan is in that row, with headers above. tiers: how many the contract has."""
    last = first + len(PLANS) - 1
    times = row_of(first - 1, LABEL, ("volume", None), replace(styles.HINT, align="left"))
    factors = {YEAR: "volume_as_planned"} | {
        column: f'IF({name}_is_wrong,"",{name})'
        for column, name in ((DOUBLED, "volume_if_doubled"), (HALVED, "volume_if_halved"))
    }
    shown = {
        (first - 1, column): Cell(Formula(name), replace(styles.HINT, number=styles.TIMES, align="right"))
        for column, name in factors.items()
    }
    head = join_blocks(
        row_of(first - 2, LABEL, ("Plan",), styles.HEADER_LEFT),
        row_of(first - 2, MONTH, HEADERS, styles.HEADER),
        row_of(first - 2, RANK, ("Rank",), styles.HEADER_CENTER),
        row_of(first - 2, STATUS, ("Offered, or why not",), styles.HEADER_LEFT),
    )
    lines = [
        _plan_line(first + index, first - 1, plan, plan_formulas(tiers)[plan.key].year)
        for index, plan in enumerate(PLANS.values())
    ]
    names = {name: ((first, column), (last, column)) for name, column in COLUMNS.items()}
    return join_blocks(times, Block(shown, names), head, *lines)


def _plan_line(row: int, volume_row: int, plan: Plan, cost: str) -> Block:
    because = f"INDEX(not_offered_because,MATCH({relative(row, LABEL)},plans,0))"
    year = relative(row, YEAR)
    contents: dict[int, tuple[str, Format]] = {
        MONTH: (_if_number(year, f"{year}/months_per_year"), styles.number_format(styles.USD_CENTS)),
        YEAR: (
            f'IF({relative(row, STATUS)}="Offered",{_cost(cost, volume_row, YEAR)},"{NOT_OFFERED}")',
            styles.number_format(styles.USD, styles.STRONG),
        ),
        EACH: (
            _if_number(year, f'IF(interactions_per_year="","{DASH}",{year}/interactions_per_year)'),
            styles.number_format(styles.USD_MILLS),
        ),
        BELOW: (
            _if_number(year, f'IF(conversations_usd_per_year="","{DASH}",1-{year}/conversations_usd_per_year)'),
            styles.number_format(styles.PERCENT),
        ),
        DOUBLED: (_if_number(year, _cost(cost, volume_row, DOUBLED)), styles.number_format(styles.USD)),
        HALVED: (_if_number(year, _cost(cost, volume_row, HALVED)), styles.number_format(styles.USD)),
        RANK: (
            _if_number(year, f"RANK(INDEX(years_to_the_cent,MATCH({relative(row, LABEL)},plans,0)),years_to_the_cent,1)"),
            replace(styles.LABEL, align="center", indent=0),
        ),
        STATUS: (f'IF({because}="","Offered",{because})', styles.SMALL),
    }
    return Block(
        {(row, LABEL): Cell(plan.label, styles.STRONG)}
        | {(row, column): Cell(Formula(text), style) for column, (text, style) in contents.items()}
    )


def _cost(cost: str, volume_row: int, column: int) -> str:
    return cost.replace("{volume}", absolute(volume_row, column))


def _if_number(year: str, formula: str) -> str:
    return f'IF(ISNUMBER({year}),{formula},"{DASH}")'


def highlights(first: int) -> tuple[Highlight, ...]:
    """Return the highlights of the cheapest plan, and of those that are not offered."""
    last = first + len(PLANS) - 1
    rank, year = f"${relative(first, RANK)}", f"${relative(first, YEAR)}"
    ends = ((first, LABEL), (last, STATUS))
    return (Highlight(*ends, f"{rank}=1", styles.GOOD), Highlight(*ends, f'{year}="{NOT_OFFERED}"', styles.FAINT))
