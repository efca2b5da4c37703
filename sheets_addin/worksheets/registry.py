"""The worksheets that show answers, for all of the wallet or for the parts of it that a team may see."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from core.alerts import teams_within
from core.errors import InputError
from core.language import COMMANDS, Question
from core.questions import answer_to, is_about_wallet
from core.questions.alerts import answer_alerts, answer_digests
from core.questions.wallet import usage_grids
from core.scope import WalletFilter
from sheets_addin.worksheets import alerts, any_answer, digests, usage, wallet, wallet_by_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.answer import Answer, Table
    from core.config import Team
    from core.context import Context
    from sheets_addin.workbook import Worksheet


class SheetScope(NamedTuple):
    """The part of the wallet that a spreadsheet shows; empty means all of it."""

    org: str | None = None
    departments: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the wallet is left out."""
        return not (self.org or self.departments or self.agents)

    def narrow(self, question: Question) -> list[Question]:
        """Return the question, once for each part of the scope; the parts share no use.

        What the question itself names stays named. Raises: InputError, if that lies outside of the scope.
        """
        self._hold("org", question.org, (self.org,) if self.org else ())
        self._hold("department", question.department, self.departments)
        self._hold("agent", question.agent, self.agents)
        departments = (question.department,) if question.department else self.departments or (None,)
        agents = (question.agent,) if question.agent else self.agents or (None,)
        pairs = product(departments, agents)
        return [question._replace(org=question.org or self.org, department=one, agent=other) for one, other in pairs]

    def parts(self, question: Question) -> list[WalletFilter]:
        """Return each part of the wallet that the scope shows of a question. Raises: InputError, as `narrow`."""
        if not is_about_wallet(question):
            return [self.only]
        return [
            WalletFilter(one.org or "", (one.department,) if one.department else (), (one.agent,) if one.agent else ())
            for one in self.narrow(question)
        ]

    def _hold(self, kind: str, named: str | None, shown: Sequence[str]) -> None:
        if named and shown and named.casefold() not in {one.casefold() for one in shown}:
            raise InputError(
                f"This spreadsheet may show {kind} {', '.join(shown)}, and a question of it names {kind} {named}. "
                f"Leave {named} out of its questions, or add it under spreadsheets in app.yaml."
            )

    def teams(self, known: Iterable[Team]) -> list[Team]:
        """Return the teams that watch nothing but what the scope shows, so that their alerts tell of no others."""
        return list(teams_within(known, self.only))

    @property
    def only(self) -> WalletFilter:
        """The scope as what is open to who asks."""
        return WalletFilter(self.org or "", self.departments, self.agents)


WHOLE, UNDELIVERED = SheetScope(), "undelivered"
TEAM_ANSWERS = {"alerts": answer_alerts, "digests": answer_digests}


class NobodyToldOfPartError(InputError):
    """No team watches only what a spreadsheet may show."""

    def __init__(self, command: str, team: str | None) -> None:
        """Say it, and what to do. command: what was asked for, alerts or digests."""
        self.team = team
        who = "No team of app.yaml watches" if team is None else f'The team "{team}" does not watch'
        super().__init__(
            f"{who} only what this spreadsheet may show, so its {command} could tell of others. Leave {command} out of its "
            "questions, or add a team with the same org, departments or agents."
        )


def wallet_worksheet(question: Question, context: Context, scope: SheetScope = WHOLE) -> Worksheet:
    """Return the Wallet worksheet: the balance of all, or what each part of the scope uses. Raises: InputError, MachineError."""
    asked = scope.narrow(question)
    if len(asked) == 1 and not (asked[0].department or asked[0].agent or asked[0].org):
        return wallet.worksheet(answer_to(asked[0], context), _forecast(context))
    return wallet_by_scope.worksheet([(_part(one), answer_to(one, context)) for one in asked])


def _forecast(context: Context) -> Answer | None:
    """Return the forecast; None where there is none, as while there is too little data."""
    try:
        return answer_to(Question("forecast"), context) if "forecast" in COMMANDS else None
    except InputError:
        return None


def _part(question: Question) -> str:
    named = (("org", question.org), ("department", question.department), ("agent", question.agent))
    return ", ".join(f"{kind} {name}" for kind, name in named if name)


def usage_worksheet(question: Question, context: Context, scope: SheetScope = WHOLE) -> Worksheet:
    """Return the Usage worksheet. Raises: InputError, MachineError."""
    grids = usage_grids(scope.narrow(question), context, "agent", "department")
    return usage.worksheet(grids, context.as_of)


def answer_worksheet(title: str, question: Question, context: Context, scope: SheetScope = WHOLE) -> Worksheet:
    """Return the worksheet of any other question: one answer, or one for each part of the wallet that the scope shows.

    Raises: InputError, where the question has no answer, or none about a part of the wallet; MachineError.
    """
    parts = scope.parts(question)
    sections = [
        any_answer.Section(only.words() if len(parts) > 1 else "", answer_to(question, replace(context, only=only)))
        for only in parts
    ]
    return any_answer.worksheet(title, "_".join(question.command.split()), sections)


def alerts_worksheet(question: Question, context: Context, scope: SheetScope = WHOLE) -> Worksheet:
    """Return the Alerts worksheet. Raises: InputError, if the scope shows no such team's; MachineError."""
    return alerts.worksheet([_lasting(answer) for answer in _answer_for_teams(question, context, scope)])


def digests_worksheet(question: Question, context: Context, scope: SheetScope = WHOLE) -> Worksheet:
    """Return the Digests worksheet. Raises: InputError, if the scope shows no such team's; MachineError."""
    return digests.worksheet(_answer_for_teams(question, context, scope))


def _answer_for_teams(question: Question, context: Context, scope: SheetScope) -> list[Answer]:
    """Return what all teams were told, or each of those that watch only what the scope shows, about what they watch now."""
    if scope.is_whole:
        return [answer_to(question, context)]
    teams = [team.name for team in scope.teams(context.config.teams)]
    asked = [name for name in teams if question.team is None or name.casefold() == question.team.casefold()]
    if not asked:
        raise NobodyToldOfPartError(question.command, question.team)
    tell, seen = TEAM_ANSWERS[question.command], replace(context, only=scope.only)
    return [tell(question._replace(team=name), seen) for name in asked]


def _lasting(answer: Answer) -> Answer:
    """Return the answer without messages on their way, of which writing the worksheet delivers some; what failed stays."""
    tables = (_list_failed(table) if table.key == UNDELIVERED else table for table in answer.tables)
    return replace(answer, tables=tuple(table for table in tables if table.rows))


def _list_failed(table: Table) -> Table:
    state = [column.key for column in table.columns].index("state")
    return table._replace(rows=tuple(row for row in table.rows if row[state] == "failed"))
