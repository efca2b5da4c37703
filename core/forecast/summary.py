"""Summarises simulated paths in whole credits and days: here floats become exact, once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from core.days import DAYS_IN_WEEK
from core.forecast.daily import PATHS
from core.forecast.depletion import Standing, future, nearest_days, quantiles, share_before
from core.forecast.simulation import simulate
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from core.forecast.daily import DailySeries
    from core.forecast.depletion import DepletionResult
    from core.wallet.ledger import Grant, Pool
    from core.wallet.usage import CreditPrices

    Floats = NDArray[np.float64]


CENTS = 100


class Range(NamedTuple):
    """Whole credits: half of the paths are below the middle, one in ten below low, one in ten above high."""

    middle: Decimal
    low: Decimal
    high: Decimal


NOTHING_USED = Range(Decimal(0), Decimal(0), Decimal(0))


class GrantHolding(NamedTuple):
    """A card's grants: the pool as the first day ahead begins, the future grants, the day after its term.

    drawn, since_empty: of the pool's term before that day; see `core.wallet.ledger.balance`. prices: None for cards without a
    price.
    """

    pool: Pool
    coming: Sequence[Grant]
    term_end: date | None
    drawn: Decimal = Decimal(0)
    since_empty: Decimal = Decimal(0)
    prices: CreditPrices | None = None


class DepletionForecast(NamedTuple):
    """The outcome for a card's grants; a day is None if that share of paths never depletes them.

    depleted: how many of the paths deplete them before the last day looked at, and before the term ends.
    unused: what expired unused by the term's end, and what is left then; None for an open term. unused_usd: what was paid for it.
    left: what the grants hold as each requested day begins.
    """

    day: date | None
    early: date | None
    late: date | None
    depleted: int
    depleted_in_term: int | None
    unused: Range | None
    unused_usd: Range | None
    left: tuple[Range, ...]


class ForecastSummary(NamedTuple):
    """Credits of the days ahead: of the next 7, the next 28, and by the requested stretches of weeks."""

    next_7_days: Range
    next_28_days: Range
    all_weeks: Range
    stretches: tuple[Range, ...]


def ahead(paths: Floats, stretches: Sequence[int]) -> ForecastSummary:
    """Return the usage of the paths. stretches: their lengths in days, one after the other.

    The middles of the stretches add up to the middle of their total; low and high are each stretch's own.
    """
    ends = [sum(stretches[: place + 1]) for place in range(len(stretches))]
    so_far = [_usage_range(paths, 0, end) for end in ends]
    middles = [now.middle - before.middle for before, now in pairwise([NOTHING_USED, *so_far])]
    owns = [_usage_range(paths, first, after_last) for first, after_last in pairwise([0, *ends])]
    return ForecastSummary(
        _usage_range(paths, 0, DAYS_IN_WEEK),
        _usage_range(paths, 0, 4 * DAYS_IN_WEEK),
        so_far[-1],
        tuple(Range(middle, own.low, own.high) for middle, own in zip(middles, owns, strict=True)),
    )


def total(paths: Floats) -> Range:
    """Return the usage of the paths over all their days."""
    return _usage_range(paths, 0, paths.shape[1])


def simulate_course(series: DailySeries, days: int, seed: int | None = None) -> Floats:
    """Return 2,000 simulated paths of that many days."""
    return simulate(series, days, paths=PATHS, seed=seed)


def fate(paths: Floats, first_day: date, holding: GrantHolding, looks: Sequence[date] = ()) -> DepletionForecast:
    """Return the effect of the paths on the grants, from the first simulated day to the end of the paths."""
    term = (holding.term_end - first_day).days if holding.term_end else None
    in_reach = term if term is not None and 0 <= term <= paths.shape[1] else None
    places = [(day - first_day).days for day in looks]
    stops = [*places, *([in_reach] if in_reach is not None else [])]
    found = future(paths, first_day, holding.pool, holding.coming, stops, price_of=_price_of(holding))
    early, middle, late = (None if day == found.days else first_day + timedelta(days=day) for day in nearest_days(found.depleted))
    return DepletionForecast(
        day=middle,
        early=early,
        late=late,
        depleted=_count_before(found, found.days),
        depleted_in_term=None if term is None else _count_before(found, term),
        unused=None if in_reach is None else _range(found.left[in_reach] + found.expired[in_reach]),
        unused_usd=None
        if in_reach is None or holding.prices is None
        else _range(found.left_usd[in_reach] + found.expired_usd[in_reach], CENTS),
        left=tuple(_range(found.left[place]) for place in places),
    )


def _price_of(holding: GrantHolding) -> Callable[[Grant], float]:
    return lambda grant: float(holding.prices.of(grant)) if holding.prices and grant.credits else 0.0


def find_reach_days(
    paths: Floats, first_day: date, holding: GrantHolding, level: int
) -> tuple[date | None, date | None, date | None]:
    """Return the days on which 10 %, half and 90 % of the paths have used that percentage of the pool; None if they do not.

    Before the term's end; a level up to 100 is reached at the latest when the grants are depleted, in that term or later.
    """
    days = paths.shape[1]
    until = min(max((holding.term_end - first_day).days, 0), days) if holding.term_end else days
    standing = Standing(float(holding.drawn), float(holding.since_empty))
    found = future(paths, first_day, holding.pool, holding.coming, levels=[level], levels_until=until, standing=standing)
    ends = nearest_days(found.reached[level])
    early, middle, late = (None if day == days else first_day + timedelta(days=day) for day in ends)
    return early, middle, late


def _count_before(found: DepletionResult, day: int) -> int:
    return round(share_before(found.depleted, min(day, found.days)) * len(found.depleted))


def _usage_range(paths: Floats, first: int, after_last: int) -> Range:
    return _range(paths[:, first:after_last].sum(axis=1))


def _range(values: Floats, parts: int = 1) -> Range:
    """Return the range in whole credits, or in fractions of a unit: in cents of dollars."""
    low, middle, high = (Decimal(round(value * parts)) / parts for value in quantiles(values))
    return Range(middle, low, high)
