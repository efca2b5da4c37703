"""Which plans are offered, why others are not, and their order by cost: tables of the Workings worksheet."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.pricing import NEEDED, PLANS, Workload, missing_price, offers
from sheets_addin.compare.plan_formulas import PLAN_FORMULAS
from sheets_addin.workbook import Block, Cell, Formula, absolute, join_blocks, relative, row_of, styles, text_in_formula

if TYPE_CHECKING:
    from core.pricing import Audience, Plan, Prices, Terms

LABEL, SERVES, IS_PRICED, YEAR, ORDER, BECAUSE = range(1, 7)
WRONG_AUDIENCE, NO_PRICE = SERVES, BECAUSE
REASONS_BELOW = len(PLANS) + 2
ELIGIBILITY_ROWS = 2 * REASONS_BELOW
KNOWN = {"interactions": "interactions_per_month", "actions": "actions_per_month", "seats": "users"}
INPUTS_WRONG = "Nothing is computed until the inputs marked in red are right."
PRICE_EMPTY = "A price that it rests on is empty on the Prices worksheet."
NOT_OFFERED = "not offered"


def eligibility(row: int, prices: Prices, terms: Terms) -> Block:
    """Return a line for each plan: its audience, whether it has a price, and why it is not offered, empty if it is."""
    first, last = row + 1, row + len(PLANS)
    head = join_blocks(
        row_of(row, LABEL, ("Plan", "Serves", "Has a price"), styles.HEADER_LEFT),
        row_of(row, YEAR, ("Year to the cent", "Place"), styles.HEADER),
        row_of(row, BECAUSE, ("Not offered because",), styles.HEADER_LEFT),
        row_of(
            row + REASONS_BELOW,
            LABEL,
            ("Plan", "If it serves the others", None, None, None, "If it has no price"),
            styles.HEADER_LEFT,
        ),
    )
    lines = [_plan(first + index, first, plan, prices, terms) for index, plan in enumerate(PLANS.values())]
    columns = {"years_to_the_cent": YEAR, "plan_places": ORDER, "not_offered_because": BECAUSE}
    return join_blocks(head, *lines, Block({}, {name: ((first, column), (last, column)) for name, column in columns.items()}))


def _plan(row: int, first: int, plan: Plan, prices: Prices, terms: Terms) -> Block:
    year, below = f"INDEX(usd_per_year,MATCH({relative(row, LABEL)},plans,0))", row + REASONS_BELOW
    cells = {
        (row, LABEL): Cell(plan.label, styles.LABEL),
        (row, SERVES): Cell(plan.audience or "both", styles.LABEL),
        (row, IS_PRICED): Cell(Formula(_is_priced(plan)), styles.LABEL),
        (row, YEAR): Cell(Formula(f'IF(ISNUMBER({year}),ROUND({year},cent_places),"")'), styles.number_format(styles.USD_CENTS)),
        (row, ORDER): Cell(Formula(_place(row, first)), styles.number_format(styles.COUNT)),
        (row, BECAUSE): Cell(Formula(_because(row, plan)), styles.SMALL),
        (below, LABEL): Cell(plan.label, styles.LABEL),
        (below, WRONG_AUDIENCE): Cell(_wrong_audience(plan, prices, terms), styles.HINT),
        (below, NO_PRICE): Cell(_no_price(plan, prices), styles.HINT),
    }
    return Block(cells)


def _is_priced(plan: Plan) -> str:
    numbers = ",".join(f"ISNUMBER({name})" for name in PLAN_FORMULAS[plan.key].needs_prices)
    return f'IF(AND({numbers}),"yes","no")'


def _because(row: int, plan: Plan) -> str:
    priced = f'IF({relative(row, IS_PRICED)}="yes","",{relative(row + REASONS_BELOW, NO_PRICE)})'
    for need in reversed(plan.needs):
        priced = f'IF({KNOWN[need]}="",{text_in_formula(NEEDED[need])},{priced})'
    serves = relative(row, SERVES)
    if plan.audience:
        priced = f'IF(AND(audience<>"either",audience<>{serves}),{relative(row + REASONS_BELOW, WRONG_AUDIENCE)},{priced})'
    return f'IF(any_input_wrong,"{INPUTS_WRONG}",{priced})'


def _place(row: int, first: int) -> str:
    year, above = relative(row, YEAR), f"{absolute(first - 1, YEAR)}:{relative(row - 1, YEAR)}"
    so_far = f"{absolute(first, YEAR)}:{year}"
    ranked = f"RANK({year},years_to_the_cent,1)+COUNTIF({above},{year})"
    return f"IF(ISNUMBER({year}),{ranked},COUNT(years_to_the_cent)+ROWS({so_far})-COUNT({so_far}))"


def _wrong_audience(plan: Plan, prices: Prices, terms: Terms) -> str | None:
    if plan.audience is None:
        return None
    other: Audience = "employees" if plan.audience == "customers" else "customers"
    _, (refused,) = offers(Workload(audience=other), prices, terms, (plan,))
    return refused.reason


def _no_price(plan: Plan, prices: Prices) -> str:
    return str(missing_price(plan, prices) or PRICE_EMPTY)


def ranking(row: int) -> Block:
    """Return the plans from the cheapest year up, those that are not offered last; the chart shows these."""
    first, last = row + 1, row + len(PLANS)
    head = join_blocks(
        row_of(row, LABEL, ("Cheapest first",), styles.HEADER_LEFT),
        row_of(row, LABEL + 1, ("Place",), styles.HEADER),
        row_of(row, LABEL + 2, ("Year",), styles.HEADER),
    )
    columns = {
        "ranked_plans": (LABEL, first, last),
        "ranked_years": (LABEL + 2, first, last),
        "ranked_years_title": (LABEL + 2, row, row),
    }
    names = {name: ((top, column), (foot, column)) for name, (column, top, foot) in columns.items()}
    return join_blocks(head, *(_rank_block(first + index, index + 1) for index in range(len(PLANS))), Block({}, names))


def _rank_block(row: int, place: int) -> Block:
    at = f"MATCH({relative(row, LABEL + 1)},plan_places,0)"
    year = f"INDEX(usd_per_year,{at})"
    label = f'INDEX(plans,{at})&IF(ISNUMBER({year}),""," ({NOT_OFFERED})")'
    return Block(
        {
            (row, LABEL): Cell(Formula(label), styles.LABEL),
            (row, LABEL + 1): Cell(Decimal(place), styles.number_format(styles.COUNT)),
            (row, LABEL + 2): Cell(Formula(f'IF(ISNUMBER({year}),{year},"")'), styles.number_format(styles.USD_CENTS)),
        }
    )
