from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from core.forecast.daily import DailySeries, daily_series
from core.forecast.simulation import simulate

MONDAY = date(2026, 1, 5)
SHAPE = (1.2, 1.3, 1.2, 1.1, 1.0, 0.4, 0.3)
HUNDRED_DAYS = DailySeries(MONDAY, tuple(float(100 + 10 * (nth % 7)) for nth in range(100)))


def noisy(days: int, seed: int = 7) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return days of 1,000 credits on average, with a weekday shape and a tenth of chance."""
    draw = np.random.default_rng(seed)
    return 1000 * np.asarray(SHAPE)[np.arange(days) % 7] * 7 / sum(SHAPE) * draw.lognormal(0, 0.1, days)


def next_week(used: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Return the median of what the simulated paths use in the next seven days."""
    paths = simulate(DailySeries(MONDAY, tuple(used.tolist())), 7, paths=400)
    return float(np.median(paths.sum(axis=1)))


def test_a_day_without_rows_is_a_day_without_use() -> None:
    """The wallet holds rows of days with use only, so what it does not name used nothing."""
    series = daily_series({MONDAY: Decimal(20)}, MONDAY, date(2026, 1, 8))
    assert series == DailySeries(MONDAY, (20.0, 0.0, 0.0))


def test_the_same_question_gives_the_same_paths() -> None:
    """Without a seed the series seeds itself: the same days and credits, the same future."""
    assert (simulate(HUNDRED_DAYS, 28, paths=50) == simulate(HUNDRED_DAYS, 28, paths=50)).all()


def test_looking_further_changes_no_day_before() -> None:
    """The first 28 days of a year of paths are the 28 days of paths that end there."""
    near, far = (simulate(HUNDRED_DAYS, days, paths=50) for days in (28, 365))
    assert np.allclose(near, far[:, :28])


def test_another_seed_gives_other_paths() -> None:
    """A seed that is said replaces the series' own."""
    assert (simulate(HUNDRED_DAYS, 28, paths=50, seed=1) != simulate(HUNDRED_DAYS, 28, paths=50, seed=2)).any()


def test_paths_have_a_row_each_and_a_column_for_each_day() -> None:
    """So many paths of so many days."""
    assert simulate(HUNDRED_DAYS, 30, paths=50).shape == (50, 30)


def test_thirteen_days_are_too_few() -> None:
    """Below 14 complete days there is nothing to forecast from."""
    with pytest.raises(ValueError, match="needs 14 days, not 13"):
        simulate(HUNDRED_DAYS.until(date(2026, 1, 18)), 7)


@pytest.mark.parametrize("days", [14, 20, 55, 56, 57, 63, 91, 92, 730])
def test_any_number_of_days_gives_paths_of_plain_numbers(days: int) -> None:
    """However short the series is, no path holds anything but credits of 0 or more."""
    paths = simulate(DailySeries(MONDAY, tuple(noisy(days).tolist())), 400, paths=20)
    assert np.isfinite(paths).all()
    assert (paths >= 0).all()


@pytest.mark.parametrize("used", [(0.0,) * 100, (5.0,) * 100, (0.0,) * 99 + (20.0,), (20.0,) + (0.0,) * 99])
def test_a_series_without_any_chance_gives_paths_too(used: tuple[float, ...]) -> None:
    """Wallets that were never, always alike, or only once used are forecast without a warning."""
    assert np.isfinite(simulate(DailySeries(MONDAY, used), 60, paths=20)).all()


def test_weekdays_keep_their_shape() -> None:
    """Sundays at 0.3 of the average stay there: 100 days end on a Tuesday, so the first Sunday is the fifth day."""
    paths = simulate(DailySeries(MONDAY, tuple(noisy(100).tolist())), 7, paths=400)
    by_day = np.median(paths, axis=0)
    assert by_day[4] / by_day.mean() == pytest.approx(0.3 * 7 / sum(SHAPE), rel=0.1)


def test_a_new_level_shows_within_a_week() -> None:
    """A new agent that doubles the use for eight days is most of the next week's forecast."""
    used = noisy(180)
    used[-8:] *= 2
    assert next_week(used) == pytest.approx(14_000, rel=0.15)


def test_a_day_that_spikes_is_no_new_level() -> None:
    """One day of five times the use moves the next week's forecast by less than a tenth."""
    used = noisy(180)
    used[-3] *= 5
    assert next_week(used) == pytest.approx(7_000, rel=0.1)


def test_a_holiday_long_ago_is_no_new_level() -> None:
    """A fortnight of half the use three weeks ago moves the next week's forecast by less than a tenth."""
    used = noisy(180)
    used[-35:-21] *= 0.5
    assert next_week(used) == pytest.approx(7_000, rel=0.1)


def test_growth_goes_on_for_a_while() -> None:
    """Two percent more each week for half a year: four weeks ahead the forecast lies above the last four weeks."""
    used = noisy(182) * 1.02 ** (np.arange(182) / 7)
    paths = simulate(DailySeries(MONDAY, tuple(used.tolist())), 28, paths=400)
    assert np.median(paths.sum(axis=1)) > used[-28:].sum() * 1.03


def test_what_comes_later_changes_no_earlier_forecast() -> None:
    """A forecast rests on the days before it only: the series cut at a day gives what it gave on that day."""
    series = DailySeries(MONDAY, tuple(noisy(200).tolist()))
    then = DailySeries(MONDAY, series.credits[:150])
    assert (simulate(series.until(MONDAY + timedelta(days=150)), 28, paths=50) == simulate(then, 28, paths=50)).all()


def with_season(days: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return days whose level swings by half with the year, lowest as the first begins."""
    return noisy(days) * (1 - 0.5 * np.cos(2 * np.pi * np.arange(days) / 364))


def test_a_season_seen_in_years_before_is_expected_again() -> None:
    """In the third autumn, when the level is about to halve as twice before, it is expected to fall by a quarter at least."""
    used = with_season(2 * 364 + 273)
    paths = simulate(DailySeries(MONDAY, tuple(used.tolist())), 84, paths=400)
    assert np.median(paths[:, -28:].sum(axis=1)) < used[-28:].sum() * 3 / 4


def test_a_season_goes_round_with_the_year() -> None:
    """From the lowest weeks of the year a summer is expected half a year on, and the lowest weeks again after a year."""
    paths = simulate(DailySeries(MONDAY, tuple(with_season(3 * 364).tolist())), 378, paths=400)
    middle = np.median(paths, axis=0)
    summer, winter = middle[168:196].sum(), middle[350:378].sum()
    assert summer > 1.5 * winter


def test_one_autumn_is_no_season() -> None:
    """In a first year there is no year before: a level that fell to a third since summer is not expected to rise again."""
    used = with_season(364)
    paths = simulate(DailySeries(MONDAY, tuple(used.tolist())), 84, paths=400)
    assert np.median(paths[:, -28:].sum(axis=1)) < used[-28:].sum() * 1.2


@pytest.mark.parametrize("days_since", [5, 11, 20])
def test_a_launch_after_quiet_months_does_not_expect_launches_every_week(days_since: int) -> None:
    """70 days alike and then eight times as much: the next four weeks are not beyond another launch as large."""
    launched = DailySeries(date(2026, 7, 1), (1_000.0,) * 70 + (8_000.0,) * days_since)
    high = np.quantile(simulate(launched, 28).sum(axis=1), 0.9)
    assert high < 28 * 8_000 * 8
