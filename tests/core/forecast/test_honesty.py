"""What docs/forecast.md promises, on a smaller version of the benchmark: `make bench BENCHMARKS=forecast` measures all of it."""

from __future__ import annotations

import statistics
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hostile_days import hostile
from benchmarks.invented_days import KINDS, invented, seen_on
from benchmarks.rolling_origin import Held, complete_days, held, origins, public_series

SERIES = public_series(Path(__file__).resolve().parents[2] / "data" / "forecast")
STEPS = {"page_views_daily": 11, "pedestrians_daily": 6}
FEW_PATHS = 300
MIN_HELD, MAX_HELD = 0.72, 0.88


@pytest.fixture(scope="module")
def found() -> dict[str, Held]:
    """How forecasts of the public series did, made on days of the past."""
    return {name: held(truth, origins(truth, STEPS[name]), FEW_PATHS) for name, truth in SERIES.items()}


def test_the_public_series_are_there() -> None:
    """Both are read whole: from the first of their days to the last."""
    assert {name: len(truth) for name, truth in SERIES.items()} == {"page_views_daily": 2922, "pedestrians_daily": 1490}


@pytest.mark.parametrize("name", SERIES)
def test_ranges_of_21_days_hold_as_often_as_they_say(found: dict[str, Held], name: str) -> None:
    """80 % ranges of the total of 21 days hold in 72 to 88 % of cases, on each series."""
    assert MIN_HELD <= found[name].total_held <= MAX_HELD


@pytest.mark.parametrize("name", SERIES)
def test_ranges_of_the_depletion_day_hold_as_often_as_they_say(found: dict[str, Held], name: str) -> None:
    """Early to late holds the real day in 72 to 88 % of cases, on each series, with and without top-ups."""
    assert MIN_HELD <= found[name].depletion_held <= MAX_HELD


@pytest.mark.parametrize("name", SERIES)
def test_no_series_is_forecast_worse_than_by_last_week_again(found: dict[str, Held], name: str) -> None:
    """The mean error of 28 days is below that of seasonal naive."""
    assert found[name].ratio < 1


def test_forecasts_are_a_tenth_better_than_last_week_again() -> None:
    """Over the invented wallets of each kind, the mean error is at most 0.90 of seasonal naive's, and never above it."""
    ratios = []
    for kind in KINDS:
        truth = invented(kind, seed=31)
        ratios.append(held(truth, origins(truth, 24), FEW_PATHS).ratio)
    assert statistics.mean(ratios) <= 0.9
    assert max(ratios) < 1


@pytest.mark.parametrize("kind", ["shop", "power"])
def test_seasons_are_forecast_a_tenth_better_than_last_week_again(kind: str) -> None:
    """Over three years with a season that comes each year, the mean error is at most 0.90 of seasonal naive's."""
    truth = hostile(kind, seed=21)
    assert held(truth, origins(truth, 21), FEW_PATHS).ratio <= 0.9


def test_what_has_not_arrived_is_in_no_forecast() -> None:
    """Of a wallet whose last three days are incomplete, the forecast rests on the days before them, which are true."""
    truth = invented("steady", seed=1)
    known = complete_days(truth, 100)
    assert (seen_on(truth, 100)[-3:] < truth[97:100]).all()
    assert np.asarray(known.credits).tolist() == truth[:97].tolist()
