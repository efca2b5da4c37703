"""The Workings worksheet: the steps from the inputs to the plans' costs, one named cell each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from core.days import MONTHS_IN_YEAR
from core.language import MOST
from core.pricing import PLANS
from core.records import NamedTuple
from sheets_addin.compare.credit_rates import WAYS, rates
from sheets_addin.compare.plan_workings import ELIGIBILITY_ROWS, REASONS_BELOW, eligibility, ranking
from sheets_addin.compare.tier_workings import price_steps, sizes, tier_steps
from sheets_addin.compare.workings_steps import (
    CONSTANTS,
    LABEL,
    PRICES,
    VALUE,
    VOLUME,
    Step,
    block_as_is,
    block_of,
    unless_wrong,
)
from sheets_addin.workbook import Block, Cell, Formula, Worksheet, join_blocks, relative, row_of, styles
from sheets_addin.worksheets.any_answer import PAGE_WIDTH, page_starts, scale_to_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.pricing import Prices, Terms
    from sheets_addin.compare.inputs import Input
    from sheets_addin.workbook import Content

TITLE = "Workings"
AT_MOST = VALUE + 1
WIDTHS = {0: 2, 1: 44, 2: 18, 3: 18, 4: 18, 5: 18, 6: 74}


def worksheet(inputs: Sequence[Input], prices: Prices, terms: Terms) -> Worksheet:
    """Return the steps, top to bottom: volume, prices, months, eligibility, ranking, input checks."""
    blocks: list[Block] = [_top()]
    row = 3
    sections = (
        ("Volume", VOLUME),
        ("Prices that hold", price_steps(PRICES, terms.tiers)),
        ("Sizes of order", tier_steps(terms.tiers)),
        ("Rounding and factors", CONSTANTS),
    )
    tops = []
    for heading, steps in sections:
        tops.append(row)
        blocks.append(join_blocks(_heading(row, heading), *(block_of(row + 1 + index, step) for index, step in enumerate(steps))))
        row += len(steps) + 2
    plans_row = row + len(WAYS) + MONTHS_IN_YEAR + 5
    blocks += [rates(row, len(sizes(terms.tiers))), _months(row + len(WAYS) + 2), eligibility(plans_row, prices, terms)]
    checks_row = plans_row + ELIGIBILITY_ROWS + len(PLANS) + 2
    blocks += [ranking(plans_row + ELIGIBILITY_ROWS), _checks(checks_row, inputs)]
    tops += [row, row + len(WAYS) + 2, plans_row, plans_row + REASONS_BELOW, plans_row + ELIGIBILITY_ROWS, checks_row]
    block, scale, heights = join_blocks(*blocks), scale_to_width(WIDTHS), {0: 28.0}
    below = max(line for line, _ in block.cells) + 1
    tables = [(first, after - 1) for first, after in pairwise([*tops, below])]
    return Worksheet(
        title=TITLE,
        block=block,
        widths=WIDTHS,
        heights=heights,
        frozen=(3, 0),
        page_starts=page_starts(below, heights, tables, PAGE_WIDTH / scale),
        print_scale=scale,
    )


def _top() -> Block:
    said = "How the figures are reached. Nothing to enter here: inputs are on Compare, prices on Prices."
    return Block({(0, LABEL): Cell("Workings", styles.TITLE), (1, LABEL): Cell(said, styles.SUBTITLE)})


def _heading(row: int, text: str) -> Block:
    return row_of(row, LABEL, (text, *[None] * 5), styles.HEADING)


def _months(row: int) -> Block:
    first, last = row + 1, row + MONTHS_IN_YEAR
    head = join_blocks(
        row_of(row, LABEL, ("Month",), styles.HEADER_LEFT),
        row_of(row, VALUE, ("Volume", "Interactions", "Billed actions", "Credits"), styles.HEADER),
    )
    names = {"month_numbers": ((first, LABEL), (last, LABEL)), "volume_factors": ((first, VALUE), (last, VALUE))}
    count = Step("months_per_year", "Months in the year", Formula("COUNT(month_numbers)"), styles.COUNT, "the lines above")
    return join_blocks(
        head,
        Block({}, names),
        *(_month(first + index, index + 1) for index in range(MONTHS_IN_YEAR)),
        block_as_is(last + 1, count, count.content),
    )


def _month(row: int, month: int) -> Block:
    factor, billed = relative(row, VALUE), relative(row, VALUE + 2)
    formulas = (
        (f"(1+growth_per_month)^({relative(row, LABEL)}-1)", "0.0000##"),
        (f'IF(interactions_per_month="","",interactions_per_month*{factor})', styles.COUNT),
        (
            f'IF(OR(actions_per_month="",billed_actions_per_action=""),"",actions_per_month*billed_actions_per_action*{factor})',
            styles.COUNT,
        ),
        (f'IF(OR({billed}="",credits_per_action=""),"",{billed}*credits_per_action)', styles.COUNT),
    )
    cells = {(row, LABEL): Cell(Decimal(month), replace(styles.LABEL, number=styles.COUNT, align="left"))}
    for column, (formula, number) in enumerate(formulas, VALUE):
        cells[row, column] = Cell(unless_wrong(formula), styles.number_format(number))
    return Block(cells)


class InputCheck(NamedTuple):
    """A check of several inputs together: wrong is a formula, true if nothing can be computed."""

    name: str
    label: str
    wrong: str
    message: str


MOST_ACTIONS = Formula(
    "IF(ISERROR(actions_per),most_actions_each,"
    'IF(OR(actions_per="month",actions_per="year"),most_actions_of_a_period,most_actions_each))'
)
"""The upper end of the only input whose limit depends on another one."""
OTHER_CHECKS = (
    InputCheck(
        "mix",
        "Mix",
        "IF(COUNTA(mix_shares)<>COUNT(mix_shares),TRUE,AND(COUNT(mix_shares)>0,ROUND(SUM(mix_shares)-1,share_places)<>0))",
        "Shares must add up to 100%.",
    ),
    InputCheck(
        "mix_actions",
        "Actions of the mix",
        'OR(COUNTA(mix_actions)<>COUNT(mix_actions),COUNT(mix_shares)<>COUNT(mix_actions),COUNTIFS(mix_shares,">=0",mix_actions,">0")<>COUNT(mix_shares),COUNTIF(mix_actions,">"&most_actions_each)>0)',
        f"Every share needs its actions, above 0 and at most {MOST['actions']:,f}.",
    ),
    InputCheck(
        "prices", "Prices", "OR(prices_wrong)", "A price on the worksheet Prices is out of its range; nothing is computed."
    ),
)


def _checks(row: int, inputs: Sequence[Input]) -> Block:
    head = join_blocks(
        row_of(row, LABEL, ("Inputs checked",), styles.HEADER_LEFT),
        row_of(row, VALUE, ("Is wrong", "At most"), styles.HEADER),
        row_of(row, AT_MOST + 1, ("What to write", None, None), styles.HEADER_LEFT),
    )
    single = (
        InputCheck(one.name, one.label, one.rule.wrong_of(one.name, f"{one.name}_at_most"), one.rule.message) for one in inputs
    )
    most = {one.name: (one.rule.most, one.number) for one in inputs if one.rule.most is not None}
    lines = [
        _check(row + 1 + index, check, *most.get(check.name, (None, styles.COUNT)))
        for index, check in enumerate((*single, *OTHER_CHECKS))
    ]
    last = row + len(lines)
    total = Step("any_input_wrong", "Any of them wrong", Formula("OR(inputs_wrong)"), "General", "then nothing is computed")
    names = {"inputs_wrong": ((row + 1, VALUE), (last, VALUE))}
    return join_blocks(head, Block({}, names), *lines, block_as_is(last + 1, total, total.content))


def _check(row: int, check: InputCheck, most: Content, number: str) -> Block:
    end = MOST_ACTIONS if check.name == "actions" else most
    cells = {
        (row, LABEL): Cell(check.label, styles.LABEL),
        (row, VALUE): Cell(Formula(check.wrong), styles.number_format("General")),
        (row, AT_MOST): Cell(end, styles.number_format(number, styles.HINT)),
        (row, AT_MOST + 1): Cell(check.message, styles.HINT),
    }
    columns = {"is_wrong": VALUE, "at_most": AT_MOST, "message": AT_MOST + 1}
    return Block(cells, {f"{check.name}_{ending}": ((row, column), (row, column)) for ending, column in columns.items()})
