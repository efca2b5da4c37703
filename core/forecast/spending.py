"""Simulated days against a limit: the total, the chance of exceeding it, and when."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from core.forecast.depletion import quantiles
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class SpendingPaths(NamedTuple):
    """The total of the days plus what was spent before. middle, low, high: to a fraction of a unit, such as a cent.

    over: how many of the paths exceed the limit, of all `paths`. over_after: after how many of the days half of all paths have
    exceeded it, the first day being 0; None if half of them never do.
    """

    middle: Decimal
    low: Decimal
    high: Decimal
    over: int
    paths: int
    over_after: int | None


def spend(  # noqa: PLR0913 - the days, what was spent before, and the limit
    paths: Floats, prices: Sequence[Decimal], *, before: Decimal, least: Decimal, limit: Decimal, parts: int = 100
) -> SpendingPaths:
    """Return the total of simulated credits (paths × days) at a price for each day.

    before: already spent on days that are not simulated. least: the lower bound of the total, because it is already spent.
    parts: how many of them make one unit: 100 for cents.
    """
    so_far = float(before) + np.cumsum(paths * np.asarray([float(price) for price in prices]), axis=1)
    totals = np.maximum(so_far[:, -1], float(least))
    is_over = so_far > float(limit)
    low, middle, high = (Decimal(round(value * parts)) / parts for value in quantiles(totals))
    passed = np.flatnonzero(2 * is_over.sum(axis=0) > len(paths))
    count = int((totals > float(limit)).sum())
    return SpendingPaths(middle, low, high, count, len(paths), int(passed[0]) if len(passed) else None)
