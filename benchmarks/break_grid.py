"""The accuracy of forecasts after a break, cell by cell: the kind of break, the weeks before it, the weeks since."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.broken_days import BREAKS, GAPS, LIVES, broken
from core.forecast.daily import DailySeries
from core.forecast.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIRST_DAY = date(2025, 1, 6)
SPANS = (28, 84)
MIN_WEEKS, MAX_OFF, MAX_HIGH = 4, 0.25, 3.0


class Cell(NamedTuple):
    """A forecast, each part as a multiple of actual usage: the middles and upper ends of 28 and 84 days, a year's mean."""

    kind: str
    before: int
    since: int
    middles: tuple[float, float]
    highs: tuple[float, float]
    year: float

    @property
    def holds(self) -> bool:
        """Whether the middles are within a quarter of the truth, and the upper ends within three times of it."""
        return max(abs(middle - 1) for middle in self.middles) <= MAX_OFF and max(self.highs) <= MAX_HIGH


def measure_cell(kind: str, before: int, since: int, seed: int, paths: int = 400) -> Cell:
    """Return the accuracy of a forecast for a series that broke that many weeks ago."""
    known, truth = broken(kind, before, since, seed)
    ahead = simulate(DailySeries(FIRST_DAY, tuple(known.tolist())), len(truth), paths=paths)
    sums = [(ahead[:, :days].sum(axis=1), float(truth[:days].sum())) for days in SPANS]
    middles, highs = ([float(np.quantile(said, share)) / real for said, real in sums] for share in (0.5, 0.9))
    year = float(ahead.sum(axis=1).mean() / truth.sum())
    return Cell(kind, before, since, (middles[0], middles[1]), (highs[0], highs[1]), year)


def measure_grid(seeds: Iterable[int], gaps: Iterable[int] = GAPS, lives: Iterable[int] = LIVES) -> Iterator[Cell]:
    """Yield every cell of the grid."""
    chosen = [(gap, live, seed) for gap in gaps for live in lives for seed in seeds]
    return (measure_cell(kind, *place) for kind in BREAKS for place in chosen)
