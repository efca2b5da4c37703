"""Whole paths of days to come, simulated: what every range and every chance is counted from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.forecast.daily import DAYS_IN_WEEK, LEAST_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.forecast.daily import DailySeries

PATHS = 2_000
WEEKS_OF_PROFILE = 8


def simulated(series: DailySeries, days: int, *, paths: int = PATHS, seed: int | None = None) -> NDArray[np.float64]:
    """Return credits by path and day (paths × days), the first column being `series.day_after_last`.

    The same series, days, paths and seed give the same credits; without a seed, the series' own.
    Raises: ValueError, for a series of fewer than 14 days.
    """
    if not series.is_enough:
        raise ValueError(f"A forecast needs {LEAST_DAYS} days, not {series.days}.")
    draw = np.random.default_rng(series.seed if seed is None else seed)
    weeks = _whole_weeks(series)
    totals = weeks.sum(axis=1)
    steps = np.diff(np.log(totals + 1.0))
    ahead = -(-days // DAYS_IN_WEEK)
    level = totals[-1]
    drawn = draw.choice(steps, (paths, ahead)) - steps.mean()
    week_totals = level * np.exp(np.cumsum(drawn, axis=1))
    recent = weeks[-WEEKS_OF_PROFILE:] / np.maximum(totals[-WEEKS_OF_PROFILE:, None], 1.0)
    shares = recent[draw.integers(0, len(recent), (paths, ahead))]
    return np.asarray((week_totals[:, :, None] * shares).reshape(paths, -1)[:, :days])


def _whole_weeks(series: DailySeries) -> NDArray[np.float64]:
    credits_by_day = np.asarray(series.credits)
    return credits_by_day[series.days % DAYS_IN_WEEK :].reshape(-1, DAYS_IN_WEEK)
