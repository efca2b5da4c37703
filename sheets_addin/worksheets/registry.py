"""The worksheets that show answers, for the whole wallet or for the parts of it that a team may see."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from core.alerts import teams_within
from core.currency import show_in_currency
from core.digests import summarize_wallet
from core.errors import InputError
from core.language import COMMANDS, Question
from core.questions import answer_to, is_about_wallet
from core.questions.alerts import answer_alerts, answer_digests
from core.questions.wallet import usage_grids
from core.records import NamedTuple
from core.scope import EVERYTHING, OutsideScopeError, Scope, find_alike
from sheets_addin.worksheets import (
    alerts,
    any_answer,
    currency_rows,
    digests,
    showback,
    summary_page,
    usage,
    wallet,
    wallet_by_scope,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.answer import Answer, Table
    from core.context import Context
    from core.scope import NameKind
    from sheets_addin.workbook import Worksheet


NO_NAME = re.compile(r"[^a-z0-9_]+")
UNDELIVERED = "undelivered"
TEAM_ANSWERS = {"alerts": answer_alerts, "digests": answer_digests}


class OwnLayout(NamedTuple):
    """A separate layout for the answers of one question: the question's command, the worksheet's title, and its function."""

    command: str
    title: str
    make: Callable[[Question, Context, Scope], Worksheet]


@cache
def layouts() -> Mapping[str, OwnLayout]:
    """Return each layout by its command: those of the wallet, and the LAYOUT of every other module of this folder."""
    # Modules are found by file on first use, so that they may import what they need from here.
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in {"__init__", "registry"})
    found: list[OwnLayout] = [
        OwnLayout("summary", summary_page.TITLE, summary_worksheet),
        OwnLayout("wallet", wallet.TITLE, wallet_worksheet),
        OwnLayout("usage", usage.TITLE, usage_worksheet),
        OwnLayout("alerts", alerts.TITLE, alerts_worksheet),
        OwnLayout("digests", digests.TITLE, digests_worksheet),
        *filter(None, (getattr(import_module(f"{__package__}.{name}"), "LAYOUT", None) for name in names)),
    ]
    return {layout.command: layout for layout in found}


class NobodyToldOfPartError(InputError):
    """No team watches only what the spreadsheet may show."""

    def __init__(self, command: str, team: str | None) -> None:
        """Say so, and what to do. command: what was requested, alerts or digests."""
        self.team = team
        who = "No team of app.yaml watches" if team is None else f'The team "{team}" does not watch'
        super().__init__(
            f"{who} only what this spreadsheet may show, so its {command} could tell of others. Leave {command} out of its "
            "questions, or add a team with the same org, departments or agents."
        )


def narrow(question: Question, scope: Scope) -> list[Question]:
    """Return the question, once for each part of the scope; the parts do not overlap.

    What the question itself names stays named. Raises: InputError, if that is outside the scope.
    """
    return [part.apply(question) for part in _parts(question, scope)]


def _parts(question: Question, scope: Scope) -> list[Scope]:
    try:
        return scope.narrow(_named(question)).parts()
    except OutsideScopeError as outside:
        shown = ", ".join(scope.names(cast("NameKind", outside.kind)))
        raise InputError(
            f"This spreadsheet may show {outside.kind} {shown}, and a question of it names {outside.kind} {outside.name}. "
            f"Leave {outside.name} out of its questions, or add it under spreadsheets in app.yaml."
        ) from outside


def _named(question: Question) -> Scope:
    """Return the org, department and agent of a question."""
    return Scope.of(question)._replace(card="", environment="", grain="")


def summary_worksheet(question: Question, context: Context, scope: Scope = EVERYTHING) -> Worksheet:  # noqa: ARG001 - as the others
    """Return the Summary worksheet. Raises: InputError, also for a part of the wallet, which has no balance."""
    answer = summarize_wallet(replace(context, only=scope))
    return _in_currency(summary_page.worksheet(answer, context.config.time_zone), [answer], context)


def wallet_worksheet(question: Question, context: Context, scope: Scope = EVERYTHING) -> Worksheet:
    """Return the Wallet worksheet: the balance of all, or the usage of the scope's parts. Raises: InputError, MachineError."""
    asked, seen = narrow(question, scope), replace(context, only=scope)
    if not any(_named(one).is_named for one in asked):
        answer = answer_to(asked[0], context)
        return _in_currency(wallet.worksheet(answer, _forecast(context), context.config.time_zone), [answer], context)
    found = [(_named(one).words(), answer_to(one, seen)) for one in asked]
    sheet, parts = wallet_by_scope.worksheet(found, context.config.time_zone), [part for part, _ in found]
    return _in_currency(sheet, [answer for _, answer in found], context, parts)


def _in_currency(sheet: Worksheet, answers: Sequence[Answer], context: Context, parts: Sequence[str] = ("",)) -> Worksheet:
    """Return a worksheet with its own layout, with its answers' amounts in the display currency below, if there is one.

    parts: the part of the wallet of each answer, empty for all of it.
    """
    shown = [show_in_currency(answer, context.config.currency) for answer in answers]
    return currency_rows.below(sheet, [(part, one) for part, one in zip(parts, shown, strict=True)])


def _forecast(context: Context) -> Answer | None:
    """Return the forecast; None if there is none, for example with too little data."""
    try:
        return answer_to(Question("forecast"), context) if "forecast" in COMMANDS else None
    except InputError:
        return None


def usage_worksheet(question: Question, context: Context, scope: Scope = EVERYTHING) -> Worksheet:
    """Return the Usage worksheet. Raises: InputError, MachineError."""
    grids = usage_grids(narrow(question, scope), replace(context, only=scope), "agent", "department")
    return usage.worksheet(grids, context.as_of, keeps_gone=not scope.is_named)


def answer_worksheet(title: str, question: Question, context: Context, scope: Scope = EVERYTHING) -> Worksheet:
    """Return the worksheet of any other question: one answer, or one for each part of the wallet that the scope shows.

    Raises: InputError, if the question has no answer, or none about a part of the wallet; MachineError.
    """
    parts = _parts(question, scope) if is_about_wallet(question) else [scope]
    seen = [(only, replace(context, only=only)) for only in parts]
    found = [(only, show_in_currency(answer_to(question, one), context.config.currency)) for only, one in seen]
    sections = [any_answer.Section(only.words() if len(parts) > 1 else "", _by_clock(answer, context)) for only, answer in found]
    if is_showback(question):
        return showback.worksheet(title, question.by or "agent", sections)
    return any_answer.worksheet(title, name_prefix(title, question), sections)


def name_prefix(title: str, question: Question) -> str:
    """Return the prefix of a worksheet's figure names: its command, or its title if a workbook may have several."""
    has_several = question.command == "usage" or bool(question.vendors)
    return "_".join(NO_NAME.sub(" ", title.lower() if has_several else question.command).split())


def is_showback(question: Question) -> bool:
    """Whether a question is for the cost of each name by month, without restrictions."""
    is_by_month = question.command == "usage" and (question.by or "agent") in showback.GROUPINGS and question.then_by == "month"
    return is_by_month and not question.top and not question.action


def alerts_worksheet(question: Question, context: Context, scope: Scope = EVERYTHING) -> Worksheet:
    """Return the Alerts worksheet. Raises: InputError, if the scope shows no such team's alerts; MachineError."""
    return alerts.worksheet([_lasting(answer) for answer in _answer_for_teams(question, context, scope)])


def digests_worksheet(question: Question, context: Context, scope: Scope = EVERYTHING) -> Worksheet:
    """Return the Digests worksheet. Raises: InputError, if the scope shows no such team's digests; MachineError."""
    return digests.worksheet(_answer_for_teams(question, context, scope))


def _answer_for_teams(question: Question, context: Context, scope: Scope) -> list[Answer]:
    """Return what was sent to all teams, or to each of those that watch only what the scope shows, about what they watch now."""
    if not scope.is_named:
        return [_by_clock(answer_to(question, context), context)]
    teams = [team.name for team in teams_within(context.config.teams, scope)]
    asked = teams if question.team is None else find_alike(question.team, teams)
    if not asked:
        raise NobodyToldOfPartError(question.command, question.team)
    tell, seen = TEAM_ANSWERS[question.command], replace(context, only=scope)
    return [_by_clock(tell(question._replace(team=name), seen), context) for name in asked]


def _by_clock(answer: Answer, context: Context) -> Answer:
    """Return the answer with the team's time zone in the labels of instants, in which worksheets show them."""
    zone = context.config.time_zone
    figures = tuple(one._replace(label=f"{one.label} ({zone})") if one.unit == "instant" else one for one in answer.figures)
    tables = tuple(
        table._replace(
            columns=tuple(one._replace(label=f"{one.label} ({zone})") if one.unit == "instant" else one for one in table.columns)
        )
        for table in answer.tables
    )
    return replace(answer, figures=figures, tables=tables)


def _lasting(answer: Answer) -> Answer:
    """Return the answer without pending messages, some of which writing the worksheet delivers; failed ones stay."""
    tables = (_list_failed(table) if table.key == UNDELIVERED else table for table in answer.tables)
    return replace(answer, tables=tuple(table for table in tables if table.rows))


def _list_failed(table: Table) -> Table:
    state = [column.key for column in table.columns].index("state")
    return table._replace(rows=tuple(row for row in table.rows if row[state] == "failed"))
