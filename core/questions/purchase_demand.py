"""What has to be bought over the coming months: the wallet's simulated use less the credits at hand, or what was said."""

from __future__ import annotations

import calendar
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from core.answer import Note
from core.display import day as shown_day
from core.display import number
from core.errors import InputError, QuestionError
from core.forecast.daily import LEAST_DAYS
from core.purchase import Demand, Lot, stretches, uncovered
from core.questions import reading as price_reading
from core.questions import wallet_reading as reading
from core.questions.commands import COMMANDS
from core.questions.forecast_reading import series_notes, why_no_range
from core.questions.wallet_days import DayRange
from core.wallet.balance import drawing_key
from core.workload import MONTHS, credits_per_action, times_billed

if TYPE_CHECKING:
    from datetime import date

    from core.answer import Source
    from core.forecast.daily import DailySeries
    from core.questions.context import Context
    from core.questions.question import Question
    from core.questions.wallet_facts import Facts
    from core.wallet.balance import Grant
    from core.wallet.settings import Drawdown

NOTHING = Decimal(0)
ONE_DAY = timedelta(days=1)
USUAL_MONTHS = 12
CERTAIN = (
    "Use that is said is taken as certain; ask without a workload to plan for the wallet's own use with its swings. "
    "Credits already granted are not counted."
)
GRANTS_FIRST = (
    "Credits already granted are used before the block, each within its days; only what they leave uncovered is bought."
)


class Outlook(NamedTuple):
    """The coming months.

    use: credits used in the mean of the simulated futures; demand: what grants leave to buy, in each future.
    knows_range: whether the swings are known; without, demand is a point, and wait says why to wait for them.
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


def outlook(question: Question, context: Context) -> Outlook:
    """Return what has to be bought. Raises: InputError, for a wallet of too few days; QuestionError, with nothing to go by."""
    if question.names_workload:
        return _said(question, context)
    if context.has_warehouse:
        return _of_wallet(question, context)
    asked = context.asked(question)
    reason = f"{question.command.capitalize()} needs a workload, or a wallet to take it from (agentcost import FILE)"
    raise QuestionError(reason, asked, 0, len(asked), COMMANDS[question.command].examples[1:])


def months_of(question: Question) -> int:
    """Return how many months are planned for."""
    return int(question.months) if question.months else USUAL_MONTHS


def months_said(months: int) -> str:
    """Return 1 month, or 12 months."""
    return "1 month" if months == 1 else f"{months} months"


def seed_of(question: Question) -> int | None:
    """Return the seed that was said; None for the data's own."""
    return None if question.seed is None else int(question.seed)


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day."""
    years, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return day.replace(year=years, month=month + 1, day=min(day.day, calendar.monthrange(years, month + 1)[1]))


def _said(question: Question, context: Context) -> Outlook:
    load, prices, months = price_reading.workload(question), context.prices, months_of(question)
    each = credits_per_action(load, prices) * times_billed(load, prices)
    month = load.actions.count * each if load.actions else NOTHING
    used = sum((month * (1 + load.growth) ** nth for nth in range(months)), NOTHING)
    grown = f", growing {number(load.growth * 100)} % a month" if load.growth else ""
    return Outlook(
        first_day=context.as_of,
        day_after_last=months_after(context.as_of, months),
        months=months,
        use=used,
        demand=Demand([used]),
        knows_range=True,
        notes=(Note("assumption", CERTAIN),),
        sums=(
            *price_reading.volume_sums(question, load, prices),
            f"{number(month)} credits × {months_said(months)}{grown} = {number(used)} credits",
        ),
    )


def _of_wallet(question: Question, context: Context) -> Outlook:
    from core.questions import wallet_facts  # noqa: PLC0415 - a workload that is said pays for none of it
    from core.questions.forecast_reading import series_of  # noqa: PLC0415 - as above

    with context.open_warehouse() as warehouse, warehouse.reading() as session:
        facts = wallet_facts.facts(question, context, session)
        series = series_of(session, facts.part, facts.extent, facts.until)
    require_days(series)
    return _simulated(question, facts, series, context)


def _lacking_notes(facts: Facts) -> list[Note]:
    days = DayRange(facts.extent.known.first_day, facts.until)
    return reading.lacking_notes(facts.part, facts.extent, days)


def require_days(series: DailySeries) -> None:
    """Raise InputError, unless there are the 14 days that a forecast needs."""
    if not series.is_enough:
        raise InputError(
            f"Accumulating, {series.days} of {LEAST_DAYS} complete days: too few to look ahead. "
            "Name the workload, for example: 10000 interactions 5 actions."
        )


def _simulated(question: Question, facts: Facts, series: DailySeries, context: Context) -> Outlook:
    from core.forecast.credits import credits_by_stretch  # noqa: PLC0415 - numpy is loaded by what simulates only
    from core.forecast.paths import simulated  # noqa: PLC0415 - as above

    months, first = months_of(question), facts.until
    end = months_after(first, months)
    lots = _lots(facts, context.config.wallet.drawdown)
    days = stretches(lots, first, end)
    paths = simulated(series, (end - series.day_after_last).days, seed=seed_of(question))
    columns = [(day - series.day_after_last).days for day in days[:-1]]
    futures = credits_by_stretch(paths, columns)
    use = sum((sum(future, NOTHING) for future in futures), NOTHING) / len(futures)
    missing = [uncovered(future, days[:-1], lots) for future in futures]
    demand = Demand(missing if series.knows_range else [sum(missing, NOTHING) / len(missing)])
    return Outlook(
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
        sources=reading.query_source("usage_by_day", "wallet_grants"),
        wait=why_no_range(series),
    )


def _lots(facts: Facts, order: Drawdown) -> list[Lot]:
    begun = [_lot(line.grant, line.left, order) for line in facts.balance.lines]
    coming = [_lot(grant, grant.credits, order) for grant in facts.grants if grant.first_day > facts.day]
    return [lot for lot in (*begun, *coming) if lot.credits and lot.day_after_last > facts.until]


def _lot(grant: Grant, left: Decimal, order: Drawdown) -> Lot:
    return Lot(left, grant.first_day, grant.day_after_last, drawing_key(grant, order)[0])


def _notes(series: DailySeries, futures: int) -> list[Note]:
    last = shown_day(series.day_after_last - ONE_DAY)
    known = f"{series.days} complete days up to {last}"
    notes = [Note("assumption", f"{futures:,} futures of the months are simulated from {known}.")]
    return [*notes, *series_notes(series)]


def _wallet_notes(facts: Facts, lots: list[Lot], context: Context) -> list[Note]:
    from core.questions.wallet import drawdown_notes, stale_notes  # noqa: PLC0415 - a workload that is said pays for none of it

    stale = stale_notes(facts)
    if stale:
        begin = f"The months planned for begin on {shown_day(facts.until)}, where the data ends: import what is newer first."
        stale.append(Note("warning", begin))
    return [*stale, Note("assumption", GRANTS_FIRST), *drawdown_notes(facts, context)] if lots else stale
