"""The worksheets that show the wallet, for all of it or for the parts that a team may see."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from core.errors import InputError
from core.questions.ask import answer_to
from core.questions.commands import COMMANDS
from core.questions.question import Question
from core.questions.usage_grid import usage_grids
from sheets_addin import answer_sheet, usage_sheet, wallet_parts_sheet, wallet_sheet

if TYPE_CHECKING:
    from core.answer import Answer
    from core.questions.context import Context
    from sheets_addin.workbook import Worksheet


class Scope(NamedTuple):
    """The part of the wallet that a spreadsheet shows; empty means all of it."""

    org: str | None = None
    departments: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the wallet is left out."""
        return not (self.org or self.departments or self.agents)

    def narrowed(self, question: Question) -> list[Question]:
        """Return the question, once for each part of the scope; the parts share no use.

        What the question itself names stays named.
        """
        departments = (question.department,) if question.department else self.departments or (None,)
        agents = (question.agent,) if question.agent else self.agents or (None,)
        pairs = product(departments, agents)
        return [question._replace(org=question.org or self.org, department=one, agent=other) for one, other in pairs]


WHOLE, PASSING = Scope(), frozenset({"undelivered"})


def wallet_worksheet(question: Question, context: Context, scope: Scope = WHOLE) -> Worksheet:
    """Return the Wallet worksheet: the balance of all, or what each part of the scope uses. Raises: InputError, MachineError."""
    asked = scope.narrowed(question)
    if len(asked) == 1 and not (asked[0].department or asked[0].agent or asked[0].org):
        return wallet_sheet.worksheet(answer_to(asked[0], context), _forecast(context))
    return wallet_parts_sheet.worksheet([(_part(one), answer_to(one, context)) for one in asked])


def _forecast(context: Context) -> Answer | None:
    """Return the forecast; None where there is none, as while there is too little data."""
    try:
        return answer_to(Question("forecast"), context) if "forecast" in COMMANDS else None
    except InputError:
        return None


def _part(question: Question) -> str:
    named = (("org", question.org), ("department", question.department), ("agent", question.agent))
    return ", ".join(f"{kind} {name}" for kind, name in named if name)


def usage_worksheet(question: Question, context: Context, scope: Scope = WHOLE) -> Worksheet:
    """Return the Usage worksheet. Raises: InputError, MachineError."""
    grids = usage_grids(scope.narrowed(question), context, "agent", "department")
    return usage_sheet.worksheet(grids, context.as_of)


def alerts_worksheet(question: Question, context: Context, scope: Scope = WHOLE) -> Worksheet:
    """Return the Alerts worksheet, but for messages on their way. Raises: InputError, MachineError."""
    asked = question if scope.org is None else question._replace(org=question.org or scope.org)
    answer = answer_to(asked, context)
    kept = tuple(table for table in answer.tables if table.key not in PASSING)
    return answer_sheet.worksheet("Alerts", replace(answer, tables=kept))
