"""Why spending is off its budget: the previous period against the plan, then the same exact parts as `variance`.

Spent − plan = (cost of the days before − plan) + the effects of volume, actions per interaction, environments and credits per
action against the days before + the effect of the price of a credit. For budgets in credits the last is zero.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from core.alerts import BudgetUse, spending_in
from core.answer import Column, Table, number, usd
from core.records import NamedTuple
from core.wallet.usage import DayRange, Scene, list_effects, period_in, period_start, split, usd_of

if TYPE_CHECKING:
    from core.answer import Value
    from core.context import Context
    from core.wallet.usage import Period, Variance
    from core.warehouse import Session

STORED = Decimal("0.000001")
PRICE, BEFORE, TOTAL = "Price of a credit", "The days before, against the plan", "Spent, against the plan to date"


class BudgetVariance(NamedTuple):
    """The parts of the deviation from the plan to date; they add up to it exactly."""

    table: Table
    sums: tuple[str, ...]


def explain_variance(session: Session, use: BudgetUse, context: Context) -> BudgetVariance | None:
    """Return why a budget's spending to date is off its plan; None if the data lacks some of the days before."""
    days, before = use.days, _days_before(use, context)
    known_from = use.view.facts.extent.first_day
    if not days.days or known_from is None or before.first_day < known_from:
        return None
    now, then = (_use_in(session, use, one) for one in (days, before))
    spent_before = spending_in(use.budget, use.view, before)
    parts = [(BEFORE, spent_before - use.plan_to_date), *_parts(use, split(then, now), then, spent_before)]
    unit = use.budget.unit
    columns = (Column("part", "Part", "text"), Column(f"{unit}_off_plan", "Off plan", unit))
    rows: list[tuple[Value, ...]] = [*parts, (TOTAL, use.spending - use.plan_to_date)]
    write = usd if unit == "usd" else number
    terms = " + ".join(f"({write(amount)})" if amount < 0 else write(amount) for _, amount in parts)
    title = f"Against the plan to date, {days}; before are {before}"
    return BudgetVariance(
        Table("variance", title, columns, tuple(rows)),
        (f"{terms.replace('(-', '(0 − ')} = {write(use.spending - use.plan_to_date)} off the plan",),
    )


def _days_before(use: BudgetUse, context: Context) -> DayRange:
    """Return the previous period; if the current one is not over, as many days from the start of the previous one."""
    end = use.period.first_day
    whole = DayRange(period_start(end - timedelta(days=1), use.budget.per, context.config.period_calendar), end)
    if use.days.day_after_last == use.period.day_after_last:
        return whole
    return whole.within(DayRange(whole.first_day, whole.first_day + timedelta(days=use.days.days)))


def _use_in(session: Session, use: BudgetUse, days: DayRange) -> Period:
    facts = use.view.facts
    return reduce(add, (period_in(Scene(session, part, facts.extent, days, facts.rates)) for part in use.view.parts))


def _parts(use: BudgetUse, effects: Variance, before: Period, spent_before: Decimal) -> list[tuple[str, Decimal]]:
    """Return the effects in the budget's unit: credits, or credits at the previous days' price, and the effect of its change."""
    known = [(words, credits_off) for _, words, credits_off in list_effects(effects)]
    if use.budget.unit == "credits":
        return known
    price = Fraction(spent_before) / Fraction(before.credits) if before.credits else Fraction(0)
    priced = [(words, usd_of(Fraction(credits_off) * price).quantize(STORED)) for words, credits_off in known]
    # What the parts at the old price leave is the price effect: so they add up exactly.
    rest = use.spending - spent_before - sum((amount for _, amount in priced), Decimal(0))
    return [*priced, (PRICE, rest)]
