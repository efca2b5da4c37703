"""The live workbook that answers a question: Compare, Break-even, Workings, Prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.answer import day
from core.errors import InputError
from core.questions import from_question
from sheets_addin.compare import break_even, compare, input_block
from sheets_addin.compare import workings as workings_sheet
from sheets_addin.compare.tier_workings import sizes
from sheets_addin.workbook import Workbook
from sheets_addin.worksheets import prices as prices_sheet

if TYPE_CHECKING:
    from core.context import Context
    from core.language import Question


def workbook_for(question: Question, context: Context) -> Workbook:
    """Return the workbook with the question's values as inputs and the prices of the context's day.

    Raises: InputError, if the question restricts plans, names one, counts free credits or names a range: the workbook
    has every plan, all paid for, for one workload.
    """
    if question.ranges:
        raise InputError("A workbook compares one workload, whose cells you can change: name one end of the range.")
    if question.plan:
        raise InputError("A workbook's break-even is that of the Agentforce Add-on; leave out the plan, or ask it as a question.")
    if question.vendors:
        raise InputError(
            "A workbook of live cells compares Agentforce's plans; ask for other vendors as a question of their own."
        )
    if question.foundations:
        raise InputError("A workbook prices every credit, so leave out `foundations`; ask it as a question.")
    if question.only:
        raise InputError("A workbook compares every plan, so leave out `only …` and hide the rows that you do not need.")
    prices, asked = context.prices, context.canonical_question(question)
    terms = from_question.terms(question, context)
    workings = workings_sheet.worksheet(input_block.every_input(question), prices, terms)
    return Workbook(
        title="Agentforce costs compared",
        subject=asked,
        made_on=context.as_of,
        worksheets=(
            compare.worksheet(question, asked, day(context.as_of), workings.names, len(sizes(terms.tiers))),
            break_even.worksheet(),
            workings,
            prices_sheet.worksheet(prices),
        ),
    )
