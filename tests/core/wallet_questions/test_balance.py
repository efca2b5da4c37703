"""Which grant use is drawn from, what is left, and what expires."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wallet.balance import (
    OPEN_END,
    Balance,
    Grant,
    Term,
    Use,
    balance,
    drawn_down,
    draws_by_day,
    expiries,
    pace_percent,
    term_on,
)
from core.wallet.settings import Drawdown

JAN, FEB, MAR, APR, JUL = (date(2026, month, 1) for month in (1, 2, 3, 4, 7))
YEAR = Term(JAN, date(2027, 1, 1))


def grant(name: str, credits_granted: int, first: date, end: date) -> Grant:
    """Return a grant of so many credits."""
    return Grant(name, Decimal(credits_granted), first, end)


LONG, SHORT = grant("long", 1000, JAN, YEAR.day_after_last), grant("short", 200, FEB, APR)


def use(**days: int) -> Use:
    """Return use by day, written as `m3d15=20` for 20 credits on 15 March."""
    return Use({_day(name): Decimal(used) for name, used in days.items()})


def _day(name: str) -> date:
    month, day = name.removeprefix("m").split("d")
    return date(2026, int(month), int(day))


def lines(found: Balance) -> dict[str, Decimal]:
    """Return what each grant has left."""
    return {line.grant.name: line.left for line in found.lines}


@pytest.mark.parametrize(
    ("order", "left"),
    [
        ("earliest_expiry", {"short": 200 - 150, "long": 1000}),
        ("granted_first", {"short": 200, "long": 1000 - 150}),
        ("granted_last", {"short": 200 - 150, "long": 1000}),
    ],
)
def test_the_setting_decides_which_grant_is_used_first(order: Drawdown, left: dict[str, int]) -> None:
    """150 credits used in March, while both grants hold, come out of the grant that the setting names."""
    assert lines(balance([LONG, SHORT], use(m3d2=150), YEAR, APR, order)) == left


def test_use_before_a_grant_begins_is_not_drawn_from_it() -> None:
    """Use in January cannot come out of a grant of February, though that one ends first."""
    assert lines(balance([LONG, SHORT], use(m1d9=150), YEAR, MAR, "earliest_expiry")) == {"long": 850, "short": 200}


def test_what_is_left_at_the_end_of_a_term_expires() -> None:
    """Of 200 credits 50 were used by April, so 150 expire and only the other grant counts on."""
    found = balance([LONG, SHORT], use(m3d2=50), YEAR, JUL, "earliest_expiry")
    assert (found.expired, found.remaining) == (150, 1000)


def test_the_last_day_of_a_term_still_counts_and_the_day_after_does_not() -> None:
    """Use on 31 March is drawn from the grant that ends before 1 April; use on 1 April is not."""
    found = balance([LONG, SHORT], use(m3d31=10, m4d1=10), YEAR, JUL, "earliest_expiry")
    assert {line.grant.name: line.used for line in found.lines} == {"short": 10, "long": 10}


def test_a_grant_of_no_day_expires_as_it_begins() -> None:
    """A grant that begins and ends on 1 March holds on no day: nothing is drawn from it, at once or day by day."""
    none, used = grant("none", 500, MAR, MAR), {MAR: Decimal(10), APR: Decimal(10)}
    found = balance([LONG, none], Use(used), YEAR, JUL, "earliest_expiry")
    _, daily = draws_by_day([LONG, none], used, "earliest_expiry")
    assert (found.expired, found.remaining, daily.left) == (500, 980, 980)


def test_use_beyond_all_grants_is_overdrawn_and_not_made_up_by_a_later_grant() -> None:
    """Of 1,100 credits used in January 1,000 were granted; the 100 are overage, and February's grant stays whole."""
    found = balance([LONG, SHORT], use(m1d9=1100), YEAR, MAR, "earliest_expiry")
    assert (found.overdrawn, lines(found)["short"], found.remaining) == (100, 200, 200 - 100)


def test_a_reduction_comes_out_of_the_grant_with_the_same_end() -> None:
    """A reduction that ends with the long grant takes from it, although the short one would be used first."""
    taken_back = grant("back", -300, FEB, YEAR.day_after_last)
    found = balance([LONG, SHORT, taken_back], use(), YEAR, MAR, "earliest_expiry")
    assert (lines(found), found.granted) == ({"short": 200, "long": 700}, 1000 + 200 - 300)


def test_a_reduction_of_credits_that_are_used_up_is_owed() -> None:
    """Taking back 300 of which only 100 are left leaves 200 overdrawn."""
    found = balance([LONG, grant("back", -300, FEB, YEAR.day_after_last)], use(m1d9=900), YEAR, MAR, "earliest_expiry")
    assert found.remaining == 1000 - 900 - 300


def test_a_correction_of_use_goes_back_where_it_was_drawn() -> None:
    """Minus 30 credits after 150 were drawn from the short grant leave 120 drawn."""
    found = balance([LONG, SHORT], use(m3d2=150, m3d3=-30), YEAR, APR, "earliest_expiry")
    assert {line.grant.name: line.used for line in found.lines} == {"short": 120, "long": 0}


def test_a_term_begins_with_what_was_left() -> None:
    """Counted from July, the long grant is worth the 850 credits that it had left, and January's use is not counted."""
    found = balance([LONG], use(m1d9=150, m7d4=40), Term(JUL, YEAR.day_after_last), date(2026, 8, 1), "earliest_expiry")
    assert (found.granted, found.used, found.remaining) == (850, 40, 810)


def test_the_term_is_that_of_the_grants_in_force() -> None:
    """In March both grants hold, so the term runs from January to the end of the year; in 2027 there is none."""
    assert (term_on([LONG, SHORT], MAR), term_on([LONG, SHORT], date(2027, 3, 1))) == (YEAR, None)


def test_the_contract_says_what_the_term_is() -> None:
    """A contract from February to July is the term in March, whatever the grants say."""
    assert term_on([LONG, SHORT], MAR, FEB, JUL) == Term(FEB, JUL)


def test_what_will_expire_follows_from_the_burn() -> None:
    """At 2 credits a day from March on, 31 days leave 138 of the short grant; the long one pays the 275 days after."""
    found = expiries([LONG, SHORT], Use({}, MAR, Decimal(2)), "earliest_expiry", MAR)
    assert found == {APR: 200 - 31 * 2, YEAR.day_after_last: 1000 - 275 * 2}


def test_an_open_grant_never_expires() -> None:
    """A grant without an end is in no list of expiries."""
    assert expiries([grant("open", 10, JAN, OPEN_END)], use(), "earliest_expiry", MAR) == {}


def test_pace_is_the_share_used_over_the_share_gone() -> None:
    """60 % used when 30 % of the term is over is twice as fast as planned."""
    assert pace_percent(Decimal(60), Decimal(30)) == 200


ANY_GRANT = st.builds(
    lambda nth, credits_granted, first, length: Grant(
        f"g{nth}", Decimal(credits_granted), date.fromordinal(first), date.fromordinal(first + length)
    ),
    st.integers(0, 10**9),
    st.integers(-500, 2000),
    st.integers(JAN.toordinal(), JAN.toordinal() + 300),
    st.integers(0, 200),
)
ANY_USE = st.dictionaries(st.dates(JAN, date(2026, 12, 31)), st.integers(-50, 300).map(Decimal), max_size=30)
ORDERS = st.sampled_from(["earliest_expiry", "granted_first", "granted_last"])


SOME_GRANTS = st.lists(ANY_GRANT, max_size=6, unique_by=lambda one: one.name)


@given(SOME_GRANTS, ANY_USE, ORDERS, st.dates(JAN, date(2026, 12, 31)), st.integers(1, 400))
def test_granted_less_used_less_expired_is_what_remains(
    grants: list[Grant], days: dict[date, Decimal], order: Drawdown, start: date, later: int
) -> None:
    """Whatever the grants, their order, the use, and the term and day looked at: nothing appears or is lost."""
    until = start + timedelta(days=later)
    found = balance(grants, Use(days), Term(start, date(2028, 1, 1)), until, order)
    assert found.granted - found.used - found.expired == found.remaining


@given(SOME_GRANTS, ANY_USE, ORDERS)
def test_day_by_day_or_all_at_once_draws_the_same(grants: list[Grant], days: dict[date, Decimal], order: Drawdown) -> None:
    """Adding up between changes of the grants gives what drawing day by day gives, where use is not corrected."""
    used = {day: abs(credits_used) for day, credits_used in days.items()}
    end = date(2027, 1, 1)
    _, daily = draws_by_day(grants, {end - timedelta(days=1): Decimal(0)} | used, order)
    at_once = drawn_down(grants, Use(used), end, order)
    drawn = [{line.grant.name: (line.used, line.left, line.expired) for line in pool.lines} for pool in (daily, at_once)]
    assert drawn[0] == drawn[1]


def test_a_day_names_the_grants_it_drew_from() -> None:
    """250 credits on one day take the short grant's 200 and 50 of the long one."""
    drawn, _ = draws_by_day([LONG, SHORT], {MAR: Decimal(250)}, "earliest_expiry")
    assert drawn[MAR] == [(SHORT, 200), (LONG, 50)]
