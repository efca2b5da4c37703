"""Daily credits of synthetic wallets, the same for the same seed: weekdays, launches, growth, holidays, spikes, low usage.

Only the last days are provisional: `seen_on` returns them as a wallet shows them, with rows still to arrive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Days = NDArray[np.float64]

WEEKDAYS = np.asarray([1.15, 1.2, 1.2, 1.15, 1.0, 0.25, 0.2])
ARRIVED = (0.35, 0.8, 0.97)
KINDS = ("steady", "launches", "growing", "fading", "wandering", "holidays", "campaigns", "seasons", "small", "everything")


def invented(kind: str, seed: int, days: int = 730) -> Days:
    """Return the credits of that many days of a wallet of a kind."""
    draw = np.random.default_rng([seed, KINDS.index(kind)])
    level = _level(kind, draw, days)
    shape = WEEKDAYS * draw.lognormal(0, 0.08, 7)
    if kind == "small":
        return np.asarray(20.0 * draw.poisson(draw.uniform(0.5, 3) * shape[np.arange(days) % 7] * np.exp(level)))
    used = draw.choice([400, 4_000, 40_000]) * shape[np.arange(days) % 7] * np.exp(level + _chance(draw, days))
    return np.asarray(20.0 * np.round(used * _calendar(kind, draw, days) / 20.0))


def seen_on(truth: Days, day: int) -> Days:
    """Return what a wallet shows at the start of a day: some rows of the last three days have not arrived yet."""
    seen = truth[:day].copy()
    for back, share in enumerate(ARRIVED, 1):
        seen[day - back] *= share
    return seen


def _level(kind: str, draw: Generator, days: int) -> Days:
    """Return the logarithm of the level, day by day."""
    level = np.zeros(days)
    if kind in {"launches", "everything"}:
        for day in draw.choice(np.arange(60, days - 30), 3, replace=False):
            level[day:] += np.log(draw.choice([1.4, 1.8, 2.5, 0.75]))
    if kind in {"growing", "fading", "everything"}:
        level += np.arange(days) * draw.uniform(0.0005, 0.002) * (-1 if kind == "fading" else 1)
    if kind in {"wandering", "everything", "small"}:
        level += np.cumsum(draw.normal(0, 0.015, days))
    if kind == "seasons":
        level += draw.uniform(0.1, 0.35) * np.sin(2 * np.pi * np.arange(days) / 365.25 + draw.uniform(0, 6))
    return level


def _chance(draw: Generator, days: int) -> Days:
    """Return the noise around the level: half of it persists for some days."""
    size = draw.choice([0.06, 0.12, 0.2])
    lasting = np.zeros(days)
    fresh = draw.normal(0, size * 0.8, days)
    for day in range(1, days):
        lasting[day] = 0.6 * lasting[day - 1] + fresh[day]
    return np.asarray(lasting + draw.normal(0, size / 2, days))


def _calendar(kind: str, draw: Generator, days: int) -> Days:
    """Return the effect of holidays and campaigns, day by day."""
    factor = np.ones(days)
    if kind in {"holidays", "everything"}:
        factor[draw.choice(days, days // 40, replace=False)] *= 0.35
        for first in range(int(draw.integers(200, 365)), days, 365):
            factor[first : first + 11] *= 0.5
    if kind == "campaigns":
        for first in draw.choice(days, days // 45, replace=False):
            factor[first : first + 2] *= draw.uniform(2, 5)
    return factor
