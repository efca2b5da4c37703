"""The wallet's own last 28 complete days as the workload of a pricing question that names none."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Note, group_digits, number, percent
from core.cards import FLEX_CREDITS
from core.days import DAYS_IN_YEAR, MONTHS_IN_YEAR
from core.errors import InputError
from core.language import ActionsInput, Last, PerPeriod, Question
from core.records import NamedTuple
from core.wallet.usage import periods, slices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.context import Context
    from core.wallet.usage import Scene

    UsedRow = queries.UsageByTwoNamesRow | queries.UsageOfUserRow

WINDOW = Last(periods.BURN_DAYS, "day")


def from_wallet(question: Question, context: Context) -> tuple[Question, list[Note]]:
    """Return the question with the wallet's usage of its last 28 complete days, as a month, and a note that says so.

    It is priced by the credits that the wallet counted, whatever the list prices of its actions.
    Interactions are filled in if the AI usage export covers these days, users if events name one for all usage.
    Raises: InputError, if the wallet has no complete day.
    """
    with last_days(context, question) as inside:
        days = inside.days
        user = slices.user_of(question, inside.part, context, inside.session)
        use_case = slices.use_case_of(question, inside.part, context, inside.session)
        by_environment = _by("environment", inside, use_case) if user is None else _of_user(user, use_case, inside)
        by_type = _by("type", inside, use_case) if user is None else []
        is_of_all = user is None and use_case is None
        found = people(inside) if is_of_all else NOBODY
        interactions = _interactions(inside) if is_of_all else 0
        lacking = slices.lacking_notes(inside.part, inside.extent, days)
        is_flex = inside.part.card == FLEX_CREDITS
    actions, burnt = _sum(by_environment), sum((row.credits for row in by_environment), Decimal(0))
    if not actions:
        raise InputError(f"The wallet counts no actions, {days}. Name the workload, for example: 10000 interactions 5 actions.")
    filled = question._replace(
        actions=_actions(actions, interactions, days.days),
        interactions=PerPeriod(_a_month(Decimal(interactions), days.days)) if interactions else None,
        users=Decimal(found.seats) if found.seats else None,
        sandbox_share=_share([row for row in by_environment if row.name == "sandbox"], actions),
        voice_share=_share([row for row in by_type if is_voice(row.name)], actions),
        counted_credits_per_year=burnt * DAYS_IN_YEAR / days.days if is_flex else None,
    )
    named = ", ".join([*filter(None, (inside.part.words(), user and f"user {user}", use_case and f"use case {use_case}"))])
    said = _sentence(filled, actions, burnt, interactions, inside)
    return filled, [Note("assumption", f"{said} Only {named} is counted." if named else said), *lacking, *found.notes()]


ALL = Question(command="usage")


@contextmanager
def last_days(context: Context, of: Question = ALL) -> Iterator[Scene]:
    """Open the wallet on its last 28 complete days, for the org, agent and department that a question names, or for all.

    Raises: InputError, without any such day.
    """
    asked = Question(command="usage", span=WINDOW, org=of.org, agent=of.agent, department=of.department)
    with slices.open_slice(asked, context) as scene:
        days = periods.burn_range(scene.extent, scene.days.day_after_last)
        if days is None:
            raise InputError(
                "The wallet has no complete day of data yet. Name the workload, for example: 10000 interactions 5 actions."
            )
        yield replace(scene, days=days)


def credits_of(scene: Scene) -> Decimal:
    """Return the credits of the days as counted by the wallet."""
    return sum((row.credits for row in _by("environment", scene)), Decimal(0))


class Counted(NamedTuple):
    """Actions and the credits they consumed."""

    actions: Decimal
    credits: Decimal


def sandbox_actions(scene: Scene) -> dict[str, Counted]:
    """Return sandbox usage on these days: voice actions, and all others; usage that is not actions has no rate to look up."""
    rows = _by("type", replace(scene, part=scene.part._replace(environment="sandbox")))
    of_voice = [row for row in rows if is_voice(row.name)]
    others = [row for row in rows if row not in of_voice and row.actions > 0]
    return {
        kind: Counted(_sum(found), sum((row.credits for row in found), Decimal(0)))
        for kind, found in {"action": others, "voice": of_voice}.items()
    }


def is_voice(usage_type: str) -> bool:
    """Whether a usage type is that of voice actions."""
    return "voice" in usage_type.lower()


def _actions(actions: Decimal, interactions: int, days: int) -> ActionsInput:
    return ActionsInput(actions / interactions, "interaction") if interactions else ActionsInput(_a_month(actions, days), "month")


def _a_month(amount: Decimal, days: int) -> Decimal:
    return amount * DAYS_IN_YEAR / (days * MONTHS_IN_YEAR)


def _share(rows: Sequence[UsedRow], actions: Decimal) -> Decimal | None:
    """Return the rows' percentage of the actions; None without actions, as if it were not stated."""
    return _sum(rows) / actions * Decimal(100) or None


def _sentence(filled: Question, actions: Decimal, burnt: Decimal, interactions: int, scene: Scene) -> str:
    parts = [f"{number(actions)} actions, {number(burnt)} credits"]
    parts += [f"{group_digits(interactions)} interactions"] if interactions else []
    parts += [f"{number(filled.users)} users"] if filled.users else []
    parts += [f"{percent(filled.sandbox_share)} of the actions in sandboxes"] if filled.sandbox_share else []
    parts += [f"{percent(filled.voice_share)} of the actions by voice"] if filled.voice_share else []
    days = f"{scene.days.days} complete days ({scene.days})"
    return f"Nothing was named, so this is the wallet's own use of its last {days}, taken as a month: {', '.join(parts)}."


def _by(name: str, scene: Scene, use_case: str | None = None) -> Sequence[UsedRow]:
    """Return the usage of the days by a name, a row for each day and name."""
    filters = scene.between("grain", "environment", "org", "agent", "department")
    return scene.session.rows(queries.UsageByTwoNamesRow, by=name, then_by=None, action=None, use_case=use_case, **filters)


def _of_user(user: str, use_case: str | None, scene: Scene) -> Sequence[UsedRow]:
    """Return one person's usage by environment. Raises: InputError, for a use case, which is not kept by person."""
    if use_case is not None:
        raise InputError("The wallet keeps no use case by person. Ask about the person or the use case, not both.")
    filters = scene.between("environment", "org", "agent", "department")
    return scene.session.rows(queries.UsageOfUserRow, user=user, by="environment", then_by=None, **filters)


class ActiveUsers(NamedTuple):
    """How many people events name, and how many of all credits are theirs."""

    named: int
    credits: Decimal
    all_credits: Decimal
    names_all_use: bool

    @property
    def seats(self) -> int:
        """The seats that all of the usage needs; 0 if some of it names nobody, because seats do not serve customers."""
        return self.named if self.names_all_use else 0

    def notes(self) -> list[Note]:
        """Return why seats are not priced although people are named."""
        if not self.named or self.seats:
            return []
        share = percent(self.credits / self.all_credits * Decimal(100)) if self.all_credits else percent(Decimal(0))
        people = f"{group_digits(self.named)} {'user' if self.named == 1 else 'users'}"
        text = (
            f"Events name {people} for {share} of the credits; the rest may be customers', whom no seat serves, so seats are not"
        )
        brief = f"Seats are not priced: the events name users for {share} of the credits only."
        return [Note("warning", f"{text} priced for it (ask: users).", brief)]


NOBODY = ActiveUsers(0, Decimal(0), Decimal(0), names_all_use=False)


def people(scene: Scene) -> ActiveUsers:
    """Return how many people the events of the days name, whatever they used, and for how much of the usage."""
    filters = scene.between("environment", "org", "agent", "department")
    rows = scene.session.rows(queries.UsageByUserRow, before_first_day=scene.days.first_day, **filters)
    named = [row for row in rows if row.name]
    unnamed = [row for row in rows if not row.name and (row.actions or row.credits)]
    return ActiveUsers(len(named), _credits(named), _credits(rows), not unnamed)


def _credits(rows: Sequence[queries.UsageByUserRow]) -> Decimal:
    return sum((row.credits for row in rows), Decimal(0))


def _interactions(scene: Scene) -> int:
    return sum(int(row.interactions) for row in interaction_rows(scene))


def interaction_rows(scene: Scene) -> list[queries.InteractionsByActionsRow]:
    """Return how many interactions of the days took how many actions; empty if the AI usage does not cover them.

    The AI usage names agents, but no org, environment or department.
    """
    reach, part = scene.session.row(queries.InteractionExtentRow), scene.part
    if part.orgs or part.environment or part.departments:
        return []
    if not reach.interactions or reach.first_day is None or reach.last_day is None:
        return []
    if reach.first_day > scene.days.first_day or reach.last_day < scene.days.last_day:
        return []
    days = {"first_day": scene.days.first_day, "day_after_last": scene.days.day_after_last}
    return scene.session.rows(queries.InteractionsByActionsRow, **days, agent=part.parameter("agent"))


def _sum(rows: Sequence[UsedRow]) -> Decimal:
    return sum((row.actions for row in rows), Decimal(0))
