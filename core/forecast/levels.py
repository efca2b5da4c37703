"""What a week to come is expected to use: several simple views of the last 8 weeks, weighed by how they did before.

Every whole week of the past is an origin: the views are taken there as they are now, from the 8 weeks before it
only, so that each of them has errors that are known by now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.forecast.daily import DAYS_IN_WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.forecast.daily import DailySeries

    Floats = NDArray[np.float64]

WINDOW = 8
AHEAD = 12
JUDGED_AT = 4
MEMORY_WEEKS, SHARPNESS, WEEKS_OF_DOUBT = 52.0, 16.0, 6.0
STEP_IN_DEVIATIONS = 5.0
LEAST_SHARE = 0.02
DAMPING, MOST_GROWTH, SURE_GROWTH = 0.9, 0.15, 2.0
SMALL = 0.01
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Origins:
    """The past as each origin saw it; an origin is the end of a whole week, the last one being now.

    weeks: credits by week and weekday, all there are. windows: by origin, week, weekday. totals: by origin and week.
    usual: the mean week of each window. expected: credits of the next 1, 2, … 12 weeks together, by origin.
    """

    weeks: Floats
    windows: Floats
    totals: Floats
    usual: Floats
    expected: Floats

    @property
    def count(self) -> int:
        """How many origins there are."""
        return len(self.windows)

    def small(self, ahead: int) -> Floats:
        """Return what is added to credits of so many weeks so that none at all has a logarithm."""
        return SMALL * self.usual * ahead + TINY

    def actual(self, ahead: int) -> Floats:
        """Return what the next so many weeks used, by origin; nan where they are not over."""
        return actual(self.weeks, self.count, ahead)


def origins(series: DailySeries) -> Origins:
    """Return the past of a series of two weeks or more; its oldest days that make no whole week are left out."""
    used = np.asarray(series.credits)
    weeks = used[series.days % DAYS_IN_WEEK :].reshape(-1, DAYS_IN_WEEK)
    window = min(WINDOW, len(weeks))
    windows = np.lib.stride_tricks.sliding_window_view(weeks, window, axis=0).transpose(0, 2, 1)
    totals = windows.sum(axis=2)
    usual = totals.mean(axis=1)
    views = _views(windows, totals, usual).cumsum(axis=2)
    weights = _weights(views[:, :, JUDGED_AT - 1], actual(weeks, len(windows), JUDGED_AT), usual)
    return Origins(weeks, windows, totals, usual, (weights[:, :, None] * views).sum(axis=0))


def actual(weeks: Floats, count: int, ahead: int) -> Floats:
    """Return what the weeks after each of the last `count` origins used together; nan where they are not over."""
    added = np.concatenate([[0.0], np.cumsum(weeks.sum(axis=1))])
    start = np.arange(len(weeks) - count + 1, len(weeks) + 1)
    end = start + ahead
    return np.where(end <= len(weeks), added[np.minimum(end, len(weeks))] - added[start], np.nan)


def profile(windows: Floats, totals: Floats) -> Floats:
    """Return each weekday's median share of its week, by origin; the shares add to 1."""
    shares = np.median(windows / np.maximum(totals, TINY)[:, :, None], axis=1)
    added = shares.sum(axis=1, keepdims=True)
    return np.where(added > 0, shares / np.maximum(added, TINY), 1 / DAYS_IN_WEEK)


def _views(windows: Floats, totals: Floats, usual: Floats) -> Floats:
    """Return the credits of each of the next 12 weeks, by view, origin and week."""
    small = SMALL * usual[:, None] + TINY
    logs = np.log(totals + small)
    newest = _newest(windows, totals)
    steady = (np.median(totals, axis=1), np.exp(_smoothed(logs, 0.8)) - small[:, 0], newest)
    stepped = np.where(_is_step(logs), newest, _smoothed(totals, 0.3))
    growing = (np.exp(_smoothed(logs, 0.5)) - small[:, 0])[:, None] * _growth(logs)
    return np.stack([*(np.repeat(level[:, None], AHEAD, axis=1) for level in (*steady, stepped)), growing])


def _smoothed(weekly: Floats, newest_share: float) -> Floats:
    weights = (1 - newest_share) ** np.arange(weekly.shape[1])[::-1]
    return np.asarray(weekly @ (weights / weights.sum()))


def _newest(windows: Floats, totals: Floats) -> Floats:
    """Return the week that the median of the last 7 days stands for: a new level shows after 4 days."""
    shares = profile(windows, totals)
    stands_for = np.where(shares > LEAST_SHARE, windows[:, -1] / np.maximum(shares, TINY), np.nan)
    return np.nanmedian(stands_for, axis=1)


def _is_step(logs: Floats) -> NDArray[np.bool_]:
    """Whether the last week lies so far from those before it that it is a new level and no chance."""
    before = logs[:, :-1]
    middle = np.median(before, axis=1)
    deviation = 1.4826 * np.median(np.abs(before - middle[:, None]), axis=1) + SMALL
    return np.asarray(np.abs(logs[:, -1] - middle) > STEP_IN_DEVIATIONS * deviation)


def _growth(logs: Floats) -> Floats:
    """Return what growth makes of the next 12 weeks: only as much of it as is beyond chance, and fading."""
    count = logs.shape[1]
    place = np.arange(count) - (count - 1) / 2
    squares = place @ place
    slope = logs @ place / squares
    rest = logs - logs.mean(axis=1, keepdims=True) - slope[:, None] * place
    error = np.sqrt((rest**2).sum(axis=1) / max(count - 2, 1) / squares) + TINY
    sure = np.maximum(0.0, 1 - (SURE_GROWTH * error / np.maximum(np.abs(slope), TINY)) ** 2)
    kept = np.clip(slope * sure, -MOST_GROWTH, MOST_GROWTH) * (count == WINDOW)
    return np.asarray(np.exp(kept[:, None] * np.cumsum(DAMPING ** np.arange(AHEAD))))


def _weights(views: Floats, happened: Floats, usual: Floats) -> Floats:
    """Return each view's weight at each origin, by its errors over 4 weeks that were over then."""
    small = SMALL * usual * JUDGED_AT + TINY
    errors = np.abs(np.log((views + small) / (happened + small)))
    relative = errors / np.maximum(errors.mean(axis=0), TINY)
    weights = np.empty_like(views)
    added, seen, kept = np.zeros(len(views)), 0.0, 0.5 ** (1 / MEMORY_WEEKS)
    for origin in range(views.shape[1]):
        if origin >= JUDGED_AT:
            added, seen = added * kept + relative[:, origin - JUDGED_AT], seen * kept + 1
        weight = ((added + WEEKS_OF_DOUBT) / (seen + WEEKS_OF_DOUBT)) ** -SHARPNESS
        weights[:, origin] = weight / weight.sum()
    return weights
