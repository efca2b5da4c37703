"""What to buy over the coming months: the wallet's simulated usage less existing credits, or the named workload."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Note, group_digits, number
from core.answer import day as shown_day
from core.days import months_after
from core.errors import InputError, QuestionError
from core.forecast import MIN_DAYS
from core.language import COMMANDS
from core.pricing import Demand, GrantSlice, credits_per_action, intervals, shortfall, times_billed
from core.questions import from_question
from core.questions.forecasting.series import series_notes, why_no_range
from core.records import NamedTuple
from core.wallet.ledger import drawing_key
from core.wallet.usage import DayRange, slices

if TYPE_CHECKING:
    from datetime import date

    from core.answer import Source
    from core.config import Drawdown
    from core.context import Context
    from core.forecast import DailySeries
    from core.language import Question
    from core.wallet.ledger import Grant
    from core.wallet.usage import Facts

USUAL_MONTHS = 12
CERTAIN = (
    "A workload that you name is taken as certain; ask without a workload to plan for the wallet's own use with its swings. "
    "Credits already granted are not counted."
)
GRANTS_FIRST = (
    "Credits already granted are used before the block, each within its days; only what they leave uncovered is bought."
)


class DemandOutlook(NamedTuple):
    """The coming months.

    use: credits used in the mean of the simulated futures; demand: what remains to buy after grants, in each future.
    knows_range: whether the variation is known; if not, demand is a single figure, and wait says why to wait for a range.
    """

    first_day: date
    day_after_last: date
    months: int
    use: Decimal
    demand: Demand
    knows_range: bool
    notes: tuple[Note, ...]
    sums: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    wait: str = ""


def outlook(question: Question, context: Context) -> DemandOutlook:
    """Return what to buy. Raises: InputError, for a wallet with too few days; QuestionError, without anything to base it on."""
    if question.names_workload:
        return _outlook_from_question(question, context)
    if context.has_warehouse:
        return _of_wallet(question, context)
    asked = context.canonical_question(question)
    reason = f"{question.command.capitalize()} needs a workload, or a wallet to take it from (agentcost import FILE)"
    raise QuestionError(reason, asked, 0, len(asked), COMMANDS[question.command].examples[1:])


def months_of(question: Question) -> int:
    """Return the number of months to plan for."""
    return int(question.months) if question.months else USUAL_MONTHS


def months_said(months: int) -> str:
    """Return the months as text: 1 month, or 12 months."""
    return "1 month" if months == 1 else f"{months} months"


def seed_of(question: Question) -> int | None:
    """Return the requested seed; None for the seed derived from the data."""
    return None if question.seed is None else int(question.seed)


def _outlook_from_question(question: Question, context: Context) -> DemandOutlook:
    load, prices, months = from_question.workload(question), context.prices, months_of(question)
    each = credits_per_action(load, prices) * times_billed(load, prices)
    month = load.actions.count * each if load.actions else Decimal(0)
    used = sum((month * (1 + load.growth) ** nth for nth in range(months)), Decimal(0))
    grown = f", growing {number(load.growth * 100)}% a month" if load.growth else ""
    return DemandOutlook(
        first_day=context.as_of,
        day_after_last=months_after(context.as_of, months),
        months=months,
        use=used,
        demand=Demand([used]),
        knows_range=True,
        notes=(Note("assumption", CERTAIN),),
        sums=(
            *from_question.volume_sums(question, load, prices),
            f"{number(month)} credits × {months_said(months)}{grown} = {number(used)} credits",
        ),
    )


def _of_wallet(question: Question, context: Context) -> DemandOutlook:
    from core.questions.forecasting.series import series_of  # noqa: PLC0415 - as above
    from core.wallet.usage import facts as usage_facts  # noqa: PLC0415 - a workload in the question pays for none of it

    with context.reading() as session:
        facts = usage_facts.facts(question, context, session)
        series = series_of(session, facts.part, facts.extent, facts.until)
    if facts.extent.said_elsewhere:
        raise InputError(facts.extent.said_elsewhere)
    require_days(series)
    return _simulate_outlook(question, facts, series, context)


def _lacking_notes(facts: Facts) -> list[Note]:
    days = DayRange(facts.extent.all_days.first_day, facts.until)
    return slices.lacking_notes(facts.part, facts.extent, days)


def require_days(series: DailySeries) -> None:
    """Raise InputError, unless there are the 14 days that a forecast needs."""
    if not series.is_enough:
        raise InputError(
            f"Accumulating, {series.days} of {MIN_DAYS} complete days: too few for a forecast. "
            "Name the workload, for example: 10000 interactions 5 actions."
        )


def _simulate_outlook(question: Question, facts: Facts, series: DailySeries, context: Context) -> DemandOutlook:
    from core.forecast import (  # noqa: PLC0415
        credits_by_stretch,
        simulate,
    )

    months, first = months_of(question), facts.until
    end = months_after(first, months)
    lots = _lots(facts, context.config.wallet.drawdown)
    days = intervals(lots, first, end)
    paths = simulate(series, (end - series.day_after_last).days, seed=seed_of(question))
    columns = [(day - series.day_after_last).days for day in days[:-1]]
    futures = credits_by_stretch(paths, columns)
    use = sum((sum(future, Decimal(0)) for future in futures), Decimal(0)) / len(futures)
    missing = [shortfall(future, days[:-1], lots) for future in futures]
    demand = Demand(missing if series.knows_range else [sum(missing, Decimal(0)) / len(missing)])
    return DemandOutlook(
        first_day=first,
        day_after_last=end,
        months=months,
        use=use,
        demand=demand,
        knows_range=series.knows_range,
        notes=(*_notes(series, len(futures)), *_wallet_notes(facts, lots, context), *_lacking_notes(facts)),
        sums=(
            (
                f"{number(use, 0)} credits used on average − {number(use - demand.mean.count, 0)} from grants"
                f" = {number(demand.mean.count, 0)} credits to buy"
            ),
        ),
        sources=slices.query_source("usage_by_day", "wallet_grants"),
        wait=why_no_range(series),
    )


def _lots(facts: Facts, order: Drawdown) -> list[GrantSlice]:
    begun = [_lot(line.grant, line.left, order) for line in facts.balance.lines]
    coming = [_lot(grant, grant.credits, order) for grant in facts.grants if grant.first_day > facts.day]
    return [lot for lot in (*begun, *coming) if lot.credits and lot.day_after_last > facts.until]


def _lot(grant: Grant, left: Decimal, order: Drawdown) -> GrantSlice:
    return GrantSlice(left, grant.first_day, grant.day_after_last, drawing_key(grant, order)[0])


def _notes(series: DailySeries, futures: int) -> list[Note]:
    last = shown_day(series.day_after_last - timedelta(days=1))
    known = f"{series.days} complete days up to {last}"
    notes = [Note("assumption", f"{group_digits(futures)} futures of the months are simulated from {known}.")]
    return [*notes, *series_notes(series)]


def _wallet_notes(facts: Facts, lots: list[GrantSlice], context: Context) -> list[Note]:
    from core.questions.wallet import drawdown_notes, stale_notes  # noqa: PLC0415 - a workload in the question pays for none of it

    stale = stale_notes(facts)
    if stale:
        begin = f"The months planned for begin on {shown_day(facts.until)}, where the data ends: import newer data first."
        stale.append(Note("warning", begin))
    return [*stale, Note("assumption", GRANTS_FIRST), *drawdown_notes(facts, context)] if lots else stale
