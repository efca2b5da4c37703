"""The workbook that answers a question and stays live: Compare, Break-even, Workings, Prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.display import day
from core.errors import InputError
from core.questions import reading
from sheets_addin import break_even_sheet, compare_inputs, compare_sheet, prices_sheet, workings_sheet
from sheets_addin.tier_workings import sizes
from sheets_addin.workbook import Workbook

if TYPE_CHECKING:
    from core.questions.context import Context
    from core.questions.question import Question


def workbook_for(question: Question, context: Context) -> Workbook:
    """Return the workbook whose inputs are what the question says, on the prices of the context's day.

    Raises: InputError, if the question keeps to some plans, names one, or counts free credits: the workbook holds every
    plan, all paid for.
    """
    if question.plan:
        raise InputError("A workbook's break-even is that of the Agentforce Add-on; leave out the plan, or ask it as a question.")
    if question.foundations:
        raise InputError("A workbook prices every credit, so leave out `foundations`; ask it as a question.")
    if question.only:
        raise InputError("A workbook compares every plan, so leave out `only …` and hide the rows that you do not need.")
    prices, asked = context.prices, context.asked(question)
    terms = reading.terms(question, context)
    workings = workings_sheet.worksheet(compare_inputs.every_input(question), prices, terms)
    return Workbook(
        title="Agentforce costs compared",
        subject=asked,
        made_on=context.as_of,
        worksheets=(
            compare_sheet.worksheet(question, asked, day(context.as_of), workings.names, len(sizes(terms.tiers))),
            break_even_sheet.worksheet(),
            workings,
            prices_sheet.worksheet(prices),
        ),
    )
