"""Spending limits: the `budgets` list of app.yaml as values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, get_args

from core.cards import FLEX_CREDITS
from core.config.setting import Day, Flag, ListOf, Number, OneOf, Setting, SettingGroup, Text
from core.records import NamedTuple
from core.scope import EVERYTHING, Scope, plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from core.config.teams import Team

BudgetPeriod = Literal["month", "quarter", "year"]
BudgetUnit = Literal["usd", "credits"]
BudgetKind = Literal["", "team", "department", "agent", "org"]

BUDGET_PERIODS: tuple[BudgetPeriod, ...] = get_args(BudgetPeriod)
BUDGET_UNITS: tuple[BudgetUnit, ...] = get_args(BudgetUnit)
BUDGET_KINDS: tuple[BudgetKind, ...] = get_args(BudgetKind)[1:]
AMOUNT = Number(above=0)
A_BUDGET = SettingGroup(
    (
        Setting("team", Text(), "the team of app.yaml whose part of the wallet it is for"),
        Setting("department", Text(), "the department that it is for, as the exports spell it"),
        Setting("agent", Text(), "the agent that it is for, by developer name"),
        Setting("org", Text(), "the org that it is for, as the exports spell it"),
        Setting(
            "per", OneOf(BUDGET_PERIODS), "how long it lasts; quarters and years are those of the fiscal year", is_required=True
        ),
        Setting("usd", AMOUNT, "the dollars that may be spent in each period"),
        Setting("credits", AMOUNT, "the credits that may be used in each period"),
        Setting("rollover", Flag(), "whether what a period leaves, or overspends, is carried into the next", default=False),
        Setting(
            "from", Day("2026-07-01"), "the day from which it holds; a later one of the same name replaces it", usual="always"
        ),
        Setting("card", Text(), "the consumption card, by its developer name", FLEX_CREDITS),
    )
)
BUDGETS = ListOf(
    Setting(
        "budget",
        A_BUDGET,
        "a budget has per and either usd or credits, one of team, department, agent and org, or none for everything, and may "
        "have rollover, from and card",
    )
)


class Budget(NamedTuple):
    """A spending limit per period: dollars or credits for a part of a card.

    kind, name: whose budget it is, both empty for everything. rolls_over: whether the remainder or overspend of a period carries
    over to the next. first_day: the day from which it applies, None for always. source: where it was written, for messages.
    is_typed: whether people typed it into a spreadsheet, which takes precedence over a file.
    """

    kind: BudgetKind
    name: str
    per: BudgetPeriod
    unit: BudgetUnit
    amount: Decimal
    rolls_over: bool = False
    first_day: date | None = None
    card: str = FLEX_CREDITS
    source: str = "app.yaml"
    is_typed: bool = False

    @property
    def subject(self) -> str:
        """Whose budget it is, for a sentence: department Service; everything."""
        return f"{self.kind} {self.name}" if self.kind else "everything"

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """The key by which a later budget replaces an earlier one: subject, period, unit and card."""
        return self.kind, plain_name(self.name), self.per, self.unit, self.card

    def watches(self, teams: Iterable[Team]) -> Scope:
        """Return the part of the card that counts against the budget."""
        if self.kind == "team":
            found = next((team.watches for team in teams if plain_name(team.name) == plain_name(self.name)), EVERYTHING)
            return found._replace(card=self.card)
        return Scope(card=self.card).with_names({self.kind: [self.name]} if self.kind else {})


class TypedBudget(NamedTuple):
    """A budget as last read from a spreadsheet row. read_at: when it was first read with these values."""

    spreadsheet_id: str
    line: int
    budget: Budget
    read_at: datetime

    @property
    def identity(self) -> tuple[object, ...]:
        """The budget's subject, and the day from which it applies."""
        return *self.budget.key, self.budget.first_day


def budgets_said(raw: Sequence[Mapping[str, Any]]) -> tuple[Budget, ...]:
    """Return the budgets of a list that fits the schema and has no other problems."""
    return tuple(budget_of(one) for one in raw)


def budget_of(raw: Mapping[str, Any], source: str = "app.yaml") -> Budget:
    """Return the budget of a valid entry."""
    kind: BudgetKind = next((kind for kind in BUDGET_KINDS if kind in raw), "")
    unit: BudgetUnit = "usd" if "usd" in raw else "credits"
    first_day = raw.get("from")
    return Budget(
        kind,
        str(raw.get(kind, "")).strip(),
        raw["per"],
        unit,
        Decimal(str(raw[unit])),
        rolls_over=raw.get("rollover", False),
        first_day=date.fromisoformat(first_day) if first_day else None,
        card=raw.get("card", FLEX_CREDITS).replace(" ", ""),
        source=source,
    )


def budget_problems(raw: object, teams: object) -> Iterator[str]:
    """Yield what the schema cannot detect: no or two amounts, two names, an unknown team, a nonexistent day, a duplicate."""
    entries = (
        [(f"budgets[{index}]", one) for index, one in enumerate(raw) if isinstance(one, dict)] if isinstance(raw, list) else []
    )
    known = {plain_name(str(name)) for name in teams} if isinstance(teams, dict) else set()
    sound = []
    for place, one in entries:
        problems = list(entry_problems(one, known))
        yield from (f"{place} {problem}" for problem in problems)
        if not problems and one.get("per") in BUDGET_PERIODS:
            sound.append((place, one))
    yield from _said_twice([(place, budget_of(one)) for place, one in sound if _has_amount(one)])


def entry_problems(one: Mapping[str, Any], teams: set[str]) -> Iterator[str]:
    """Yield a budget's problems beyond its shape, as clauses that continue its position. teams: their plain names."""
    amounts, names = ([key for key in keys if key in one] for keys in (BUDGET_UNITS, BUDGET_KINDS))
    if len(amounts) != 1:
        yield f"has {'usd and credits' if amounts else 'no amount'}: write either usd or credits."
    if len(names) > 1:
        yield f"has {' and '.join(names)}: a budget is for one of them; write one for each."
    if "team" in one and plain_name(str(one["team"])) not in teams:
        yield f'is of the team "{one["team"]}", which is not in app.yaml: name it under teams, or write its department.'
    if isinstance(one.get("from"), str):
        try:
            date.fromisoformat(one["from"])
        except ValueError:
            yield f'is from "{one["from"]}": there is no such day; write it as 2026-07-01.'


def _has_amount(one: Mapping[str, Any]) -> bool:
    try:
        return Decimal(str(one.get("usd", one.get("credits")))) > 0
    except ArithmeticError:
        return False


def _said_twice(budgets: Iterable[tuple[str, Budget]]) -> Iterator[str]:
    places: dict[tuple[object, ...], list[str]] = {}
    for place, budget in budgets:
        places.setdefault((*budget.key, budget.first_day), []).append(f"{place} ({budget.subject}, per {budget.per})")
    for same in (found for found in places.values() if len(found) > 1):
        yield f"{' and '.join(same)} are one budget with two amounts: leave one, or say with from when the later one begins."


def budgets_on(budgets: Iterable[Budget], day: date) -> list[Budget]:
    """Return the budgets that apply on a day, in order.

    Among budgets with the same name, period and unit, the one typed into a spreadsheet applies; otherwise the latest to begin.
    """
    newest: dict[tuple[str, ...], Budget] = {}
    for one in budgets:
        known = newest.get(one.key)
        has_begun = one.first_day is None or one.first_day <= day
        if has_begun and (known is None or _rank(one) >= _rank(known)):
            newest[one.key] = one
    return list(newest.values())


def _rank(budget: Budget) -> tuple[bool, date]:
    return budget.is_typed, budget.first_day or date.min
