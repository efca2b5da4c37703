"""How wide a range must be: learned from the errors that the same forecast made before on the same series.

For each distance, three quantiles of the error are followed from origin to origin: after a miss a bound moves out,
after a hit a little in, so that in the long run one in ten lies beyond each (online conformal prediction;
Gibbs and Candès 2021). Only errors that were known at an origin move its bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.forecast.levels import AHEAD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.forecast.levels import Origins

    Floats = NDArray[np.float64]

DISTANCES = (1, 2, 3, 4, 6, 8, AHEAD)
QUANTILES = (0.1, 0.5, 0.9)
STEPS = (0.15, 0.01, 0.15)
RECENT_WEEKS, LONG_WEEKS = 6.0, 52.0
LEAST_ERROR, MOST_ERROR = 0.005, 3.0
PRIOR_ERRORS = 9
PRIOR_SPREAD, PRIOR_START, PRIOR_GROWTH = 1.6, 0.75, 0.12


class Bounds(NamedTuple):
    """The 10 %, 50 % and 90 % quantiles of log(actual ÷ expected) now, by week ahead from 1 to 12."""

    low: Floats
    middle: Floats
    high: Floats


def bounds(past: Origins) -> Bounds:
    """Return how far off the expected credits may be, by weeks ahead."""
    errors = {ahead: _errors(past, ahead) for ahead in DISTANCES}
    sizes = _usual_errors(errors[1], _first_error(past))
    found = [_followed(errors[ahead] / sizes, ahead) * sizes[-1] for ahead in DISTANCES]
    by_week = np.stack([np.interp(np.arange(1, AHEAD + 1), DISTANCES, [each[nth] for each in found]) for nth in range(3)])
    return Bounds(*np.sort(by_week, axis=0))


def _errors(past: Origins, ahead: int) -> Floats:
    small = past.small(ahead)
    return np.asarray(np.log((past.actual(ahead) + small) / (past.expected[:, ahead - 1] + small)))


def _first_error(past: Origins) -> float:
    """Return the usual step from week to week in the first window: what to reckon with before there are errors."""
    logs = np.log(past.totals[0] + past.small(1)[0])
    return float(np.abs(np.diff(logs)).mean())


def _usual_errors(errors: Floats, first: float) -> Floats:
    """Return the usual size of an error one week ahead, as each origin knew it: lately and in the long run."""
    sizes: list[float] = []
    recent = long = first
    of_recent, of_long = 2.0, 2.0
    keep_recent, keep_long = 0.5 ** (1 / RECENT_WEEKS), 0.5 ** (1 / LONG_WEEKS)
    for error in [0.0, *np.abs(errors[:-1]).tolist()]:
        if sizes:
            size = min(error, MOST_ERROR)
            recent, of_recent = recent + (size - recent) / (keep_recent * of_recent + 1), keep_recent * of_recent + 1
            long, of_long = long + (size - long) / (keep_long * of_long + 1), keep_long * of_long + 1
        sizes.append(max((recent * long) ** 0.5, LEAST_ERROR))
    return np.asarray(sizes)


def _followed(errors: Floats, ahead: int) -> Floats:
    """Return the three quantiles after every error that is known by now; errors are in usual errors of one week."""
    known = errors[: max(len(errors) - ahead, 0)]
    prior = PRIOR_SPREAD * (PRIOR_START + PRIOR_GROWTH * ahead) ** 0.5
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
