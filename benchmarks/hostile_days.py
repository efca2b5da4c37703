"""Daily usage that is hard to forecast and that real wallets show, the same for the same seed.

None of it was used to build the forecaster. Every series continues for `TAIL` days after the days to
forecast from, so that pools of four months reach their end.
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
SHOP = np.asarray([0.85, 0.85, 0.9, 0.95, 1.15, 1.35, 0.95])
WEB = np.asarray([1.05, 1.08, 1.06, 1.03, 0.98, 0.88, 0.92])
CLOSED_WEEKENDS = np.asarray([1.0, 1.1, 1.1, 1.0, 0.9, 0.0, 0.0])
YEAR, TWO_YEARS, THREE_YEARS, TAIL = 365.25, 730, 1_095, 240


def _noisy(draw: Generator, days: int, size: float, lasting: float = 0.0) -> Days:
    """Return random factors around 1 of that size, part of which persists from day to day."""
    fresh = draw.normal(0, size * (1 - lasting**2) ** 0.5, days)
    for day in range(1, days):
        fresh[day] += lasting * fresh[day - 1]
    return np.asarray(np.exp(fresh))


def _weekly(shape: Days, days: int) -> Days:
    return shape[np.arange(days) % 7]


def _wandering(draw: Generator, days: int, a_day: float) -> Days:
    return np.asarray(np.exp(np.cumsum(draw.normal(0, a_day, days))))


def _season(draw: Generator, days: int, size: float, waves: int = 1) -> Days:
    return np.asarray(np.exp(size * np.sin(waves * 2 * np.pi * (np.arange(days) / YEAR + draw.uniform()))))


def _holidays(draw: Generator, days: int, a_year: int = 10, left: float = 0.4) -> Days:
    """Return the remaining usage on single holidays, the same days each year, and in two weeks at the end of the year."""
    factor, of_year = np.ones(days), (np.arange(days) + int(draw.integers(365))) % 365
    factor[np.isin(of_year, draw.choice(350, a_year, replace=False))] = left
    factor[of_year >= 351] = left  # noqa: PLR2004 - the last fourteen days of a year
    return factor


def _stepping(draw: Generator, days: int, count: int, factors: tuple[float, ...]) -> Days:
    level = np.ones(days)
    for day in draw.choice(np.arange(70, days - TAIL), count, replace=False):
        level[day:] *= draw.choice(factors)
    return level


def _almost_still(draw: Generator, days: int) -> Days:
    return _weekly(OFFICE, days) * _noisy(draw, days, 0.01)


def _quiet(draw: Generator, days: int) -> Days:
    return _weekly(OFFICE, days) * _noisy(draw, days, 0.03) * _season(draw, days, 0.04) * _wandering(draw, days, 0.001)


def _loud(draw: Generator, days: int) -> Days:
    return _weekly(WEB, days) * _noisy(draw, days, 0.6)


def _no_weekday(draw: Generator, days: int) -> Days:
    return _noisy(draw, days, 0.2, 0.3) * _wandering(draw, days, 0.005)


def _weekends_off(draw: Generator, days: int) -> Days:
    return (
        _weekly(CLOSED_WEEKENDS, days) * _noisy(draw, days, 0.15) * _wandering(draw, days, 0.006) * _holidays(draw, days, 9, 0.0)
    )


def _shop(draw: Generator, days: int) -> Days:
    of_year = (np.arange(days) + int(draw.integers(365))) % 365
    christmas = 1 + 1.2 * np.exp(-(((of_year - 345) / 18) ** 2)) * (of_year <= 358)  # noqa: PLR2004 - from then on it is over
    grown = np.exp(0.0003 * np.arange(days))
    return _weekly(SHOP, days) * christmas * grown * _noisy(draw, days, 0.1, 0.4)


def _web(draw: Generator, days: int) -> Days:
    news = np.zeros(days)
    for first in draw.choice(days, days // 40, replace=False):
        news[first:] += min(draw.pareto(1.3), 15) * 0.5 * np.exp(-np.arange(days - first) / draw.uniform(1, 6))
    return (_weekly(WEB, days) * _season(draw, days, 0.25) + news) * _noisy(draw, days, 0.08, 0.5) * _wandering(draw, days, 0.01)


def _weather(draw: Generator, days: int) -> Days:
    wet = np.minimum(_noisy(draw, days, 0.35, 0.5), 1.25)
    return _weekly(WEB, days) * _season(draw, days, 0.5) * wet * np.exp(0.0006 * np.arange(days))


def _power(draw: Generator, days: int) -> Days:
    seasons = _season(draw, days, 0.08) * _season(draw, days, 0.08, waves=2)
    return _weekly(np.asarray([1.02, 1.04, 1.04, 1.04, 1.02, 0.94, 0.9]), days) * seasons * _noisy(draw, days, 0.05, 0.7)


def _christmas(draw: Generator, days: int) -> Days:
    return _weekly(OFFICE, days) * _holidays(draw, days) * _noisy(draw, days, 0.08)


def _intermittent(draw: Generator, days: int) -> Days:
    return np.asarray((draw.random(days) < 0.3) * draw.geometric(0.15, days) * _wandering(draw, days, 0.006))  # noqa: PLR2004


def _spiking(draw: Generator, days: int) -> Days:
    spikes = 1 + (draw.random(days) < 0.03) * np.minimum(draw.pareto(1.5, days) * 2, 40)  # noqa: PLR2004 - a day a month
    return _weekly(OFFICE, days) * spikes * _noisy(draw, days, 0.12)


def _drifting(a_day: float) -> Callable[[Generator, int], Days]:
    return lambda draw, days: _weekly(OFFICE, days) * _wandering(draw, days, a_day) * _noisy(draw, days, 0.12)


def _growth_stops(draw: Generator, days: int) -> Days:
    grown = np.clip(np.arange(days) - draw.integers(80, 200), 0, draw.integers(120, 200))
    return _weekly(OFFICE, days) * np.exp(0.012 * grown) * _noisy(draw, days, 0.12)


def _ramp(draw: Generator, days: int) -> Days:
    rolled_out = 0.05 + 0.95 / (1 + np.exp(-(np.arange(days) - draw.integers(150, 350)) / draw.uniform(15, 40)))
    return _weekly(OFFICE, days) * rolled_out * _noisy(draw, days, 0.15, 0.3)


def _launches(draw: Generator, days: int) -> Days:
    return _weekly(OFFICE, days) * _stepping(draw, days, 5, (1.3, 1.6, 2.2)) * _noisy(draw, days, 0.12)


def _churn(draw: Generator, days: int) -> Days:
    return (
        _weekly(OFFICE, days) * _stepping(draw, days, 4, (0.5, 0.65, 0.8)) * _noisy(draw, days, 0.12) * _season(draw, days, 0.05)
    )


def _outages(draw: Generator, days: int) -> Days:
    up = np.ones(days)
    for first in draw.choice(days, days // 50, replace=False):
        up[first : first + int(draw.integers(1, 4))] = 0.0
    return _weekly(WEB, days) * up * _noisy(draw, days, 0.1) * _wandering(draw, days, 0.005)


def _month_ends(draw: Generator, days: int) -> Days:
    jobs = np.where(np.arange(days) % 30 >= 28, draw.uniform(2, 5), 1.0)  # noqa: PLR2004 - the last two of thirty days
    return _weekly(OFFICE, days) * jobs * _noisy(draw, days, 0.1) * _wandering(draw, days, 0.004)


def _all_of_it(draw: Generator, days: int) -> Days:
    level = _stepping(draw, days, 2, (1.5, 0.7)) * _wandering(draw, days, 0.008) * _season(draw, days, 0.15)
    return _weekly(OFFICE, days) * level * _holidays(draw, days) * _noisy(draw, days, 0.15, 0.3)


HOSTILE: dict[str, Callable[[Generator, int], Days]] = {
    "chance of 1 %": _almost_still,
    "chance of 3 %": _quiet,
    "chance of 60 %": _loud,
    "no weekdays": _no_weekday,
    "weekends off": _weekends_off,
    "shop": _shop,
    "web page": _web,
    "weather": _weather,
    "power": _power,
    "Christmas": _christmas,
    "intermittent": _intermittent,
    "heavy spikes": _spiking,
    "drift 0.5 %": _drifting(0.005),
    "drift 2 %": _drifting(0.02),
    "drift 4 %": _drifting(0.04),
    "growth that stops": _growth_stops,
    "ramp": _ramp,
    "launches": _launches,
    "churn": _churn,
    "outages": _outages,
    "month ends": _month_ends,
    "all of it": _all_of_it,
}
LONG = frozenset({"shop", "weather", "power", "web page", "all of it"})


def hostile(kind: str, seed: int, days: int = 0) -> Days:
    """Return the credits of that many days of a kind and of `TAIL` more; without a number two years, or three."""
    draw = np.random.default_rng([seed, 77, list(HOSTILE).index(kind)])
    used = HOSTILE[kind](draw, (days or (THREE_YEARS if kind in LONG else TWO_YEARS)) + TAIL)
    return np.asarray(20.0 * np.round(used * draw.choice([400, 4_000, 40_000]) / 20.0))
