"""The expected usage of future weeks: several simple views of the last 8 weeks, weighted by their past accuracy.

Every whole week of the past is an origin: the views are computed there as they are now, only from the weeks before it, so
that each of them has errors that are known by now. From the second year on, one view follows the seasonal turns of past years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.days import DAYS_IN_WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.forecast.daily import DailySeries

    Floats = NDArray[np.float64]

# "Halved, doubled" as in `breaks`: the error is 0.736, ranges of 84 days hold in 72 %. "No difference" is less than 0.005.
# The weeks that the views use. Halved: error 0.749; doubled: ranges of 7 days hold in 74 %, not 79 %.
WINDOW = 8
# Twelve weeks are what a chart shows first; two years ahead need 106.
AHEAD, FARTHEST_AHEAD = 12, 106
# The horizon in weeks at which views are judged: that of the headline, 28 days. Halved: 0.730, ranges of 84 days 70 %.
JUDGED_AT = 4
# How long errors are remembered, how strongly the better views are preferred, and how long all count alike. Halved,
# doubled: no difference.
MEMORY_WEEKS, SHARPNESS, WEEKS_OF_DOUBT = 52.0, 16.0, 6.0
# The number of usual deviations that makes the last week a step. Halved: ranges of 84 days hold in 67 %; doubled: no difference.
STEP_IN_DEVIATIONS = 5.0
# The share below which a weekday says nothing about its week. Halved, doubled: no difference.
MIN_SHARE = 0.02
# How growth fades, its weekly maximum, and how many of its standard errors are subtracted. Halved, doubled: no difference.
DAMPING, MAX_GROWTH, SURE_GROWTH = 0.9, 0.15, 2.0
# The share of the usual week that is added so that a week without usage has a logarithm. Halved, doubled: no difference.
SMALL = 0.01
# A year of whole weeks; up to three years, and the month before each turn: chosen, not tuned.
WEEKS_IN_YEAR, YEARS_BEFORE, WEEKS_BEFORE_TURN = 52, 3, 4
# How much of a turn is expected again, its maximum (twice), and the initial doubt about its view. Halved, doubled:
# no difference.
TURN_KEPT, MAX_TURN, DOUBT_OF_TURN = 0.7, 0.7, 1.2
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Origins:
    """The past as each origin saw it; an origin is the end of a whole week, the last one being now.

    weeks: credits by week and weekday, all of them. windows: by origin, week, weekday. totals: by origin and week.
    usual: the mean week of each window. expected: credits of the next 1, 2, … 106 weeks together, by origin.
    """

    weeks: Floats
    windows: Floats
    totals: Floats
    usual: Floats
    expected: Floats

    @property
    def count(self) -> int:
        """The number of origins."""
        return len(self.windows)

    def small(self, ahead: int) -> Floats:
        """Return what is added to the credits of that many weeks so that zero has a logarithm."""
        return SMALL * self.usual * ahead + TINY

    def actual(self, ahead: int) -> Floats:
        """Return the usage of the next so many weeks, by origin; nan if they are not over."""
        return actual(self.weeks, self.count, ahead)


def origins(series: DailySeries) -> Origins:
    """Return the past of a series of two weeks or more; its oldest days that do not fill a week are left out."""
    used = np.asarray(series.credits)
    weeks = used[series.days % DAYS_IN_WEEK :].reshape(-1, DAYS_IN_WEEK)
    window = min(WINDOW, len(weeks))
    windows = np.lib.stride_tricks.sliding_window_view(weeks, window, axis=0).transpose(0, 2, 1)
    totals = windows.sum(axis=2)
    usual = totals.mean(axis=1)
    views = _views(windows, totals, usual, _turns(weeks.sum(axis=1), usual)).cumsum(axis=2)
    weights = _weights(views[:, :, JUDGED_AT - 1], actual(weeks, len(windows), JUDGED_AT), usual)
    return Origins(weeks, windows, totals, usual, (weights[:, :, None] * np.nan_to_num(views)).sum(axis=0))


def actual(weeks: Floats, count: int, ahead: int) -> Floats:
    """Return the total usage of the weeks after each of the last `count` origins; nan if they are not over."""
    added = np.concatenate([[0.0], np.cumsum(weeks.sum(axis=1))])
    start = np.arange(len(weeks) - count + 1, len(weeks) + 1)
    end = start + ahead
    return np.where(end <= len(weeks), added[np.minimum(end, len(weeks))] - added[start], np.nan)


def profile(windows: Floats, totals: Floats) -> Floats:
    """Return each weekday's median share of its week, by origin; the shares add up to 1."""
    shares = np.median(windows / np.maximum(totals, TINY)[:, :, None], axis=1)
    added = shares.sum(axis=1, keepdims=True)
    return np.where(added > 0, shares / np.maximum(added, TINY), 1 / DAYS_IN_WEEK)


def _views(windows: Floats, totals: Floats, usual: Floats, turns: Floats) -> Floats:
    """Return the credits of each of the next weeks, by view, origin and week; the last view is nan in a first year."""
    small = SMALL * usual[:, None] + TINY
    logs = np.log(totals + small)
    newest = _newest(windows, totals)
    steady = (np.median(totals, axis=1), np.exp(_smooth(logs, 0.8)) - small[:, 0], newest)
    stepped = np.where(_is_step(logs), newest, _smooth(totals, 0.3))
    growing = (np.exp(_smooth(logs, 0.5)) - small[:, 0])[:, None] * _growth(logs)
    levels = (np.repeat(level[:, None], FARTHEST_AHEAD, axis=1) for level in (*steady, stepped))
    return np.stack([*levels, growing, stepped[:, None] * turns])


def _smooth(weekly: Floats, newest_share: float) -> Floats:
    weights = (1 - newest_share) ** np.arange(weekly.shape[1])[::-1]
    return np.asarray(weekly @ (weights / weights.sum()))


def _newest(windows: Floats, totals: Floats) -> Floats:
    """Return the weekly level from the median of the last 7 days: a new level shows after 4 days."""
    shares = profile(windows, totals)
    stands_for = np.where(shares > MIN_SHARE, windows[:, -1] / np.maximum(shares, TINY), np.nan)
    return np.nanmedian(stands_for, axis=1)


def _is_step(logs: Floats) -> NDArray[np.bool_]:
    """Whether the last week is so far from those before it that it is a new level, not chance."""
    before = logs[:, :-1]
    middle = np.median(before, axis=1)
    deviation = 1.4826 * np.median(np.abs(before - middle[:, None]), axis=1) + SMALL
    return np.asarray(np.abs(logs[:, -1] - middle) > STEP_IN_DEVIATIONS * deviation)


def _growth(logs: Floats) -> Floats:
    """Return the effect of growth on the next weeks: only the part beyond chance, and fading."""
    count = logs.shape[1]
    place = np.arange(count) - (count - 1) / 2
    squares = place @ place
    slope = logs @ place / squares
    rest = logs - logs.mean(axis=1, keepdims=True) - slope[:, None] * place
    error = np.sqrt((rest**2).sum(axis=1) / max(count - 2, 1) / squares) + TINY
    sure = np.maximum(0.0, 1 - (SURE_GROWTH * error / np.maximum(np.abs(slope), TINY)) ** 2)
    kept = np.clip(slope * sure, -MAX_GROWTH, MAX_GROWTH) * (count == WINDOW)
    return np.asarray(np.exp(kept[:, None] * np.cumsum(DAMPING ** np.arange(FARTHEST_AHEAD))))


def _turns(weekly: Floats, usual: Floats) -> Floats:
    """Return the future weeks relative to the 4 before them in up to 3 past years, by origin and week.

    Smoothed, and not in full: a past year is a single example. nan if there is none.
    """
    smooth = np.convolve(np.pad(weekly, 1, mode="edge"), (0.25, 0.5, 0.25), mode="valid")
    small = (SMALL * usual + TINY)[:, None]
    added, years = np.zeros((len(usual), FARTHEST_AHEAD)), np.zeros((len(usual), 1))
    for weeks_ago in WEEKS_IN_YEAR * np.arange(1, YEARS_BEFORE + 1):
        then = np.arange(len(weekly) - len(usual), len(weekly))[:, None] - weeks_ago
        is_known = then >= WEEKS_BEFORE_TURN - 1
        before = smooth[np.maximum(then - np.arange(WEEKS_BEFORE_TURN), 0)].mean(axis=1, keepdims=True)
        after = smooth[np.maximum(then + 1 + np.arange(FARTHEST_AHEAD) % WEEKS_IN_YEAR, 0)]
        added += np.where(is_known, np.log((after + small) / (before + small)), 0.0)
        years += is_known
    turn = np.exp(TURN_KEPT * np.clip(added / np.maximum(years, 1), -MAX_TURN, MAX_TURN))
    return np.where(years > 0, turn, np.nan)


def _weights(views: Floats, happened: Floats, usual: Floats) -> Floats:
    """Return each view's weight at each origin, by its errors over 4 weeks that were over then.

    The last view, that of past years, first has to prove itself; if it is nan it has no weight.
    """
    small = SMALL * usual * JUDGED_AT + TINY
    is_known = np.isfinite(views)
    errors = np.where(is_known, np.abs(np.log((views + small) / (happened + small))), 0.0)
    relative = errors / np.maximum(errors.sum(axis=0) / is_known.sum(axis=0), TINY)
    weights, kept = np.empty_like(views), 0.5 ** (1 / MEMORY_WEEKS)
    added, seen = np.zeros(len(views)), np.zeros(len(views))
    doubted = np.append(np.full(len(views) - 1, WEEKS_OF_DOUBT), WEEKS_OF_DOUBT * DOUBT_OF_TURN)
    for origin in range(views.shape[1]):
        if origin >= JUDGED_AT:
            judged = origin - JUDGED_AT
            added, seen = added * kept + relative[:, judged], seen * kept + is_known[:, judged]
        weight = is_known[:, origin] * ((added + doubted) / (seen + WEEKS_OF_DOUBT)) ** -SHARPNESS
        weights[:, origin] = weight / weight.sum()
    return weights
