"""Launches, pilots, freak days, closings and new levels: what a forecast learns from, and what it then says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.break_grid import MIN_WEEKS, measure_cell
from benchmarks.broken_days import BREAKS
from core.forecast.breaks import learn

WEEK = (1_200.0, 1_300.0, 1_200.0, 1_100.0, 1_000.0, 400.0, 300.0)


@pytest.mark.parametrize("kind", sorted(BREAKS))
def test_a_break_is_forecast_from_the_days_since(kind: str) -> None:
    """From 4 weeks on, 28 and 84 days lie within a quarter of the truth, their upper ends within three times of it."""
    cells = [measure_cell(kind, before, since, seed=5, paths=200) for before in (4, 16) for since in (MIN_WEEKS, 12)]
    assert [cell for cell in cells if not cell.holds] == []


def test_a_launch_is_learned_from_its_first_day() -> None:
    """One test action, 20 weeks without use, 30 days live: those 30 days are what is learned from."""
    used = (20.0,) + (0.0,) * 140 + WEEK * 4 + WEEK[:2]
    learned = learn(used)
    assert (learned.since, learned.days, learned.why) == (141, 30, "start")


def test_a_campaign_of_a_week_is_no_new_level() -> None:
    """Seven days of four times the use leave all the history."""
    used = WEEK * 10 + tuple(4 * each for each in WEEK)
    assert (learn(used).since, learn(used).why) == (0, "")


def test_a_job_each_month_is_kept() -> None:
    """A day of twenty times the use in every fourth week is part of the level; one alone is a freak day."""
    often, once = list(WEEK * 24), list(WEEK * 24)
    for week in range(2, 24, 4):
        often[week * 7] *= 20
    once[14 * 7] *= 20
    assert (learn(tuple(often)).freaks, learn(tuple(once)).freaks) == ((), (98,))


def test_a_pause_is_filled_and_no_start() -> None:
    """Two closed weeks, then three weeks as before: history goes on, and the closed days are as the weeks before them."""
    used = WEEK * 10 + (0.0,) * 14 + WEEK * 3
    assert learn(used).credits == WEEK * 15


def test_months_without_data_are_cut_out() -> None:
    """Twelve weeks missing between ten and six of one level leave sixteen weeks to learn from."""
    assert learn(WEEK * 10 + (0.0,) * 84 + WEEK * 6).credits == WEEK * 16


def test_what_was_switched_off_stays_off() -> None:
    """Three weeks without use after twenty are no pause; two weeks are one, and use is taken to come back."""
    off, paused = learn(WEEK * 20 + (0.0,) * 21), learn(WEEK * 20 + (0.0,) * 14)
    assert (off.why, off.since, sum(off.credits)) == ("off", 140, 0)
    assert (paused.why, paused.paused_since, paused.credits) == ("", 140, WEEK * 22)


def test_weekends_that_are_added_show_in_all_weeks() -> None:
    """Four weeks after weekends were added, each week before is dealt out to seven days, its total kept."""
    learned = learn(((1_000.0,) * 5 + (0.0,) * 2) * 12 + (1_000.0,) * 28)
    assert learned.since == 0
    assert learned.credits[:7] == pytest.approx((5_000 / 7,) * 7)


@settings(max_examples=60, deadline=None)
@given(
    levels=st.lists(st.tuples(st.integers(1, 60), st.sampled_from([0, 20, 200, 8_000])), min_size=1, max_size=6),
    dips=st.sets(st.integers(0, 120), max_size=20),
)
def test_whatever_happened_there_is_something_to_learn_from(levels: list[tuple[int, int]], dips: set[int]) -> None:
    """Any run of levels and gaps leaves credits of 0 or more, 14 days of them where there were as many."""
    used = [float(level) for days, level in levels for _ in range(days)]
    for day in dips & set(range(len(used))):
        used[day] = 0.0
    learned = learn(tuple(used))
    assert all(each >= 0 for each in learned.credits)
    assert len(learned.credits) >= min(len(used), 14)
    assert 0 <= learned.days <= len(used)
