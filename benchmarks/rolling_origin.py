"""Forecasts made on past days, only from the days before them, compared with the days after them."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.invented_days import seen_on
from core.forecast.daily import MIN_DAYS_FOR_RANGE, DailySeries
from core.forecast.depletion import future, nearest_days, quantiles
from core.forecast.simulation import simulate
from core.wallet.ledger.balance import Grant, PoolUsage, draw_down

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FIRST_DAY = date(2024, 1, 1)
POINT_DAYS, TOTAL_DAYS, AHEAD = 28, 21, 120
PROVISIONAL_DAYS = 3
SPANS, YEAR = (7, 28, 84), 364
CREDITS_FOR_DAYS = (14, 60)


class Held(NamedTuple):
    """The accuracy of one series' forecasts: coverages from 0 to 1, errors as mean credits a day."""

    origins: int
    error: float
    naive_error: float
    total_held: float
    depletion_held: float

    @property
    def ratio(self) -> float:
        """The mean absolute error over that of seasonal naive: the ratio of their MASE."""
        return self.error / self.naive_error


def public_series(folder: Path) -> dict[str, Floats]:
    """Return every CSV file of day and value in a folder, in order of days; a missing day equals the one a week before."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.csv"))}


def _read(path: Path) -> Floats:
    with path.open(encoding="utf-8", newline="") as file:
        rows = {date.fromisoformat(row["day"]): float(row["value"]) for row in csv.DictReader(file)}
    first, last = min(rows), max(rows)
    values: list[float] = []
    for nth in range((last - first).days + 1):
        values.append(rows.get(first + timedelta(days=1) * nth, values[-7] if nth >= 7 else next(iter(rows.values()))))  # noqa: PLR2004 - a week
    return np.asarray(values)


def origins(truth: Floats, step: int, first: int = MIN_DAYS_FOR_RANGE + PROVISIONAL_DAYS) -> range:
    """Return the days on which to forecast: that many days apart, after 8 complete weeks."""
    return range(first, len(truth) - POINT_DAYS, step)


def held(truth: Floats, days: Iterable[int], paths: int = 2_000) -> Held:
    """Return the accuracy of forecasts made on those days, compared with the truth."""
    draw = np.random.default_rng(len(truth))
    rows = [row for day in days for row in [_held_on(truth, day, paths, draw.integers(*CREDITS_FOR_DAYS), draw.integers(2))]]
    depletions = [row[3] for row in rows if row[3] is not None]
    means = [float(np.mean([row[nth] for row in rows])) for nth in range(3)]
    return Held(len(rows), means[0], means[1], means[2], float(np.mean(depletions)))


def held_far(truth: Floats, days: Iterable[int], paths: int = 400) -> tuple[tuple[float, ...], float]:
    """Return how often ranges of 7, 28 and 84 days held, and the mean of 364 days over actual usage, on average."""
    rows, years = [], []
    for day in days:
        series = complete_days(truth, day)
        real = truth[series.days : series.days + YEAR]
        ahead = simulate(series, len(real), paths=paths)
        ends = [(quantiles(ahead[:, :span].sum(axis=1)), real[:span].sum()) for span in SPANS if len(real) >= span]
        rows.append([low <= used <= high for (low, _, high), used in ends] + [np.nan] * (len(SPANS) - len(ends)))
        if len(real) == YEAR and real.sum():
            years.append(float(ahead.sum(axis=1).mean() / real.sum()))
    return tuple(np.nanmean(np.asarray(rows, dtype=float), axis=0).tolist()), float(np.mean(years)) if years else float("nan")


def _held_on(truth: Floats, day: int, paths: int, of_days: int, topped_up: int) -> tuple[float, float, bool, bool | None]:
    series = complete_days(truth, day)
    ahead, real = simulate(series, AHEAD, paths=paths), truth[series.days : series.days + AHEAD]
    naive = np.tile(np.asarray(series.credits[-7:]), POINT_DAYS // 7)
    low, _, high = quantiles(ahead[:, :TOTAL_DAYS].sum(axis=1))
    return (
        float(np.abs(np.median(ahead[:, :POINT_DAYS], axis=0) - real[:POINT_DAYS]).mean()),
        float(np.abs(naive - real[:POINT_DAYS]).mean()),
        bool(low <= real[:TOTAL_DAYS].sum() <= high),
        _depletion_held(series, ahead, real, of_days, topped_up),
    )


def complete_days(truth: Floats, day: int) -> DailySeries:
    """Return the days that are complete at the start of a day, as the wallet shows them then."""
    return DailySeries(FIRST_DAY, tuple(seen_on(truth, day)[:-PROVISIONAL_DAYS].tolist()))


def _depletion_held(series: DailySeries, ahead: Floats, real: Floats, of_days: int, topped_up: int) -> bool | None:
    """Return whether the real day of depletion was between early and late; None if the truth ends before it.

    The pool is worth that many average days; with a top-up, a quarter of them are granted only after ten days.
    """
    usual = max(sum(series.credits[-28:]) / 28, 1.0)
    now = usual * of_days * (0.75 if topped_up else 1.0)
    start = series.day_after_last
    pool = draw_down([_grant("now", now, start - timedelta(days=1))], PoolUsage({}), start, "earliest_expiry")
    coming = [_grant("top-up", usual * of_days * 0.25, start + 10 * timedelta(days=1))] if topped_up else []
    really = int(future(real[None], start, pool, coming).depleted[0])
    if really == len(real) < AHEAD:
        return None
    early, _, late = nearest_days(future(ahead, start, pool, coming).depleted)
    return early <= really <= late


def _grant(name: str, credits_granted: float, first_day: date) -> Grant:
    return Grant(name, Decimal(round(credits_granted)), first_day, date.max)
