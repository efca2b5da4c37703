from datetime import date
from decimal import Decimal

import pytest

from core.forecast.daily import DailySeries, daily_series
from core.forecast.paths import simulated

MONDAY = date(2026, 1, 5)
HUNDRED_DAYS = DailySeries(MONDAY, tuple(float(100 + 10 * (nth % 7)) for nth in range(100)))


def test_a_day_without_rows_is_a_day_without_use() -> None:
    """The wallet holds rows of days with use only, so what it does not name used nothing."""
    series = daily_series({MONDAY: Decimal(20)}, MONDAY, date(2026, 1, 8))
    assert series == DailySeries(MONDAY, (20.0, 0.0, 0.0))


def test_the_same_question_gives_the_same_paths() -> None:
    """Without a seed the series seeds itself: the same days and credits, the same future."""
    assert (simulated(HUNDRED_DAYS, 28, paths=50) == simulated(HUNDRED_DAYS, 28, paths=50)).all()


def test_paths_have_a_row_each_and_a_column_for_each_day() -> None:
    """So many paths of so many days."""
    assert simulated(HUNDRED_DAYS, 30, paths=50).shape == (50, 30)


def test_thirteen_days_are_too_few() -> None:
    """Below 14 complete days there is nothing to forecast from."""
    with pytest.raises(ValueError, match="needs 14 days, not 13"):
        simulated(HUNDRED_DAYS.until(date(2026, 1, 18)), 7)
