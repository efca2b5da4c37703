"""The effect of simulated usage on the grants: the day they are used up, path by path, and what expires unused.

The same drawdown as in `core.wallet.ledger.balance`, grant by grant in the same order, for all paths at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from core.records import NamedTuple
from core.wallet.ledger import drawing_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from core.config import Drawdown
    from core.wallet.ledger import Grant, Pool

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

MIN_SHORT = 1e-6
ALL = 100
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


class DepletionResult(NamedTuple):
    """The outcome for the grants, path by path; days are counted from 0, the first simulated day.

    depleted: the first day whose usage no grant covered in full, or `days` if there was none.
    reached: by level, the first day at whose end that percentage of the pool is used, or `days`.
    left, expired: by day looked at, what the grants hold as it begins, and what has expired unused by then.
    left_usd, expired_usd: what was paid for that, if the prices of grants are known.
    """

    days: int
    depleted: Places
    reached: dict[int, Places]
    left: dict[int, Floats]
    expired: dict[int, Floats]
    left_usd: dict[int, Floats]
    expired_usd: dict[int, Floats]


class Standing(NamedTuple):
    """What was drawn from the pool in the term before the first simulated day, and overdrawn since it was empty, in credits."""

    drawn: float = 0.0
    since_empty: float = 0.0


NOTHING_DRAWN = Standing()


@dataclass(slots=True)
class _Line:
    """One grant in force on all paths: what it holds, and what usage drew from it. price: dollars per credit."""

    grant: Grant
    left: Floats
    used: Floats
    price: float = 0.0


class GrantBalances:
    """The grants in force on all paths, in drawing order; see `core.wallet.ledger.balance` for the terms."""

    def __init__(self, pool: Pool, paths: int, standing: Standing, price_of: Callable[[Grant], float]) -> None:
        self._order: Drawdown = pool.order
        self._paths, self._price_of = paths, price_of
        self._lines = [self._line(line.grant, float(line.left), float(line.used)) for line in pool.lines]
        self._waiting = [(grant, np.full(paths, float(owed))) for grant, owed in pool.waiting]
        self.expired, self.expired_usd = np.zeros(paths), np.zeros(paths)
        self.drawn, self.since_empty = np.full(paths, standing.drawn), np.full(paths, standing.since_empty)

    @property
    def left(self) -> Floats:
        """What all grants in force still hold."""
        return sum((line.left for line in self._lines), start=np.zeros(self._paths))

    @property
    def left_usd(self) -> Floats:
        """What was paid for the credits that all grants in force still hold."""
        return sum((line.left * line.price for line in self._lines), start=np.zeros(self._paths))

    def turn(self, day: date, coming: Iterable[Grant]) -> None:
        """End the grants whose term is over on that day, and begin those whose term begins."""
        over = [line for line in self._lines if line.grant.day_after_last <= day]
        self.expired = self.expired + sum((line.left for line in over), start=0.0)
        self.expired_usd = self.expired_usd + sum((line.left * line.price for line in over), start=0.0)
        self._lines = [line for line in self._lines if line.grant.day_after_last > day]
        begun = [grant for grant in coming if grant.first_day == day]
        for grant in (grant for grant in begun if grant.credits > 0 and grant.day_after_last <= day):
            self.expired = self.expired + float(grant.credits)
            self.expired_usd = self.expired_usd + float(grant.credits) * self._price_of(grant)
        begun = [grant for grant in begun if grant.day_after_last > day]
        self._lines += [self._line(grant, float(grant.credits), 0.0) for grant in begun if grant.credits >= 0]
        self._lines.sort(key=lambda line: drawing_key(line.grant, self._order))
        reductions = [(grant, np.full(self._paths, float(-grant.credits))) for grant in begun if grant.credits < 0]
        waiting = [(grant, owed) for grant, owed in self._waiting if grant.day_after_last > day]
        self._waiting = []
        for grant, owed in (*waiting, *reductions):
            self._take_back(grant, owed)
        self._refill()

    def draw(self, wanted: Floats) -> None:
        """Use credits, grant by grant; what no grant covers is overage."""
        for line in self._lines:
            taken = np.minimum(line.left, wanted)
            line.left, line.used, wanted = line.left - taken, line.used + taken, wanted - taken
            self.drawn = self.drawn + taken
        self._refill()
        self.since_empty = self.since_empty + np.where(wanted > MIN_SHORT, wanted, 0.0)

    def _line(self, grant: Grant, left: float, used: float) -> _Line:
        return _Line(grant, np.full(self._paths, left), np.full(self._paths, used), self._price_of(grant))

    def _take_back(self, grant: Grant, owed: Floats) -> None:
        """Take credits back: what is left, then what usage drew from grants in force, which becomes overdrawn."""
        same_end_first = sorted(self._lines, key=lambda line: line.grant.day_after_last != grant.day_after_last)
        for line in same_end_first:
            taken = np.minimum(line.left, owed)
            line.left, owed = line.left - taken, owed - taken
        for line in same_end_first:
            taken = np.minimum(line.used, owed)
            line.used, owed = line.used - taken, owed - taken
            self.drawn, self.since_empty = self.drawn - taken, self.since_empty + taken
        if owed.any():
            self._waiting.append((grant, owed))

    def _refill(self) -> None:
        self.since_empty = np.where(self.left > MIN_SHORT, 0.0, self.since_empty)


def future(  # noqa: PLR0913 - a pool, what is to come, and what to look for
    paths: Floats,
    first_day: date,
    pool: Pool,
    coming: Sequence[Grant],
    looks: Iterable[int] = (),
    *,
    levels: Iterable[int] = (),
    levels_until: int | None = None,
    standing: Standing = NOTHING_DRAWN,
    price_of: Callable[[Grant], float] = lambda _: 0.0,
) -> DepletionResult:
    """Return the effect of the paths (paths × days of credits) on a pool and on future grants.

    pool: as the day before `first_day` ends. looks: days at whose start to look, from 0 to the number of days.
    levels: percentages of the pool used, searched before the day `levels_until`. A level up to 100 is reached at the latest on
    the day on which the grants are depleted, so a lower level is never expected after a higher one.
    """
    count, days = paths.shape
    added = np.concatenate([np.zeros((count, 1)), np.cumsum(paths, axis=1)], axis=1)
    purse = GrantBalances(pool, count, standing, price_of)
    found, wanted = DepletionResult(days, np.full(count, days), {}, {}, {}, {}, {}), frozenset(looks)
    found.reached.update({level: np.full(count, days) for level in levels})
    last = days if levels_until is None else levels_until
    for first, after_last in pairwise([*_stops(pool, coming, first_day, days, {*wanted, last}), days]):
        purse.turn(first_day + timedelta(days=first), coming)
        _look(found, purse, first, wanted)
        used = added[:, first + 1 : after_last + 1] - added[:, first, None]
        _note_depletion(found, used > purse.left[:, None] + MIN_SHORT, first)
        if first < last:
            _note_levels(found, purse, used, first)
        purse.draw(used[:, -1])
    purse.turn(first_day + timedelta(days=days), ())
    _look(found, purse, days, wanted)
    for level in found.reached:
        if level <= ALL:
            found.reached[level] = np.minimum(found.reached[level], found.depleted)
    return found


def _stops(pool: Pool, coming: Sequence[Grant], first_day: date, days: int, looks: Iterable[int]) -> list[int]:
    grants = [*(line.grant for line in pool.lines), *coming]
    turns = ((day - first_day).days for grant in grants for day in (grant.first_day, grant.day_after_last))
    return sorted({0, *(day for day in (*turns, *looks) if 0 < day < days)})


def _look(found: DepletionResult, purse: GrantBalances, day: int, looks: frozenset[int]) -> None:
    if day in looks:
        found.left[day], found.expired[day] = purse.left, purse.expired
        found.left_usd[day], found.expired_usd[day] = purse.left_usd, purse.expired_usd


def _note_depletion(found: DepletionResult, is_short: NDArray[np.bool_], first: int) -> None:
    new = is_short[:, -1] & (found.depleted == found.days)
    found.depleted[new] = first + np.argmax(is_short[new], axis=1)


def _note_levels(found: DepletionResult, purse: GrantBalances, used: Floats, first: int) -> None:
    """Note the days on which usage reaches a level: (drawn + overdrawn since the pool was empty) ÷ (drawn + left)."""
    pool = purse.drawn + purse.left
    for level, reached in found.reached.items():
        to_go = pool * level / ALL - purse.drawn - purse.since_empty
        is_there = (used >= to_go[:, None] - MIN_SHORT) & (pool > MIN_SHORT)[:, None]
        new = is_there.any(axis=1) & (reached == found.days)
        reached[new] = first + np.argmax(is_there[new], axis=1)


def nearest_days(days: Places) -> tuple[int, int, int]:
    """Return the days by which 10 %, half and 90 % of the paths were depleted.

    Days are whole: of the days on either side of 10 % and of 90 %, those with the share between them closest to 80 %.
    """
    values, counts = np.unique(days, return_counts=True)
    reached = np.cumsum(counts) / len(days)
    before = reached - counts / len(days)
    middle = int(np.argmax(reached >= MIDDLE))
    early = int(np.searchsorted(before, LOW, side="right")) - 1
    late = int(np.argmax(reached >= HIGH))
    pairs = [(first, last) for first in (early, early + 1) for last in (late, late - 1) if first <= middle <= last]
    first, last = min(pairs, key=lambda pair: abs(reached[pair[1]] - before[pair[0]] - (HIGH - LOW)))
    return int(values[first]), int(values[middle]), int(values[last])


def share_before(days: Places, day: int) -> float:
    """Return the share of the paths that were depleted before a day, from 0 to 1."""
    return float(np.mean(days < day))


def quantiles(values: Floats) -> tuple[float, float, float]:
    """Return the 10 %, 50 % and 90 % quantiles of the values."""
    low, middle, high = np.quantile(values, (LOW, MIDDLE, HIGH)).tolist()
    return low, middle, high
