"""What is spent of a budget: its period, the carryover, and the usage of its part of the wallet to date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from core.alerts.measurements import View, filters_of, view_of
from core.alerts.rules.model import BudgetMetrics
from core.alerts.rules.pool import truncate_percent
from core.budgets import budgets_of, every_budget
from core.config import budgets_on
from core.records import NamedTuple
from core.scope import EVERYTHING
from core.wallet.ledger import Term
from core.wallet.usage import DayRange, next_period, period_start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from core.config import Budget, Config
    from core.context import Context
    from core.days import PeriodCalendar
    from core.scope import Scope
    from core.wallet.usage import Facts
    from core.warehouse import Session


BEYOND_ALL = 1000


class BudgetPast(NamedTuple):
    """A period that is over: what was budgeted for it alone, and what was spent, in the budget's unit."""

    days: DayRange
    amount: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """What was left; negative if overspent."""
        return self.amount - self.spent


class SpendingOutlook(NamedTuple):
    """The expected total of a period, in the budget's unit; without known variation, a point without range or chance.

    chance_over_percent: of the simulated futures. over_on: the day on which half of them have spent more than the budget, or
    the one on which it was spent; None if that is not expected in the period. lacks: why there is no expectation, else empty.
    """

    expected: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    chance_over_percent: Decimal | None = None
    over_on: date | None = None
    lacks: str = ""


class SpendingForecast(Protocol):
    """Forecasts the total of a budget's period."""

    def __call__(self, use: BudgetUse, /) -> SpendingOutlook:
        """Return what is expected of the period."""


@dataclass(frozen=True)
class BudgetUse:
    """A budget on a day, and what is spent of it.

    period: the half-open days of the one that the day lies in. earlier: the periods before it of the same fiscal year, or for
    budgets of years the year before, that the data holds, oldest first. until: the first day that is not counted.
    """

    budget: Budget
    watches: Scope
    period: DayRange
    earlier: tuple[BudgetPast, ...]
    view: View
    day: date

    @cached_property
    def carryover(self) -> Decimal:
        """What earlier periods left, or overspent, where the budget rolls over."""
        return sum((past.left for past in self.earlier), Decimal(0)) if self.budget.rolls_over else Decimal(0)

    @cached_property
    def amount(self) -> Decimal:
        """What may be spent in the period, carryover included."""
        return self.budget.amount + self.carryover

    @cached_property
    def by_day(self) -> tuple[tuple[date, Decimal], ...]:
        """What was spent on each day of the period with use, in the budget's unit."""
        return tuple(daily_spending(self.budget, self.view, self.days))

    @property
    def days(self) -> DayRange:
        """The days of the period up to the day looked at."""
        return self.period.within(DayRange(self.period.first_day, self.day + timedelta(days=1)))

    @cached_property
    def spending(self) -> Decimal:
        """What was spent in the period to date."""
        return spending_in(self.budget, self.view, self.days)

    @property
    def left(self) -> Decimal:
        """What may still be spent; below 0 where it is overspent."""
        return self.amount - self.spending

    @property
    def percent_used(self) -> Decimal | None:
        """How much of the budget is spent; None where earlier periods spent all of it."""
        return self.spending / self.amount * Decimal(100) if self.amount > 0 else None

    @property
    def is_over(self) -> bool:
        """Whether more is spent than may be."""
        return self.spending > self.amount

    @property
    def over_since(self) -> date | None:
        """The day on which the budget was overspent; None where it is not."""
        so_far = Decimal(0)
        for day, spent in self.by_day:
            so_far += spent
            if so_far > self.amount:
                return day
        return self.period.first_day if self.is_over else None

    @property
    def plan_to_date(self) -> Decimal:
        """The part of the amount that falls to the days so far, each day alike."""
        return self.amount * self.days.days / self.period.days

    @property
    def filters(self) -> str:
        """The words by which a question asks for this budget."""
        named = f' {self.budget.kind} "{self.budget.name}"' if self.budget.kind else ""
        return named or filters_of(self.view.parts)

    @property
    def is_priced(self) -> bool:
        """Whether usage can be expressed in the budget's unit: credits of other cards than Flex Credits have no price."""
        return self.budget.unit == "credits" or self.view.facts.rates is not None

    @property
    def is_known(self) -> bool:
        """Whether the exports contain any name of the part; a name that no export contains has spent nothing."""
        return not self.watches.is_named or any(row.credits or row.actions for row in self.view.facts.rows)


def daily_spending(budget: Budget, view: View, days: DayRange) -> Iterator[tuple[date, Decimal]]:
    """Yield what was spent on each of the days with use, in order, in the budget's unit."""
    for row in view.facts.rows:
        if days.first_day <= row.day < days.day_after_last:
            rates = view.facts.rates if budget.unit == "usd" else None
            yield row.day, row.credits if rates is None else rates.cost([(row.day, row.credits)])


def spending_in(budget: Budget, view: View, days: DayRange) -> Decimal:
    """Return what the days spent: credits, or what these cost by the grants that they were drawn from."""
    used = [(row.day, row.credits) for row in view.facts.rows if days.first_day <= row.day < days.day_after_last]
    if budget.unit == "usd" and view.facts.rates is not None:
        return view.facts.rates.cost(used)  # summed before rounding, as in every answer
    return sum((credits_used for _, credits_used in used), Decimal(0))


def budget_period(budget: Budget, day: date, calendar: PeriodCalendar) -> DayRange:
    """Return the days of the month, or of the fiscal year's quarter or whole, that a day lies in."""
    first = period_start(day, budget.per, calendar)
    return DayRange(first, next_period(first, budget.per))


def measure_budgets(session: Session, context: Context, wanted: Callable[[Budget], bool] = lambda _: True) -> list[BudgetUse]:
    """Return the state of the wanted budgets in force on the context's day.

    None while nothing was ever imported; without those in dollars of cards whose credits have no price.
    """
    known: dict[str, Facts] = {}
    measured: list[BudgetUse] = []
    with session.remembering():
        for budget in (one for one in budgets_of(session, context) if wanted(one)):
            use = measure_budget(session, context, budget, known)
            if use is not None and use.is_priced:
                measured.append(use)
    return measured


def measure_budget(session: Session, context: Context, budget: Budget, known: dict[str, Facts]) -> BudgetUse | None:
    """Return the state of a budget on the context's day; None while nothing was ever imported.

    known: facts by card, for some part of it; facts of other cards are added.
    """
    watches = budget.watches(context.config.teams)
    view = view_of(session, context, budget.card, watches, known.get(budget.card))
    if view is None:
        return None
    known.setdefault(budget.card, view.facts)
    calendar = context.config.period_calendar
    period = budget_period(budget, context.as_of, calendar)
    earlier = tuple(_earlier(budget, view, period, calendar, every_budget(session, context)))
    return BudgetUse(budget, watches, period, earlier, view, context.as_of)


def _earlier(
    budget: Budget, view: View, period: DayRange, calendar: PeriodCalendar, every: Sequence[Budget]
) -> Iterator[BudgetPast]:
    """Yield the periods before one, oldest first: of the same fiscal year; of budgets of years, the year before."""
    known_from = view.facts.extent.first_day
    if known_from is None:
        return
    year = period_start(period.first_day, "year", calendar)
    since = year if budget.per != "year" else period_start(year - timedelta(days=1), "year", calendar)
    first = max(since, period_start(known_from, budget.per, calendar))
    while first < period.first_day:
        days = DayRange(first, next_period(first, budget.per))
        then = _amount_in(budget, days, every)
        if then is not None:
            yield BudgetPast(days, then, spending_in(budget, view, days))
        first = days.day_after_last


def _amount_in(budget: Budget, days: DayRange, every: Sequence[Budget]) -> Decimal | None:
    """Return what a budget was on a period's last day; None where it had not begun."""
    return next((one.amount for one in budgets_on(every, days.last_day) if one.key == budget.key), None)


def budget_metrics(session: Session, context: Context, spending: SpendingForecast | None) -> list[tuple[Budget, BudgetMetrics]]:
    """Return the figures that rules use, for each budget in force on the context's day."""
    return [(use.budget, _metrics(use, spending)) for use in measure_budgets(session, context)]


def _metrics(use: BudgetUse, spending: SpendingForecast | None) -> BudgetMetrics:
    try:
        outlook = spending(use) if spending else SpendingOutlook()
    except ArithmeticError:  # out of range: that must not fail an import
        outlook = SpendingOutlook()
    budget = use.budget
    # A budget whose carryover used up its amount is beyond every level.
    share = use.percent_used if use.percent_used is not None else Decimal(BEYOND_ALL if use.is_over else 0)
    return BudgetMetrics(
        subject=budget.subject if budget.kind else "",
        name=f"{budget.subject} per {budget.per} in {budget.unit}",
        unit=budget.unit,
        period=Term(use.period.first_day, use.period.day_after_last),
        written=budget.amount,
        amount=use.amount,
        spent=use.spending,
        percent_used=truncate_percent(share),
        filters=use.filters,
        expected=outlook.expected,
        chance_over_percent=outlook.chance_over_percent,
        over_on=outlook.over_on,
    )


def budgets_within(budgets: Iterable[Budget], only: Scope, config: Config) -> list[Budget]:
    """Return the budgets within a part of the wallet."""
    return [budget for budget in budgets if only == EVERYTHING or only.covers(budget.watches(config.teams))]
