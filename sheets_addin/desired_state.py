"""The desired content of a spreadsheet: the worksheets of its questions, and why some cannot be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.alerts import teams_within
from core.errors import AgentcostError, InputError
from core.language import Question, parse, print_question
from core.records import NamedTuple
from core.scope import EVERYTHING
from sheets_addin.calculators import plan_price, seat_conversion, total_cost
from sheets_addin.compare.workbook import workbook_for
from sheets_addin.workbook.model import Workbook, fit_title, in_zone
from sheets_addin.worksheets import summary_page
from sheets_addin.worksheets.budgets import TITLE as BUDGETS
from sheets_addin.worksheets.budgets import budgets_worksheet
from sheets_addin.worksheets.registry import answer_worksheet, layouts
from sheets_addin.worksheets.showback import GROUPINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.config import Team
    from core.context import Context
    from core.scope import Scope
    from sheets_addin.workbook.model import Worksheet
    from sheets_addin.worksheets.budgets import TypedSheet

COMPARE, SUMMARY, BESIDE_VENDORS = "Compare", "summary", "Beside other vendors"
COMPARISONS = ("compare", "recommend", "breakeven")
GRID_GROUPINGS = (None, "agent", "department", "day")
"""The groupings that the table of days on the worksheet Usage answers; others have a worksheet of their own."""
TITLES = {
    "budget": BUDGETS,
    "breakeven": "Break-even point",
    "compare": "Plans compared",
    "convert": seat_conversion.TITLE,
    "price": plan_price.TITLE,
    "prices": "Price list",
    "recommend": "Recommendation",
    "tco": total_cost.TITLE,
    "usage": "Usage by",
}
CALCULATORS = {"convert": seat_conversion.worksheet, "price": plan_price.worksheet, "tco": total_cost.worksheet}
"""By command, the worksheets that stay live."""
WITHOUT_WORKSHEET = ("help",)
FIRST = {summary_page.TITLE: 0, COMPARE: 1}
THE_WALLET = (SUMMARY, "wallet", "usage by agent", "alerts", "budget")
SHOWBACK = tuple(f"usage by {by} then by month" for by in GROUPINGS)
OF_A_FILE = (*THE_WALLET, *SHOWBACK)
OF_A_PART, OF_ITS_TEAM = THE_WALLET[1:3], THE_WALLET[3:4]


class DesiredState(NamedTuple):
    """Worksheets, the error of each one that could not be made by title, and the name of the team's time zone.

    typed: budgets that people typed into the spreadsheet since it was last read, a line each.
    """

    workbook: Workbook
    troubles: dict[str, AgentcostError]
    time_zone: str = "UTC"
    typed: tuple[str, ...] = ()


def the_wallet(scope: Scope = EVERYTHING, teams: Iterable[Team] = ()) -> tuple[str, ...]:
    """Return the questions that show the wallet.

    A part of it has no summary, and has alerts only if a team watches nothing beyond that part.
    """
    if not scope.is_named:
        return THE_WALLET
    return (*OF_A_PART, *(OF_ITS_TEAM if teams_within(teams, scope) else ()))


def read_question(text: str) -> Question:
    """Return the question that a worksheet answers: any command's, or the summary, which only worksheets show.

    Raises: InputError.
    """
    return Question(SUMMARY) if text.strip().casefold() == SUMMARY else parse(text)


def split_questions(words: Sequence[str]) -> tuple[str, ...]:
    """Return the questions of a command line: each word is one, if all are questions; else the words are one question.

    Quoted words stay separate even if one of them is not a question, so that the error names it.
    """
    said, joined = tuple(word for word in words if word.strip()), " ".join(words).strip()
    is_several = all(_is_question(word) for word in said)
    if not is_several and not _is_question(joined):
        is_several = all(" " in word.strip() or _is_question(word) for word in said)
    return said if is_several else (joined,)


def _is_question(text: str) -> bool:
    try:
        read_question(text)
    except InputError:
        return False
    return True


def build_desired_state(
    questions: Sequence[str],
    context: Context,
    scope: Scope = EVERYTHING,
    title: str = "agentcost",
    typed: TypedSheet | None = None,
) -> DesiredState:
    """Return the worksheets that answer these questions; an error in one worksheet does not affect the others.

    typed: what people typed into the worksheet Budgets, which stays there; None for a file, which shows every budget.
    Raises: InputError, if a question is invalid or has no worksheet, or if two of them need the same worksheet.
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
            if question.command == "budget":
                sheets.append(budgets_worksheet(question, context, scope, typed))
                continue
            sheets.append(_worksheet(name, question, context, scope))
        except AgentcostError as error:
            troubles[name] = error
    shown = tuple(in_zone(sheet, context.config.zone) for sheet in sheets)
    return DesiredState(Workbook(title, "; ".join(questions), context.as_of, shown), troubles, context.config.time_zone)


def shows_budgets(questions: Sequence[str]) -> bool:
    """Whether one of the questions has the worksheet in which budgets are typed."""
    return any(read_question(question).command == "budget" for question in questions)


def _worksheet(title: str, question: Question, context: Context, scope: Scope) -> Worksheet:
    if question.command in CALCULATORS:
        return CALCULATORS[question.command](question, context, scope)
    own = layouts().get(question.command)
    if own and own.title == title:
        return own.make(question, context, scope)
    return answer_worksheet(title, question, context, scope)


def workbook_of(questions: Sequence[str], context: Context) -> Workbook:
    """Return the workbook of a file: the questions asked, else the wallet's worksheets with showback by every name.

    Raises: InputError, MachineError.
    """
    if not questions and not context.has_warehouse:
        raise InputError("Nothing has been imported yet, so there is no wallet to show. Import an export, or name a question.")
    asked = check_questions(questions or OF_A_FILE)
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
    """Return the questions, by default those of the wallet, comparisons first. Raises: InputError."""
    return _in_order([read_question(question) for question in questions or the_wallet()])


def _in_order(asked: list[Question]) -> list[Question]:
    """Return the questions, the summary first, then comparisons. Raises: InputError."""
    places = [_title_of(question) for question in asked]
    twice = next((place for index, place in enumerate(places) if place in places[:index]), None)
    if twice:
        raise InputError(f"Two questions ask for the worksheet {twice}. A spreadsheet has it once: leave one of them out.")
    return [question for _, question in sorted(zip(places, asked, strict=True), key=lambda pair: FIRST.get(pair[0], len(FIRST)))]


def _title_of(question: Question) -> str:
    """Return the title of the worksheet that shows a question's answer. Raises: InputError, if there is none."""
    command = question.command
    if command in WITHOUT_WORKSHEET:
        raise InputError(f"{command} has no worksheet; every other command has.")
    if (
        command in COMPARISONS
        and question.names_workload
        and not (question.plan or question.only or question.foundations or question.ranges or question.vendors)
    ):
        return COMPARE
    if command == "compare" and question.vendors:
        return BESIDE_VENDORS
    if command == "usage" and (question.by not in GRID_GROUPINGS or question.then_by or question.action):
        return fit_title(" ".join([TITLES[command], question.by or "agent", *filter(None, (question.then_by, question.action))]))
    if command in layouts():
        return layouts()[command].title
    return TITLES.get(command, command.capitalize())
