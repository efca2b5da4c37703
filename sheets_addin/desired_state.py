"""What a spreadsheet should hold: the worksheets of its questions, and why those that cannot be made cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.alerts import teams_within
from core.errors import AgentcostError, InputError
from core.language import COMMANDS, parse, print_question
from core.scope import EVERYTHING
from sheets_addin.compare.workbook import workbook_for
from sheets_addin.workbook.model import Workbook
from sheets_addin.worksheets.registry import answer_worksheet, layouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.config import Team
    from core.context import Context
    from core.language import Question
    from core.scope import Scope
    from sheets_addin.workbook.model import Worksheet

COMPARE = "Compare"
COMPARISONS = ("compare", "recommend", "breakeven")
GRID_GROUPINGS = (None, "agent", "department", "day")
"""What the table of days on the worksheet Usage answers; other groupings have a worksheet of their own."""
TITLES = {
    "breakeven": "Break-even point",
    "compare": "Plans compared",
    "prices": "Price list",
    "recommend": "Recommendation",
    "tco": "TCO",
    "usage": "Usage by",
}
WITHOUT_WORKSHEET = ("help",)
THE_WALLET = ("wallet", "usage by agent", "alerts")


class DesiredState(NamedTuple):
    """Worksheets, and by title the trouble of those that could not be made."""

    workbook: Workbook
    troubles: dict[str, AgentcostError]


def the_wallet(scope: Scope = EVERYTHING, teams: Iterable[Team] = ()) -> tuple[str, ...]:
    """Return the questions that show the wallet; of a part of it, alerts only where a team watches nothing beyond that part."""
    shows_alerts = not scope.is_named or bool(teams_within(teams, scope))
    shown = THE_WALLET if shows_alerts else THE_WALLET[:2]
    return tuple(question for question in shown if question.split()[0] in COMMANDS)


def build_desired_state(
    questions: Sequence[str], context: Context, scope: Scope = EVERYTHING, title: str = "agentcost"
) -> DesiredState:
    """Return what shows the answers to these questions; trouble with one worksheet leaves the others.

    Raises: InputError, if a question is none or shows nothing in a spreadsheet, or two of them ask for one worksheet.
    """
    asked = check_questions(questions or the_wallet(scope, context.config.teams))
    sheets: list[Worksheet] = []
    troubles: dict[str, AgentcostError] = {}
    for question in asked:
        name = _title_of(question)
        if name == COMPARE:
            sheets += workbook_for(question, context).worksheets
            continue
        try:
            sheets.append(_worksheet(name, question, context, scope))
        except AgentcostError as error:
            troubles[name] = error
    return DesiredState(Workbook(title, "; ".join(questions), context.as_of, tuple(sheets)), troubles)


def _worksheet(title: str, question: Question, context: Context, scope: Scope) -> Worksheet:
    own = layouts().get(question.command)
    if own and own.title == title:
        return own.make(question, context, scope)
    return answer_worksheet(title, question, context, scope)


def workbook_of(questions: Sequence[str], context: Context) -> Workbook:
    """Return the workbook of a file: what is asked, else the wallet's worksheets.

    Raises: InputError, MachineError.
    """
    if not questions and not context.has_warehouse:
        raise InputError("Nothing is imported yet, so there is no wallet to show. Import an export, or name a question.")
    asked = check_questions(questions)
    title = _workbook_title(asked)
    found = build_desired_state([print_question(question) for question in asked], context, title=title)
    if questions or not found.workbook.worksheets:
        for trouble in found.troubles.values():
            raise trouble
    return found.workbook


def _workbook_title(asked: Sequence[Question]) -> str:
    titles = [_title_of(question) for question in asked]
    if COMPARE in titles:
        return "Agentforce costs compared"
    return titles[0] if len(titles) == 1 else "The wallet"


def check_questions(questions: Sequence[str]) -> list[Question]:
    """Return the questions, those of the wallet where none is said, comparisons first. Raises: InputError."""
    return _in_order([parse(question) for question in questions or the_wallet()])


def _in_order(asked: list[Question]) -> list[Question]:
    """Return the questions, comparisons first. Raises: InputError."""
    places = [_title_of(question) for question in asked]
    twice = next((place for index, place in enumerate(places) if place in places[:index]), None)
    if twice:
        raise InputError(f"Two questions ask for the worksheet {twice}. A spreadsheet has it once: leave one of them out.")
    return [question for _, question in sorted(zip(places, asked, strict=True), key=lambda pair: pair[0] != COMPARE)]


def _title_of(question: Question) -> str:
    """Return the title of the worksheet that shows a question's answer. Raises: InputError, if none does."""
    command = question.command
    if command in WITHOUT_WORKSHEET:
        raise InputError(f"{command} has no worksheet; every other command has.")
    if (
        command in COMPARISONS
        and question.names_workload
        and not (question.plan or question.only or question.foundations or question.ranges)
    ):
        return COMPARE
    if command == "usage" and (question.by not in GRID_GROUPINGS or question.then_by or question.action):
        return " ".join([TITLES[command], question.by or "agent", *filter(None, (question.then_by, question.action))])
    if command in layouts():
        return layouts()[command].title
    return TITLES.get(command, command.capitalize())
