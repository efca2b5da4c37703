"""First passage over all paths at once against the exact ledger, path by path."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecast.depletion import Standing, future, nearest_days
from core.forecast.summary import GrantHolding, find_reach_days
from core.wallet.ledger.balance import OPEN_END, Grant, PoolUsage, Term, balance, balance_of, draw_down

if TYPE_CHECKING:
    from core.config.wallet import Drawdown

FIRST = date(2026, 6, 1)
DAYS = 60


def grant(credits_granted: int, begins: int, ends: int | None, name: str = "pack") -> Grant:
    """Return a grant whose term is counted in days from the first simulated one."""
    end = OPEN_END if ends is None else FIRST + timedelta(days=ends)
    return Grant(name, Decimal(credits_granted), FIRST + timedelta(days=begins), end)


GRANTS = st.lists(
    st.tuples(st.integers(-300, 900), st.integers(-20, 50), st.integers(1, 70) | st.none()).map(
        lambda drawn: grant(drawn[0], drawn[1], None if drawn[2] is None else drawn[1] + drawn[2])
    ),
    max_size=6,
).map(lambda grants: [Grant(f"g{place}", *each_term(one)) for place, one in enumerate(grants)])
ORDERS = st.sampled_from(["earliest_expiry", "granted_first", "granted_last"])
PATHS = st.lists(st.lists(st.integers(0, 60), min_size=DAYS, max_size=DAYS), min_size=1, max_size=3)


def each_term(one: Grant) -> tuple[Decimal, date, date]:
    """Return what is left of a grant without its name."""
    return one.credits, one.first_day, one.day_after_last


def exact_depletion(grants: list[Grant], path: list[int], order: Drawdown) -> int:
    """Return the first day on which the ledger's overdraft grows by use, found day by day."""
    by_day = {FIRST + timedelta(days=nth): Decimal(used) for nth, used in enumerate(path)}
    for nth in range(DAYS):
        day = FIRST + timedelta(days=nth)
        before = draw_down(
            grants, PoolUsage({known: used for known, used in by_day.items() if known < day}), day + timedelta(days=1), order
        )
        if draw_down(grants, PoolUsage(by_day), day + timedelta(days=1), order).overdrawn > before.overdrawn:
            return nth
    return DAYS


@settings(max_examples=60, deadline=None)
@given(grants=GRANTS, paths=PATHS, order=ORDERS)
def test_all_paths_at_once_come_to_what_the_exact_ledger_says(
    grants: list[Grant], paths: list[list[int]], order: Drawdown
) -> None:
    """Day of depletion, credits left and credits expired are those of the exact ledger, for grants of any kind."""
    pool = draw_down(grants, PoolUsage({}), FIRST, order)
    expired_before = sum(pool.expiries.values(), Decimal(0))
    coming = [one for one in grants if one.first_day >= FIRST]
    found = future(np.asarray(paths, dtype=float), FIRST, pool, coming, [DAYS])
    for place, path in enumerate(paths):
        use = PoolUsage({FIRST + timedelta(days=nth): Decimal(used) for nth, used in enumerate(path)})
        end = FIRST + timedelta(days=DAYS)
        exact = draw_down(grants, use, end, order)
        exact.expire(end)
        assert found.depleted[place] == exact_depletion(grants, path, order)
        assert found.left[DAYS][place] == pytest.approx(float(exact.left))
        assert found.expired[DAYS][place] == pytest.approx(float(sum(exact.expiries.values(), Decimal(0)) - expired_before))


def exact_level(grants: list[Grant], path: list[int], order: Drawdown, level: int, term: Term) -> int:
    """Return the first day at whose end the ledger says that so many percent of the pool are used, found day by day."""
    by_day = {FIRST + timedelta(days=nth): Decimal(used) for nth, used in enumerate(path)}
    for nth in range(min(DAYS, (term.day_after_last - FIRST).days)):
        found = balance(grants, PoolUsage(by_day), term, FIRST + timedelta(days=nth + 1), order)
        if found.used_percent is not None and found.used_percent >= level:
            return nth
    return DAYS


@settings(max_examples=40, deadline=None)
@given(grants=GRANTS, path=PATHS.map(lambda paths: paths[0]), order=ORDERS, level=st.integers(1, 130), ends=st.integers(5, 70))
def test_a_level_is_expected_on_the_day_on_which_the_ledger_will_say_it(
    grants: list[Grant], path: list[int], order: Drawdown, level: int, ends: int
) -> None:
    """One definition: top-ups, ends and reductions to come move the day as they will move the percentage."""
    term = Term(FIRST - timedelta(days=30), FIRST + timedelta(days=ends))
    pool = draw_down(grants, PoolUsage({}), FIRST, order)
    now = balance_of(pool, term)
    coming = [one for one in grants if one.first_day >= FIRST]
    standing = Standing(float(now.drawn), float(now.since_empty))
    found = future(
        np.asarray([path], dtype=float), FIRST, pool, coming, levels=[level], levels_until=min(ends, DAYS), standing=standing
    )
    exact = exact_level(grants, path, order, level, term)
    assert found.reached[level][0] == (min(exact, found.depleted[0]) if level <= 100 else exact)


@settings(max_examples=30, deadline=None)
@given(
    grants=GRANTS, paths=PATHS, order=ORDERS, levels=st.tuples(st.integers(1, 100), st.integers(1, 100)), ends=st.integers(1, 70)
)
def test_a_lower_level_is_never_expected_after_a_higher_one(
    grants: list[Grant], paths: list[list[int]], order: Drawdown, levels: tuple[int, int], ends: int
) -> None:
    """Nor after the day on which the credits run out."""
    pool = draw_down(grants, PoolUsage({}), FIRST, order)
    coming = [one for one in grants if one.first_day >= FIRST]
    holding = GrantHolding(pool, coming, FIRST + timedelta(days=ends))
    simulated = np.asarray(paths, dtype=float)
    lower, higher, all_of_it = (
        find_reach_days(simulated, FIRST, holding, level)[1] or OPEN_END for level in (*sorted(levels), 100)
    )
    assert lower <= higher <= all_of_it


def test_a_level_above_100_counts_what_was_overdrawn_since() -> None:
    """Ten a day empty 100 on the tenth day; 120 % are used two days later, also where something is looked at in between."""
    pool = draw_down([grant(100, -1, None)], PoolUsage({}), FIRST, "earliest_expiry")
    found = future(np.full((1, 30), 10.0), FIRST, pool, [], [11], levels=[100, 120])
    assert (found.reached[100][0], found.reached[120][0]) == (9, 11)


def test_a_top_up_puts_the_depletion_off() -> None:
    """Ten a day empty 100 on the eleventh day; 50 more that begin in time last five days longer."""
    pool = draw_down([grant(100, -1, None)], PoolUsage({}), FIRST, "earliest_expiry")
    ten_a_day = np.full((1, 30), 10.0)
    depleted = [int(future(ten_a_day, FIRST, pool, coming).depleted[0]) for coming in ([], [grant(50, 5, None)])]
    assert depleted == [10, 15]


def test_a_grant_that_ends_takes_its_rest_along() -> None:
    """Of 100 that end after 6 days, 60 are used and 40 expire; nothing covers the seventh day."""
    pool = draw_down([grant(100, -1, 6)], PoolUsage({}), FIRST, "earliest_expiry")
    found = future(np.full((1, 10), 10.0), FIRST, pool, [], [6])
    assert (found.depleted[0], found.expired[6][0], found.left[6][0]) == (6, 40.0, 0.0)


def test_early_and_late_are_the_days_beyond_which_lies_a_tenth() -> None:
    """Of the days 0 to 99, one path each, ten lie before day 10 and ten after day 89."""
    assert nearest_days(np.arange(100)) == (10, 49, 89)
