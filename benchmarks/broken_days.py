"""Daily usage with breaks: a test or a pilot before a launch, one outlier, weekends added, closed weeks, new levels.

Each series has a number of weeks before its break, a number since, and a year of truth after that; the same for the same seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

    Days = NDArray[np.float64]

OFFICE = np.asarray([1.15, 1.2, 1.2, 1.15, 1.0, 0.25, 0.2])
WORKDAYS = np.asarray([1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0])
LEVEL, PILOT, CHANCE = 8_000.0, 200.0, 0.1
TRUTH_DAYS = 364
GAPS, LIVES = (4, 8, 16, 26, 40), (2, 4, 6, 8, 12, 18, 26)


def _live(draw: Generator, days: int, shape: Days = OFFICE) -> Days:
    return np.asarray(LEVEL * shape[np.arange(days) % 7] * draw.lognormal(0.0, CHANCE, days))


def _tested(draw: Generator, before: int, days: int) -> Days:
    used = _live(draw, days)
    used[:before] = 0.0
    used[0] = 20.0
    return used


def _piloted(draw: Generator, before: int, days: int) -> Days:
    used = _live(draw, days)
    used[:before] *= PILOT / LEVEL
    return used


def _freak(draw: Generator, before: int, days: int) -> Days:
    used = _live(draw, days)
    used[before] *= 60
    return used


def _weekends_added(draw: Generator, before: int, days: int) -> Days:
    used = _live(draw, days, np.ones(7))
    used[:before] *= WORKDAYS[np.arange(before) % 7]
    return used


def _closed(draw: Generator, before: int, days: int) -> Days:
    used = _live(draw, days)
    used[max(before - 14, 7) : before] = 0.0
    return used


def _paused(draw: Generator, before: int, days: int) -> Days:
    used = _live(draw, days)
    used[14:before] = 0.0
    return used


def _out(draw: Generator, before: int, days: int) -> Days:
    used = _live(draw, days)
    used[before - 5 : before] = 0.0
    return used


def _changed(factor: float) -> Callable[[Generator, int, int], Days]:
    def change(draw: Generator, before: int, days: int) -> Days:
        used = _live(draw, days)
        used[:before] /= factor
        return used

    return change


def _launched_twice(draw: Generator, before: int, days: int) -> Days:
    used = _live(draw, days)
    used[:before] /= 3
    used[: before // 2] /= 10
    return used


BREAKS: dict[str, Callable[[Generator, int, int], Days]] = {
    "test, then launch": _tested,
    "pilot, then launch": _piloted,
    "freak day": _freak,
    "weekends added": _weekends_added,
    "two closed weeks": _closed,
    "paused after two weeks": _paused,
    "five days out": _out,
    "two launches": _launched_twice,
    "level × 2": _changed(2),
    "level × 4": _changed(4),
    "level × 20": _changed(20),
    "level ÷ 2": _changed(1 / 2),
    "level ÷ 4": _changed(1 / 4),
    "level ÷ 20": _changed(1 / 20),
}


def broken(kind: str, weeks_before: int, weeks_since: int, seed: int) -> tuple[Days, Days]:
    """Return the known days, and the 364 days after them, of a series whose break was that many weeks ago."""
    draw = np.random.default_rng([seed, 99, list(BREAKS).index(kind), weeks_before, weeks_since])
    known = 7 * (weeks_before + weeks_since)
    used = np.round(BREAKS[kind](draw, 7 * weeks_before, known + TRUTH_DAYS) / 20.0) * 20.0
    return np.asarray(used[:known]), np.asarray(used[known:])
