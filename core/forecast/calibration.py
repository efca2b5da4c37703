"""How wide a range must be: learned from the same forecast's past errors on the same series.

For each distance, three quantiles of the error are followed from origin to origin: after a miss a bound moves out,
after a hit a little in, so that in the long run one in ten lies beyond each (online conformal prediction;
Gibbs and Candès 2021). Only errors that were known at an origin move its bounds. A longer horizon has fewer errors of its own, so
it starts from the bounds of the one before, scaled by how the series' bounds have grown with the horizon so far: this
distinguishes a drifting level from chance that evens out.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np

from core.forecast.breaks import MIN_STEP
from core.forecast.expected_weeks import AHEAD, TINY
from core.records import NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.forecast.expected_weeks import Origins

    Floats = NDArray[np.float64]

# "Halved, doubled" as in `breaks`: ranges of 7, 28 and 84 days hold in 79, 77 and 72 %. "No difference" is 2 points or less.
# Horizons are closer together where errors grow fastest; in between, bounds are interpolated. An 80 % range defines the
# quantiles.
DISTANCES = (1, 2, 3, 4, 6, 8, AHEAD)
QUANTILES = (0.1, 0.5, 0.9)
# How far a bound moves after an error, in usual errors. Halved: no difference; doubled: 67 % of 84 days.
STEPS = (0.15, 0.01, 0.15)
# Half-lives, in weeks, of the usual error: recent and long-run. Halved, doubled: no difference.
RECENT_WEEKS, LONG_WEEKS = 6.0, 52.0
# The minimum and maximum that one error counts, and the lowest low end, in logarithms. Halved, doubled: no difference.
MIN_ERROR, MAX_ERROR, MAX_BOUND = 0.005, 3.0, 5.0
# The limit, in usual errors, of what is assumed before it was seen, and how far paths exceed everything seen. No difference.
USUAL_ERRORS_SUPPOSED, BEYOND_SEEN = 3.8, 1.25
# A range's upper end is below three times the level: more is a break. Without it, the year's mean of public series was
# 1.18 times the actual usage, 2.6 at worst, with it 1.09 and 1.8. Halved: 65 % of 84 days; doubled: no difference.
MAX_RISE = log(MIN_STEP)
# The errors assumed before there are any, their spread, and its growth with the horizon. Spread halved: 67 % of 7 days; doubled:
# 84 %. The others: no difference.
PRIOR_ERRORS = 9
PRIOR_SPREAD, PRIOR_GROWTH = 1.4, 0.1
# From the third horizon on the growth is the series' own, at most that of a random walk, the square root of the horizon.
MIN_DISTANCE_OF_GROWTH, MAX_GROWTH = 3, 0.5
# An 80 % range of a normal distribution is 2.56 deviations wide; halved: 81 % of 84 days, doubled: 47 %. How much wider a
# range with few errors is: halved no difference, doubled 77 % of 84 days.
SPREADS_WITHIN, WIDER_FOR_FEW = 2.5, 0.35


class Bounds(NamedTuple):
    """The 10 %, 50 % and 90 % quantiles of log(actual ÷ expected) as of now, by week ahead from 1 to 12.

    farthest: the limit beyond which nothing is assumed, whatever the quantiles say.
    """

    low: Floats
    middle: Floats
    high: Floats
    farthest: float


def bounds(past: Origins) -> Bounds:
    """Return how far off the expected credits may be, by weeks ahead.

    Never more than the series was off before, or than is usual if it was never off: after a quiet year a launch is hundreds of
    usual errors, but the range after it must not be hundreds of launches wide.
    """
    errors = {ahead: _errors(past, ahead) for ahead in DISTANCES}
    sizes = _usual_errors(errors[1], _first_error(past))
    found = [each * sizes[-1] for each in _by_distance({ahead: errors[ahead] / sizes for ahead in DISTANCES})]
    by_week = np.stack([np.interp(np.arange(1, AHEAD + 1), DISTANCES, [each[nth] for each in found]) for nth in range(3)])
    seen = max(float(np.abs(_known_errors(each, ahead)).max(initial=0.0)) for ahead, each in errors.items())
    limit = min(max(seen, USUAL_ERRORS_SUPPOSED * float(sizes[-1])), MAX_BOUND)
    low, middle, high = np.clip(np.sort(by_week, axis=0), -limit, min(limit, MAX_RISE))
    return Bounds(low, middle, high, BEYOND_SEEN * limit)


def _by_distance(errors: dict[int, Floats]) -> list[Floats]:
    """Return the three quantiles at each horizon; like the errors, in usual errors of one week."""
    found: list[Floats] = []
    spreads, growth, before = [PRIOR_SPREAD], PRIOR_GROWTH, DISTANCES[0]
    for ahead in DISTANCES:
        known = _known_errors(errors[ahead], ahead)
        bounds_now = _follow_quantiles(known, ahead, spreads[-1] * (ahead / before) ** growth)
        spreads.append(max(float(bounds_now[-1] - bounds_now[0]) / SPREADS_WITHIN, TINY))
        before = ahead
        if ahead >= MIN_DISTANCE_OF_GROWTH:
            growth = float(np.clip(np.log(spreads[-1] / spreads[1]) / np.log(ahead), 0.0, MAX_GROWTH))
        wider = 1 + WIDER_FOR_FEW * min(ahead / max(len(known), 1), 1.0)
        found.append(bounds_now[1] + wider * (bounds_now - bounds_now[1]))
    return found


def _known_errors(errors: Floats, ahead: int) -> Floats:
    """Return the errors of the weeks that are over."""
    return errors[: max(len(errors) - ahead, 0)]


def _errors(past: Origins, ahead: int) -> Floats:
    small = past.small(ahead)
    return np.asarray(np.log((past.actual(ahead) + small) / (past.expected[:, ahead - 1] + small)))


def _first_error(past: Origins) -> float:
    """Return the usual step from week to week in the first window: the assumption before there are errors."""
    logs = np.log(past.totals[0] + past.small(1)[0])
    return float(np.abs(np.diff(logs)).mean())


def _usual_errors(errors: Floats, first: float) -> Floats:
    """Return the usual size of an error one week ahead, as known at each origin: recent and long-run."""
    sizes: list[float] = []
    recent = long = first
    of_recent, of_long = 2.0, 2.0
    keep_recent, keep_long = 0.5 ** (1 / RECENT_WEEKS), 0.5 ** (1 / LONG_WEEKS)
    for error in [0.0, *np.abs(errors[:-1]).tolist()]:
        if sizes:
            size = min(error, MAX_ERROR)
            recent, of_recent = recent + (size - recent) / (keep_recent * of_recent + 1), keep_recent * of_recent + 1
            long, of_long = long + (size - long) / (keep_long * of_long + 1), keep_long * of_long + 1
        sizes.append(max((recent * long) ** 0.5, MIN_ERROR))
    return np.asarray(sizes)


def _follow_quantiles(known: Floats, ahead: int, prior: float) -> Floats:
    """Return the three quantiles after every error known by now."""
    supposed = np.concatenate([known, np.linspace(-1.56 * prior, 1.56 * prior, PRIOR_ERRORS)])
    low, high = np.quantile(supposed, (QUANTILES[0], QUANTILES[-1])).tolist()
    size = float(np.median(np.abs(supposed)))
    started = zip(QUANTILES, (low, 0.0, high), STEPS, strict=True)
    return np.asarray([_quantile_followed(known.tolist(), ahead, at, first, step * size) for at, first, step in started])


def _quantile_followed(known: list[float], ahead: int, at: float, first: float, step: float) -> float:
    issued = [first] * ahead
    bound = first
    for place, error in enumerate(known):
        bound += step * (at - (error < issued[place]))
        issued.append(bound)
    return bound
