"""What a text means: a question in the strict language, or one in people's own words, whose reading is shown.

The strict language comes first: if it accepts the text, that is the question. Anything else is interpreted; if that gives one
complete reading, it is answered and shown, else the user is asked which reading is meant.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.errors import InputError, NotUnderstoodError, QuestionError
from core.language import COMMANDS, command_of, print_question, read
from core.patterns import compiled
from core.records import NamedTuple
from core.scope import EVERYTHING, NAME_KINDS, find_alike

if TYPE_CHECKING:
    from core.config import Budget
    from core.context import Context
    from core.language import Question
    from core.language.free_text import Interpretation, Names, TeamCalendar
    from core.scope import NameKind

# Longer texts are not questions; reading them word by word would block others.
MAX_TEXT = 500


class QuestionMeaning(NamedTuple):
    """A question, and how it was read if the words were the asker's own. read_as: the canonical text, else empty."""

    question: Question
    read_as: str = ""
    assumptions: tuple[str, ...] = ()
    is_small_talk: bool = False


def meaning_of(text: str, context: Context) -> QuestionMeaning:
    """Return what a text asks.

    Raises: NotUnderstoodError, with up to three complete readings as suggestions, unless there is exactly one.
    """
    try:
        return QuestionMeaning(read(text))
    except QuestionError as error:
        for word, sought, where in ELSEWHERE:
            if word in text.lower() and (found := compiled(sought).search(text)):
                raise QuestionError(where, text, *found.span()) from None
        return _interpreted(text, context, error)


def likely_question(text: str) -> Question | None:
    """Return what a text seems to ask, without looking at the wallet's names; None if that is unclear."""
    try:
        return read(text)
    except QuestionError:
        from core.language.free_text import (  # noqa: PLC0415
            AskBack,
            TeamCalendar,
            interpret,
        )
    if len(text) > MAX_TEXT:
        return None
    try:
        return read(interpret(text, TeamCalendar(ANY_DAY)).question)
    except AskBack:
        return None


# Which command is asked does not depend on the day.
OF_IMPORTS = r"(?i)^\s*(?:/?agentcost\s+)?(?:(?:undo|list|show)\s+(?:the\s+)?)?imports?\b|--undo\b"
ON_THE_COMMAND_LINE = (
    "Imports are listed, taken back and read again on the command line, where the warehouse is: agentcost imports, "
    "agentcost import --undo N"
)
SETS_BUDGET = r"(?i)^\s*(?:/?agentcost\s+)?(?:please\s+)?(?:set|change|add|create|raise|lower|increase|setze?|ändere)\b.*\bbudget"
IN_APP_YAML = (
    "Budgets are written in app.yaml under budgets, such as - {department: Sales, per: month, usd: 50000}, in the CSV file that "
    "budgets_file names; asking changes none"
)
ELSEWHERE = (
    ("import", OF_IMPORTS, ON_THE_COMMAND_LINE),
    ("--undo", OF_IMPORTS, ON_THE_COMMAND_LINE),
    ("budget", SETS_BUDGET, IN_APP_YAML),
)
ANY_DAY = date(2026, 1, 1)


def _interpreted(text: str, context: Context, strict: QuestionError) -> QuestionMeaning:
    from core.language.free_text import AskBack  # noqa: PLC0415 - what the strict language takes does not pay for it

    if not text.strip() or len(text) > MAX_TEXT:
        raise _with_suggestions(strict)
    try:
        reading = _reading(text, context)
    except AskBack as back:
        command = command_of(text)
        if command is not None:
            told = _with_suggestions(strict)
            is_read = any(command_of(one) is not COMMANDS["help"] for one in back.readings)
            are_examples = len(told.suggestions) > 1 and set(told.suggestions) <= set(command.examples)
            if not is_read or not are_examples:
                raise told from None
        raise NotUnderstoodError(_clause(back.reason), text, back.start, back.end, back.readings) from None
    question = read(reading.question)
    return QuestionMeaning(question, print_question(question), reading.assumptions, reading.is_small_talk)


def _clause(reason: str) -> str:
    return reason[0].upper() + reason[1:]


def _with_suggestions(error: QuestionError) -> NotUnderstoodError:
    from core.language.suggestions import suggestions  # noqa: PLC0415 - only a question at fault pays for it

    return NotUnderstoodError(error.reason, error.question, error.start, error.end, suggestions(error))


def _reading(text: str, context: Context) -> Interpretation:
    """Interpret without the wallet's names first; a question about prices does not need them."""
    from core.language.free_text import AskBack, Names, interpret  # noqa: PLC0415 - as above

    calendar = _calendar(context)
    try:
        reading = interpret(text, calendar, Names({}, dict(context.config.words)))
    except AskBack:
        if not context.has_warehouse:
            raise
    else:
        question = read(reading.question)
        if not context.has_warehouse or COMMANDS[question.command].wallet(question) != "needed":
            return reading
    return interpret(text, calendar, _names(context))


def _calendar(context: Context) -> TeamCalendar:
    from core.language.free_text import TeamCalendar  # noqa: PLC0415 - as above

    config, order = context.config, context.config.wallet.date_order
    return TeamCalendar(
        context.as_of,
        config.period_calendar.first_weekday,
        config.fiscal_year_start,
        None if order is None else "dmy" if order == "day_first" else "mdy",
    )


def _names(context: Context) -> Names:
    """Return the wallet's names that the caller may see, and the teams of app.yaml."""
    from core.alerts import budgets_within  # noqa: PLC0415 - as above
    from core.budgets import budgets_of  # noqa: PLC0415 - as above
    from core.language.free_text import Names  # noqa: PLC0415 - as above
    from core.wallet.usage import slices  # noqa: PLC0415 - as above
    from core.warehouse import queries  # noqa: PLC0415 - as above

    found: dict[NameKind, list[str]] = {}
    actions: list[str] = []
    use_cases: list[str] = []
    budgets: list[Budget] = []
    try:
        with context.reading() as session:
            budgets = budgets_within(budgets_of(session, context), context.only, context.config)
            found = slices.names_by_kind(slices.open_names(session, context.only))
            if context.only == EVERYTHING:  # for a limited scope, its actions are not disclosed
                actions = [row.name for row in session.rows(queries.WalletActionsRow)]
                everywhere = EVERYTHING.parameters(*NAME_KINDS)
                use_cases = [row.name for row in session.rows(queries.WalletUseCasesRow, **everywhere)]
    except InputError:
        pass
    teams = sorted(team.name for team in context.config.teams)
    for budget in budgets:
        if budget.kind and budget.kind != "team" and not find_alike(budget.name, found.get(budget.kind, ())):
            found.setdefault(budget.kind, []).append(budget.name)
    by_kind: dict[str, list[str]] = {kind: sorted(names) for kind, names in found.items()}
    return Names(by_kind | {"team": teams, "action": actions, "use case": use_cases}, dict(context.config.words))
