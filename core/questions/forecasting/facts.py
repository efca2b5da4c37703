"""A wallet's forecast: its future days and its grants, before they are put into words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import CHART_POINTS
from core.days import DAYS_IN_WEEK
from core.questions.forecasting import series as forecast_series
from core.questions.forecasting.demand import seed_of
from core.wallet.ledger import OPEN_END, PoolUsage, balance
from core.wallet.usage import DayRates, usd_of
from core.wallet.usage import facts as usage_facts

if TYPE_CHECKING:
    from datetime import date

    from core.config import Drawdown
    from core.context import Context
    from core.forecast import DailySeries, DepletionForecast, ForecastSummary, GrantHolding, Range
    from core.language import Question
    from core.wallet.ledger import Grant, Pool
    from core.wallet.usage import Facts
    from core.warehouse import Session

USUAL_WEEKS, MONTH_OF_DAYS = 12, 28
USUAL_DAYS_BETWEEN = 7  # three provisional days, the one that is cut by the hour, and a weekend without an export
FARTHEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Foresight:
    """The part asked for, its complete days, and what is ahead of it.

    card_series: of the whole card, which is what draws on the grants. ahead: None below 14 days. fate: None without a
    grant in force or in the future. used_up_since: the first day that no grant covers any more, if that is already past.
    last_look: the first day that the outlook of the grants excludes. stretches: days per row of the table and point of the chart.
    asked_on: the day after which the outlook begins; the days from the last complete one to it are estimated, and
    between gives their credits. has_said_weeks: whether the question named its weeks.
    """

    wallet: Facts
    series: DailySeries
    card_series: DailySeries
    seed: int
    weeks: int
    stretches: tuple[int, ...]
    term_end: date | None
    pool: Pool
    drawn: Decimal
    since_empty: Decimal
    last_look: date
    ahead: ForecastSummary | None
    fate: DepletionForecast | None
    used_up_since: date | None
    asked_on: date
    has_said_weeks: bool
    order: Drawdown
    between: Range | None = None

    @property
    def coming(self) -> list[Grant]:
        """The grants that begin on the first day ahead or later."""
        return [grant for grant in self.wallet.grants if grant.first_day >= self.first_day]

    @property
    def holding(self) -> GrantHolding:
        """The card's grants as the first day ahead begins."""
        from core.forecast import GrantHolding  # noqa: PLC0415 - numpy is loaded by what simulates only

        prices = self.wallet.rates.prices if self.wallet.rates else None
        return GrantHolding(self.pool, self.coming, self.term_end, self.drawn, self.since_empty, prices)

    @property
    def price_of_unused(self) -> Decimal | None:
        """The price of every credit that may be unused at the term's end; None if grants differ in it."""
        rates, end = self.wallet.rates, self.term_end
        alive = [line.grant for line in self.pool.lines if line.left] + [
            grant for grant in self.coming if grant.credits > 0 and (end is None or grant.first_day < end)
        ]
        prices = {rates.prices.of(grant) for grant in alive} if rates else set()
        return usd_of(prices.pop()) if len(prices) == 1 else None

    @property
    def unused_usd(self) -> Range | None:
        """What was paid for what is unused at the term's end; None for an open term and for cards without a price."""
        unused, price = self.fate.unused if self.fate else None, self.price_of_unused
        if unused is None or price is None:
            return self.fate.unused_usd if self.fate else None
        return type(unused)(*(each * price for each in unused))

    @property
    def usd_of_next_28_days(self) -> Decimal | None:
        """What the expected credits of 28 days cost: at the price of the grants they draw from, and as overage beyond them.

        None for cards without a price. For a part of a card, the rest of the card is assumed to burn as on its last complete
        days.
        """
        rates = self.wallet.rates
        if rates is None or self.ahead is None:
            return None
        known = {row.day: row.card_credits for row in self.wallet.rows if row.day < self.first_day}
        mine = self.ahead.next_28_days.middle / MONTH_OF_DAYS
        burn = self.wallet.card_burn
        whole = mine if self.wallet.part.is_whole_card or burn is None else max(mine, burn.per_day)
        estimated = self.between.middle / self.days_between if self.between and self.days_between else Decimal(0)
        gap = estimated if self.wallet.part.is_whole_card else max(estimated, whole)
        for nth in range(self.days_between + MONTH_OF_DAYS):
            known[self.first_day + timedelta(days=nth)] = gap if nth < self.days_between else whole
        days = [self.first_day_ahead + timedelta(days=nth) for nth in range(MONTH_OF_DAYS)]
        pool = balance.draw_down(self.wallet.grants, PoolUsage(known), days[-1] + timedelta(days=1), self.order)
        return DayRates(rates.prices, pool.by_day()).cost((day, mine) for day in days)

    @property
    def first_day(self) -> date:
        """The first simulated day: the one after the last complete day."""
        return self.series.day_after_last

    @property
    def first_day_ahead(self) -> date:
        """The first day ahead: the one after the day asked."""
        return max(self.asked_on + timedelta(days=1), self.first_day)

    @property
    def days_between(self) -> int:
        """The number of estimated days up to the day asked."""
        return (self.first_day_ahead - self.first_day).days

    @property
    def knows_range(self) -> bool:
        """Whether the part and the card both have the 8 weeks that ranges need."""
        return self.series.knows_range and self.card_series.knows_range

    @property
    def stretch_days(self) -> list[date]:
        """The first day of each stretch, and the day after the last one."""
        ends = [sum(self.stretches[:place]) for place in range(len(self.stretches) + 1)]
        return [self.first_day_ahead + timedelta(days=1) * days for days in ends]


def foresight(question: Question, context: Context, session: Session) -> Foresight:
    """Return the wallet's outlook as of the context's day. Raises: InputError, while nothing was imported."""
    return foresight_of(usage_facts.facts(question, context, session), question, context)


def foresight_of(facts: Facts, question: Question, context: Context) -> Foresight:
    """Return the outlook of a wallet whose facts were already looked up."""
    series, card_series = forecast_series.series_in(facts), forecast_series.series_in(facts, "card_credits")
    weeks = int(question.weeks) if question.weeks else USUAL_WEEKS
    first_day, order = series.day_after_last, context.config.wallet.drawdown
    by_day = {row.day: row.card_credits for row in facts.rows if row.day < first_day}
    now = balance.draw_down(facts.grants, PoolUsage(by_day), first_day, order)
    now.expire(first_day)
    standing = balance.balance_of(now, facts.counted)
    bare = Foresight(
        wallet=facts,
        series=series,
        card_series=card_series,
        seed=series.seed if question.seed is None else int(question.seed),
        weeks=weeks,
        stretches=_stretches(weeks),
        term_end=facts.term.day_after_last if facts.term and facts.term.day_after_last != OPEN_END else None,
        pool=now,
        drawn=standing.drawn,
        since_empty=standing.since_empty,
        last_look=_last_look(facts, first_day),
        ahead=None,
        fate=None,
        used_up_since=_find_depletion_day(now, by_day) if facts.knows_grants and not now.left else None,
        asked_on=context.as_of,
        has_said_weeks=question.weeks is not None,
        order=order,
    )
    return _simulate(bare, seed_of(question)) if series.is_enough else bare


def _stretches(weeks: int) -> tuple[int, ...]:
    """Return the days of each stretch: weeks, or several weeks if there are more weeks than a chart has points."""
    each = -(-weeks // CHART_POINTS)
    whole, rest = divmod(weeks, each)
    return tuple(count * DAYS_IN_WEEK for count in (*[each] * whole, *([rest] if rest else [])))


def _last_look(facts: Facts, first_day: date) -> date:
    ends = [grant.day_after_last for grant in facts.grants if grant.credits > 0 and grant.day_after_last > first_day]
    if facts.term and facts.term.day_after_last > first_day:
        ends.append(facts.term.day_after_last)
    return min(max(ends, default=first_day), first_day + FARTHEST) if ends else first_day


def _find_depletion_day(now: Pool, by_day: dict[date, Decimal]) -> date | None:
    """Return the first day of the last run of days that were not covered in full; None if grants still cover usage."""
    drawn = now.by_day()
    since = None
    for day in sorted(by_day, reverse=True):
        if by_day[day] and not any(grant is None and used > 0 for grant, used in drawn.get(day, ())):
            break
        since = day if by_day[day] else since
    return since


def _simulate(bare: Foresight, seed: int | None) -> Foresight:
    from core.forecast import summary  # noqa: PLC0415 - numpy is loaded by what simulates only

    first_day, last_look = bare.first_day, bare.last_look
    shown = max(sum(bare.stretches), MONTH_OF_DAYS)
    looked_at = (last_look - first_day).days
    is_whole = bare.series == bare.card_series
    gap = bare.days_between
    paths = summary.simulate_course(bare.series, max(gap + shown, looked_at if is_whole else 0), seed)
    bare = replace(bare, between=summary.total(paths[:, :gap]), ahead=summary.ahead(paths[:, gap:], bare.stretches))
    if not looked_at:
        return bare
    card = paths if is_whole else summary.simulate_course(bare.card_series, looked_at, seed)
    looks = [day for day in bare.stretch_days if day <= last_look]
    fate = summary.fate(card[:, :looked_at], first_day, bare.holding, looks)
    fate = fate._replace(day=None, early=None, late=None) if bare.used_up_since else fate
    return replace(bare, fate=fate)
