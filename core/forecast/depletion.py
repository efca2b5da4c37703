"""What simulated use does to the grants: the day they are used up, path by path, and what expires unused.

The same drawing down as `core.wallet.balance`, grant by grant in the same order, for all paths at once.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.wallet.balance import drawing_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from core.wallet.balance import Grant, Pool
    from core.wallet.settings import Drawdown

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

LEAST_SHORT = 1e-6
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


class Future(NamedTuple):
    """What became of the grants, path by path; days are counted from 0, the first simulated day.

    depleted: the first day whose use no grant covered in full, or `days` where there was none.
    left, expired: by day looked at, what the grants hold as it begins, and what has expired unused by then.
    """

    days: int
    depleted: Places
    left: dict[int, Floats]
    expired: dict[int, Floats]


class _Purse:
    """The grants in force on all paths, in the order in which they are drawn."""

    def __init__(self, pool: Pool, paths: int) -> None:
        self._order: Drawdown = pool.order
        self._paths = paths
        self._lines = [(line.grant, np.full(paths, float(line.left))) for line in pool.lines]
        self.expired = np.zeros(paths)

    @property
    def left(self) -> Floats:
        """What all grants in force still hold."""
        return sum((left for _, left in self._lines), start=np.zeros(self._paths))

    def turn(self, day: date, coming: Iterable[Grant]) -> None:
        """End the grants whose term is over on that day, and begin those whose term begins."""
        self.expired = self.expired + sum((left for grant, left in self._lines if grant.day_after_last <= day), start=0.0)
        self._lines = [(grant, left) for grant, left in self._lines if grant.day_after_last > day]
        begun = [grant for grant in coming if grant.first_day == day]
        self._lines += [(grant, np.full(self._paths, float(grant.credits))) for grant in begun if grant.credits >= 0]
        self._lines.sort(key=lambda line: drawing_key(line[0], self._order))
        for grant in begun:
            if grant.credits < 0:
                self._take_back(grant)

    def draw(self, wanted: Floats) -> None:
        """Use credits, grant by grant; what no grant covers is overage."""
        self._taken(range(len(self._lines)), wanted)

    def _take_back(self, grant: Grant) -> None:
        places = range(len(self._lines))
        same_end_first = sorted(places, key=lambda place: self._lines[place][0].day_after_last != grant.day_after_last)
        self._taken(same_end_first, np.full(self._paths, float(-grant.credits)))

    def _taken(self, places: Iterable[int], wanted: Floats) -> None:
        for place in places:
            grant, left = self._lines[place]
            taken = np.minimum(left, wanted)
            self._lines[place], wanted = (grant, left - taken), wanted - taken


def future(paths: Floats, first_day: date, pool: Pool, coming: Sequence[Grant], looks: Iterable[int] = ()) -> Future:
    """Return what the paths (paths × days of credits) do to a pool and to the grants still to come.

    pool: as the day before `first_day` ends. looks: days at whose beginning to look, from 0 to the number of days.
    """
    count, days = paths.shape
    added = np.concatenate([np.zeros((count, 1)), np.cumsum(paths, axis=1)], axis=1)
    purse = _Purse(pool, count)
    found, wanted = Future(days, np.full(count, days), {}, {}), frozenset(looks)
    for first, after_last in pairwise([*_stops(pool, coming, first_day, days, wanted), days]):
        purse.turn(first_day + timedelta(days=first), coming)
        _look(found, purse, first, wanted)
        used = added[:, first + 1 : after_last + 1] - added[:, first, None]
        _note_depletion(found, used > purse.left[:, None] + LEAST_SHORT, first)
        purse.draw(used[:, -1])
    purse.turn(first_day + timedelta(days=days), ())
    _look(found, purse, days, wanted)
    return found


def _stops(pool: Pool, coming: Sequence[Grant], first_day: date, days: int, looks: Iterable[int]) -> list[int]:
    grants = [*(line.grant for line in pool.lines), *coming]
    turns = ((day - first_day).days for grant in grants for day in (grant.first_day, grant.day_after_last))
    return sorted({0, *(day for day in (*turns, *looks) if 0 < day < days)})


def _look(found: Future, purse: _Purse, day: int, looks: frozenset[int]) -> None:
    if day in looks:
        found.left[day], found.expired[day] = purse.left, purse.expired


def _note_depletion(found: Future, is_short: NDArray[np.bool_], first: int) -> None:
    new = is_short[:, -1] & (found.depleted == found.days)
    found.depleted[new] = first + np.argmax(is_short[new], axis=1)


def nearest_days(days: Places) -> tuple[int, int, int]:
    """Return the days by which 10 %, half and 90 % of the paths were depleted.

    Days come whole: of the days on either side of 10 % and of 90 %, those between which there lies most nearly 80 %.
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
    """Return what 10 %, half and 90 % of the values lie below."""
    low, middle, high = np.quantile(values, (LOW, MIDDLE, HIGH)).tolist()
    return low, middle, high
