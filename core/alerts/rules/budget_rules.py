"""The rules about budgets: a level that is passed, and a budget that is expected to be. Pure functions over figures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.alerts.rules.model import Candidate
from core.alerts.rules.rule import Recovery, Rule
from core.answer import credits_short, figure, headline_of, number, percent, percent_short, plain_number, usd, usd_short
from core.answer import day as shown_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.alerts.rules.model import BudgetMetrics, StoredAlert
    from core.alerts.rules.rule import Situation
    from core.answer import Figure

LEVEL, EXPECTED = "budget", "budget_expected"
ALL_SPENT = 100
# More likely than not triggers an alert. It holds until clearly less likely: a chance near a half must not flicker.
LIKELY_PERCENT, UNLIKELY_PERCENT = Decimal(50), Decimal(40)
FIND_CAUSE = "See what drives it (usage by agent, variance), then use less or raise the budget."
OVER = "The budget is spent. Decide who may continue, or raise the budget in app.yaml."
PLAN = "Decide now: use less until the period ends, or raise the budget in app.yaml."
NO_LONGER = "No action is needed."


def ladder_of(term: str) -> str:
    """Return the budget and period of a term, whatever its amount was."""
    return term.rpartition(" of ")[0]


def term_of(budget: BudgetMetrics) -> str:
    """Return the dedup term: budget, period and the written amount, without carryover."""
    days = f"{budget.period.first_day}/{budget.period.day_after_last}"
    return f"{budget.name} {days} of {plain_number(budget.written)}"


def _find_levels(now: Situation) -> Iterator[Candidate]:
    """Yield passed levels without a live alert, the current state of those with one, and levels that are left again.

    A level that was sent keeps holding while the usage is at or above it, even if the amount changed mid-period.
    """
    for budget in now.budgets:
        live = _live(now.kept, LEVEL, budget)
        known = {int(one.level) for one in live}
        for one in live:
            if int(one.level) <= budget.percent_used:
                yield _passed(budget, int(one.level))._replace(term=one.term)
            else:
                yield fallen_below(budget, one)
        yield from (_passed(budget, level) for level in now.budget_levels if level <= budget.percent_used and level not in known)
    yield from _gone(now, LEVEL)


def _find_expected(now: Situation) -> Iterator[Candidate]:
    """Yield budgets that are more likely passed than not, and those that no longer are; nothing without a forecast."""
    for budget in now.budgets:
        chance, live = budget.chance_over_percent, _live(now.kept, EXPECTED, budget)
        if budget.spent > budget.amount:
            chance = Decimal(100)
        if chance is None:
            continue
        for one in live:
            if chance >= UNLIKELY_PERCENT:
                yield _expected(budget)._replace(term=one.term)
            else:
                yield _no_longer(budget, one)
        # An overspent budget is covered by its level.
        if not live and chance > LIKELY_PERCENT and budget.spent <= budget.amount and budget.over_on is not None:
            yield _expected(budget)
    yield from _gone(now, EXPECTED)


def still_fallen(now: Situation) -> Iterator[tuple[StoredAlert, Candidate]]:
    """Yield the levels that recovered in an earlier evaluation and are still above the spending, each with its finding."""
    for budget in now.budgets:
        for one in now.kept:
            is_of_it = one.rule == LEVEL and one.direction == "up" and ladder_of(one.term) == ladder_of(term_of(budget))
            if is_of_it and one.state == "recovered" and int(one.level) > budget.percent_used:
                yield one, fallen_below(budget, one)


def _live(kept: Iterable[StoredAlert], rule: str, budget: BudgetMetrics) -> list[StoredAlert]:
    mine = ladder_of(term_of(budget))
    return [one for one in kept if one.rule == rule and one.is_live and ladder_of(one.term) == mine]


def _gone(now: Situation, rule: str) -> Iterator[Candidate]:
    """Yield a finding for live alerts whose budget was removed; those whose period is over end automatically."""
    known = {ladder_of(term_of(budget)) for budget in now.budgets}
    for one in now.kept:
        is_over = one.term_end is not None and one.term_end <= now.today
        if one.rule == rule and one.is_live and not is_over and ladder_of(one.term) not in known:
            said = "Recovered: the budget was removed."
            yield Candidate(
                rule, one.level, one.term, said, advice=NO_LONGER, why="budget", term_end=one.term_end, direction="down"
            )


def _passed(budget: BudgetMetrics, level: int) -> Candidate:
    return Candidate(
        rule=LEVEL,
        level=str(level),
        term=term_of(budget),
        headline=_level_headline(budget, level),
        figures=_figures(budget),
        sums=_sums(budget),
        advice=OVER if budget.spent > budget.amount else FIND_CAUSE,
        why=f"budget{budget.filters}",
        term_end=budget.period.day_after_last,
    )


def _level_headline(budget: BudgetMetrics, level: int) -> str:
    who, until = _subject(budget), shown_day(budget.last_day)
    if level >= ALL_SPENT and budget.spent > budget.amount:
        over = f"{who} is {_money(budget, budget.spent - budget.amount)} over its budget of {_money(budget, budget.amount)}"
        return headline_of(f"{over} to {until}.", f"{over}.")
    used = f"{who} spent {percent_short(budget.percent_used)} of its budget, {_share(budget)}"
    return headline_of(
        f"{used}, past the level of {level}%; it ends on {until}.", f"{used}, past the level of {level}%.", f"{used}."
    )


def fallen_below(budget: BudgetMetrics, one: StoredAlert) -> Candidate:
    """Return the finding that spending is below a level again, after a correction or a larger budget."""
    who = _subject(budget, inside=True)
    used = f"{who} spent {percent_short(budget.percent_used)} of its budget, {_share(budget)}"
    return _passed(budget, int(one.level))._replace(
        term=one.term,
        term_end=one.term_end,
        direction="down",
        headline=headline_of(f"Recovered: {used}, below the level of {one.level}% again.", f"Recovered: {used}."),
        advice=f"A correction or a larger budget took it back. {NO_LONGER}",
    )


def _expected(budget: BudgetMetrics) -> Candidate:
    who, amount = _subject(budget), _money(budget, budget.amount)
    on = f" on {shown_day(budget.over_on)}" if budget.over_on else ""
    chance = f", {percent_short(budget.chance_over_percent)} likely" if budget.chance_over_percent is not None else ""
    said = f"{who} is expected to pass its budget of {amount}{on}"
    comes_to = f"; {_money(budget, budget.expected)} by {shown_day(budget.last_day)}" if budget.expected is not None else ""
    return Candidate(
        rule=EXPECTED,
        level=str(ALL_SPENT),
        term=term_of(budget),
        headline=headline_of(f"{said}{comes_to}{chance}.", f"{said}{chance}.", f"{said}."),
        figures=_figures(budget),
        sums=_sums(budget),
        advice=PLAN,
        why=f"budget{budget.filters}",
        term_end=budget.period.day_after_last,
    )


def _no_longer(budget: BudgetMetrics, one: StoredAlert) -> Candidate:
    who = _subject(budget, inside=True)
    return _expected(budget)._replace(
        term=one.term,
        term_end=one.term_end,
        direction="down",
        headline=f"Recovered: {who} is no longer expected to pass its budget of {_money(budget, budget.amount)}.",
        advice=NO_LONGER,
    )


def _subject(budget: BudgetMetrics, *, inside: bool = False) -> str:
    who = budget.subject or "the wallet"
    return who if inside else f"{who[0].upper()}{who[1:]}"


def _money(budget: BudgetMetrics, amount: Decimal) -> str:
    return usd_short(amount) if budget.unit == "usd" else f"{credits_short(amount)} credits"


def _share(budget: BudgetMetrics) -> str:
    spent = usd_short(budget.spent) if budget.unit == "usd" else credits_short(budget.spent)
    return f"{spent} of {_money(budget, budget.amount)}"


def _figures(budget: BudgetMetrics) -> tuple[Figure, ...]:
    unit = budget.unit
    return (
        figure(f"budget_{unit}", budget.amount),
        figure(f"spent_{unit}", budget.spent),
        figure(f"left_{unit}", budget.amount - budget.spent),
        figure("used_percent", budget.percent_used)._replace(label="Used, of the budget"),
        figure(f"expected_{unit}", budget.expected)._replace(label="Expected by the period's end"),
        figure("chance_over_percent", budget.chance_over_percent),
        figure("over_on", budget.over_on),
        figure("period_end", budget.last_day),
    )


def _sums(budget: BudgetMetrics) -> tuple[str, ...]:
    write = usd if budget.unit == "usd" else number
    if budget.amount <= 0:
        return ()
    return (f"{write(budget.spent)} ÷ {write(budget.amount)} × 100 = {percent(budget.percent_used)} of the budget",)


RULES = (
    Rule(
        name=LEVEL,
        severity=15,
        title="Budget level passed",
        when="a [budget](budgets.md) passes a level: 50, 75, 90 and 100% (`alerts.budget_levels`)",
        how_often="once per level, period and amount; each team hears of the budgets within what it watches",
        settings=("budget_levels",),
        scope="part",
        concurrency="ladder",
        recovery=lambda _figures: Recovery("the spending lies below the level again"),
        evaluate=_find_levels,
        ladder_of=ladder_of,
    ),
    Rule(
        name=EXPECTED,
        severity=25,
        title="Budget expected to be passed",
        when="more than half of the simulated futures pass a [budget](budgets.md) before its period ends; from eight weeks on",
        how_often="once per period and amount",
        settings=(),
        scope="part",
        concurrency="ladder",
        recovery=lambda _figures: Recovery("the budget is no longer expected to be passed"),
        evaluate=_find_expected,
        ladder_of=ladder_of,
    ),
)
