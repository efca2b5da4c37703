"""What a spreadsheet should hold: the worksheets of its questions, and why those that cannot be made cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.errors import AgentcostError, InputError
from core.language import COMMANDS, parse, print_question
from sheets_addin.compare.workbook import workbook_for
from sheets_addin.workbook.model import Workbook
from sheets_addin.worksheets import alerts, digests, usage, wallet
from sheets_addin.worksheets.registry import WHOLE, alerts_worksheet, digests_worksheet, usage_worksheet, wallet_worksheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.config import Team
    from core.context import Context
    from core.language import Question
    from sheets_addin.workbook.model import Worksheet
    from sheets_addin.worksheets.registry import SheetScope

COMPARISONS = ("compare", "recommend", "breakeven")
WALLET_WORKSHEETS: dict[str, tuple[str, Callable[[Question, Context, SheetScope], Worksheet]]] = {
    "wallet": (wallet.TITLE, wallet_worksheet),
    "usage": (usage.TITLE, usage_worksheet),
    "alerts": (alerts.TITLE, alerts_worksheet),
    "digests": (digests.TITLE, digests_worksheet),
}
THE_WALLET = ("wallet", "usage by agent", "alerts")


class DesiredState(NamedTuple):
    """Worksheets, and by title the trouble of those that could not be made."""

    workbook: Workbook
    troubles: dict[str, AgentcostError]


def the_wallet(scope: SheetScope = WHOLE, teams: Iterable[Team] = ()) -> tuple[str, ...]:
    """Return the questions that show the wallet; of a part of it, alerts only where a team watches nothing beyond that part."""
    shows_alerts = scope.is_whole or bool(scope.teams(teams))
    shown = THE_WALLET if shows_alerts else THE_WALLET[:2]
    return tuple(question for question in shown if question.split()[0] in COMMANDS)


def build_desired_state(
    questions: Sequence[str], context: Context, scope: SheetScope = WHOLE, title: str = "agentcost"
) -> DesiredState:
    """Return what shows the answers to these questions; trouble with one worksheet leaves the others.

    Raises: InputError, if a question is none or shows nothing in a spreadsheet, or two of them ask for one worksheet.
    """
    asked = check_questions(questions or the_wallet(scope, context.config.teams))
    sheets: list[Worksheet] = []
    troubles: dict[str, AgentcostError] = {}
    for question in asked:
        if question.command in COMPARISONS:
            sheets += workbook_for(question, context).worksheets
            continue
        name, make = WALLET_WORKSHEETS[question.command]
        try:
            sheets.append(make(question, context, scope))
        except AgentcostError as error:
            troubles[name] = error
    return DesiredState(Workbook(title, "; ".join(questions), context.as_of, tuple(sheets)), troubles)


def workbook_of(questions: Sequence[str], context: Context) -> Workbook:
    """Return the workbook of a file: what is asked, and the wallet's worksheets where anything was imported.

    Raises: InputError, MachineError.
    """
    asked = list(check_questions(questions)) if questions else []
    said = {_worksheet_of(question) for question in asked}
    if context.has_warehouse:
        commands = {question.command for question in asked}
        asked += [parse(text) for text in the_wallet() if text.split()[0] not in commands]
    elif not asked:
        raise InputError("Nothing is imported yet, so there is no wallet to show. Import an export, or name a comparison.")
    found = build_desired_state([print_question(question) for question in asked], context, title=_title(asked))
    for title, trouble in found.troubles.items():
        if title in said or not found.workbook.worksheets:
            raise trouble
    return found.workbook


def _title(asked: Sequence[Question]) -> str:
    return "Agentforce costs compared" if any(question.command in COMPARISONS for question in asked) else "The wallet"


def check_questions(questions: Sequence[str]) -> list[Question]:
    """Return the questions, those of the wallet where none is said, comparisons first. Raises: InputError."""
    return _in_order([parse(question) for question in questions or the_wallet()])


def _in_order(asked: list[Question]) -> list[Question]:
    """Return the questions, comparisons first. Raises: InputError."""
    places = [_worksheet_of(question) for question in asked]
    twice = next((place for index, place in enumerate(places) if place in places[:index]), None)
    if twice:
        raise InputError(f"Two questions ask for the worksheet {twice}. A spreadsheet has it once: leave one of them out.")
    return [question for _, question in sorted(zip(places, asked, strict=True), key=lambda pair: pair[0] != "Compare")]


def _worksheet_of(question: Question) -> str:
    if question.command in WALLET_WORKSHEETS:
        return WALLET_WORKSHEETS[question.command][0]
    if question.command not in COMPARISONS:
        known = ", ".join((*COMPARISONS, *(name for name in WALLET_WORKSHEETS if name in COMMANDS)))
        raise InputError(f"{question.command} has no worksheet. A spreadsheet shows: {known}.")
    if not question.names_workload:
        raise InputError(f"A comparison needs a workload, for example: {question.command} 10000 interactions 18 actions.")
    return "Compare"
