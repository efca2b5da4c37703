"""Simulated paths of future days: the basis of every range and every probability.

A path is drawn as weeks: runs of the series' own weekly steps in level, and its own weekly chance on top. The spread of all paths
is then scaled to what the series' own past errors require, and each week is split into days like one of its last 16 weeks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from core.days import DAYS_IN_WEEK
from core.forecast.calibration import BEYOND_SEEN, MAX_RISE, QUANTILES, bounds
from core.forecast.daily import MIN_DAYS, PATHS
from core.forecast.expected_weeks import AHEAD, TINY, origins, profile

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from core.forecast.calibration import Bounds
    from core.forecast.daily import DailySeries
    from core.forecast.expected_weeks import Origins

    Floats = NDArray[np.float64]

# "Halved, doubled" as in `breaks`; the error is 0.736.
# The weeks of steps drawn together. Halved: 0.741; doubled: 0.746.
RUN_OF_STEPS = 4
# Two years of steps. Halved, doubled: no difference.
STEPS_KEPT = 104
# The weeks whose split into days is used. Halved: error 0.750; doubled: 0.732, but a new pattern would take longer to show.
WEEKS_DEALT = 16
# How far the tails reach, in distances of the range's ends from its middle: twice would be five deviations. Halved,
# doubled: no difference.
FARTHEST = 2.5
# The step assumed for a series without any. Halved, doubled: no difference.
SUPPOSED_STEP = 0.02
Drawn = Literal["steps", "chances", "supposed", "shares"]
DRAWN: tuple[Drawn, ...] = get_args(Drawn)


def simulate(series: DailySeries, days: int, *, paths: int = PATHS, seed: int | None = None) -> Floats:
    """Return credits by path and day (paths × days), the first column being `series.day_after_last`.

    The same series, paths and seed give the same credits, however many days are requested; without a seed, the series'
    own seed applies.
    Raises: ValueError, for a series of fewer than 14 days.
    """
    if not series.is_enough:
        raise ValueError(f"A forecast needs {MIN_DAYS} days, not {series.days}.")
    chosen = series.seed if seed is None else seed
    past = origins(series.mended)
    weeks = max(-(-days // DAYS_IN_WEEK), 1)
    totals = _spread(_wandering(past, paths, weeks, chosen), past, bounds(past))
    shares = _shares(past)
    dealt = shares[_draw(chosen, "shares").integers(0, len(shares), (weeks, paths)).T]
    return np.asarray((totals[:, :, None] * dealt).reshape(paths, -1)[:, :days])


def _draw(seed: int, of: Drawn) -> Generator:
    """Return a separate generator for each quantity drawn, week by week, so that more weeks change no earlier ones."""
    return np.random.default_rng([seed, DRAWN.index(of)])


def _wandering(past: Origins, paths: int, weeks: int, seed: int) -> Floats:
    """Return log deviations from the expected values, by path and week, before their spread is set."""
    levels, chances = _own_steps(past)
    runs = -(-weeks // RUN_OF_STEPS)
    first = _draw(seed, "steps").integers(0, len(levels) - RUN_OF_STEPS + 1, (runs, paths)).T
    steps = levels[first[:, :, None] + np.arange(RUN_OF_STEPS)].reshape(paths, -1)[:, :weeks]
    by_chance = chances[_draw(seed, "chances").integers(0, len(chances), (weeks, paths)).T]
    supposed = _draw(seed, "supposed").normal(0.0, SUPPOSED_STEP, (weeks, paths)).T
    return np.asarray(np.cumsum(steps, axis=1) + by_chance + supposed)


def _own_steps(past: Origins) -> tuple[Floats, Floats]:
    """Return the weekly steps of the level, and the weeks' deviations from it; both around 0."""
    logs = np.log(past.weeks.sum(axis=1) + past.small(1)[-1])
    level = np.convolve(logs, (0.25, 0.5, 0.25), mode="valid") if len(logs) > RUN_OF_STEPS + 2 else logs
    steps = np.diff(level)[-STEPS_KEPT:]
    chances = logs[1:-1] - level if len(level) < len(logs) else np.zeros(1)
    steps = np.concatenate([steps, np.zeros(max(RUN_OF_STEPS - len(steps), 0))])
    return steps - steps.mean(), chances[-STEPS_KEPT:] - np.median(chances)


def _spread(wandering: Floats, past: Origins, wanted: Bounds) -> Floats:
    """Return credits by path and week: the paths' order is kept, their quantiles are the wanted ones."""
    weeks = wandering.shape[1]
    expected = _forecast_weeks(past, weeks)
    so_far = np.cumsum(np.diff(expected, prepend=0.0) * np.exp(wandering), axis=1)
    small = past.usual[-1] * 0.01 * np.arange(1, weeks + 1) + TINY
    off = np.log((so_far + small) / (expected + small))
    low, middle, high = np.quantile(off, QUANTILES, axis=0)
    want_low, want_middle, want_high = (_extend(each, weeks) for each in (wanted.low, wanted.middle, wanted.high))
    above, below = want_high - want_middle, want_middle - want_low
    around = off - middle
    scaled = np.where(
        around > 0,
        around * _hold_last(above / np.maximum(high - middle, TINY), weeks),
        around * _hold_last(below / np.maximum(middle - low, TINY), weeks),
    )
    far = np.minimum(np.maximum(above, below) * FARTHEST, wanted.farthest)
    off = np.minimum(want_middle + np.clip(scaled, -far, far), MAX_RISE * BEYOND_SEEN)
    reached = np.maximum((expected + small) * np.exp(off) - small, 0.0)
    return np.diff(np.maximum.accumulate(reached, axis=1), axis=1, prepend=0.0)


def _forecast_weeks(past: Origins, weeks: int) -> Floats:
    """Return the expected credits of the next 1, 2, … weeks together; after 106 weeks the level stays."""
    known = past.expected[-1]
    more = known[-1] + (known[-1] - known[-2]) * np.arange(1, max(weeks - len(known), 0) + 1)
    return np.concatenate([known, more])[:weeks]


def _extend(by_week: Floats, weeks: int) -> Floats:
    return np.concatenate([by_week, np.repeat(by_week[-1], max(weeks - AHEAD, 0))])[:weeks]


def _hold_last(scale: Floats, weeks: int) -> Floats:
    """Return the scale, with that of the 12th week kept from there on."""
    scale[AHEAD:] = scale[min(AHEAD, weeks) - 1]
    return scale


def _shares(past: Origins) -> Floats:
    """Return how each of the last weeks was split into its days."""
    weeks = past.weeks[-WEEKS_DEALT:]
    totals = weeks.sum(axis=1, keepdims=True)
    usual = profile(weeks[None], totals.T)
    return np.where(totals > 0, weeks / np.maximum(totals, TINY), usual)
