"""Which grant use is drawn from, what is left, and what expires."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.wallet import Drawdown
from core.wallet.ledger.balance import (
    OPEN_END,
    Balance,
    Grant,
    Pool,
    PoolUsage,
    Term,
    balance,
    draw_down,
    pace_percent,
    term_on,
    unused_at_ends,
)

JAN, FEB, MAR, APR, JUL = (date(2026, month, 1) for month in (1, 2, 3, 4, 7))
YEAR = Term(JAN, date(2027, 1, 1))


def grant(name: str, credits_granted: int, first: date, end: date) -> Grant:
    """Return a grant of so many credits."""
    return Grant(name, Decimal(credits_granted), first, end)


LONG, SHORT = grant("long", 1000, JAN, YEAR.day_after_last), grant("short", 200, FEB, APR)


def use(**days: int) -> PoolUsage:
    """Return use by day, written as `m3d15=20` for 20 credits on 15 March."""
    return PoolUsage({_day(name): Decimal(used) for name, used in days.items()})


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
    assert (found.expired, found.left) == (150, 1000)


def test_the_last_day_of_a_term_still_counts_and_the_day_after_does_not() -> None:
    """Use on 31 March is drawn from the grant that ends before 1 April; use on 1 April is not."""
    found = balance([LONG, SHORT], use(m3d31=10, m4d1=10), YEAR, JUL, "earliest_expiry")
    assert {line.grant.name: line.used for line in found.lines} == {"short": 10, "long": 10}


def test_a_grant_of_no_day_expires_as_it_begins() -> None:
    """A grant that begins and ends on 1 March holds on no day: nothing is drawn from it."""
    none, used = grant("none", 500, MAR, MAR), {MAR: Decimal(10), APR: Decimal(10)}
    found = balance([LONG, none], PoolUsage(used), YEAR, JUL, "earliest_expiry")
    assert (found.expired, found.left) == (500, 980)


def test_use_beyond_all_grants_is_overdrawn_and_not_made_up_by_a_later_grant() -> None:
    """Of 1,100 credits used in January 1,000 were granted; the 100 are overage, and February's grant stays whole."""
    found = balance([LONG, SHORT], use(m1d9=1100), YEAR, MAR, "earliest_expiry")
    assert (found.overdrawn, lines(found)["short"], found.left) == (100, 200, 200)


def test_a_reduction_comes_out_of_the_grant_with_the_same_end() -> None:
    """A reduction that ends with the long grant takes from it, although the short one would be used first."""
    taken_back = grant("back", -300, FEB, YEAR.day_after_last)
    found = balance([LONG, SHORT, taken_back], use(), YEAR, MAR, "earliest_expiry")
    assert (lines(found), found.granted) == ({"short": 200, "long": 700}, 1000 + 200 - 300)


def test_a_reduction_of_credits_that_are_used_up_leaves_their_use_without_a_grant() -> None:
    """Taking back 300 of which only 100 are left: of the 900 used, 200 found no grant after all, on the day of their use."""
    found = balance([LONG, grant("back", -300, FEB, YEAR.day_after_last)], use(m1d9=900), YEAR, MAR, "earliest_expiry")
    assert (found.left, found.drawn, found.overdrawn) == (0, 700, 200)
    assert found.parts[date(2026, 1, 9)] == [(LONG, 700), (None, 200)]
    assert found.used_percent == Decimal(900) / 700 * 100


def test_a_reduction_that_finds_nothing_waits_for_the_next_grant_of_its_term() -> None:
    """300 are taken back in January, where nothing was granted yet: of February's 200 nothing is left, of March's 900 are 800."""
    back, more = grant("back", -300, JAN, YEAR.day_after_last), grant("more", 900, MAR, YEAR.day_after_last)
    found = balance([back, SHORT, more], use(), YEAR, APR, "earliest_expiry")
    assert lines(found) == {"short": 0, "more": 900 - 100}


def test_a_correction_undoes_the_latest_draws() -> None:
    """Of 100 overdrawn in January and 50 drawn in February, minus 60 take back the 50 and 10 of the overdrawn."""
    found = balance([LONG, SHORT], use(m1d9=1100, m2d3=50, m2d4=-60), YEAR, MAR, "earliest_expiry")
    assert (found.overdrawn, lines(found)["short"]) == (90, 200)


def test_a_correction_into_a_grant_that_is_over_expires_at_once() -> None:
    """The short grant's 200 are used up in March; 30 given back in July are no credits to use."""
    found = balance([SHORT], use(m3d2=200, m7d1=-30), Term(JAN, YEAR.day_after_last), date(2026, 8, 1), "earliest_expiry")
    assert (found.left, found.drawn, found.expired) == (0, 170, 30)


def test_a_correction_before_any_use_pays_for_the_next() -> None:
    """Minus 50 for use that the data does not hold, then 80: 30 are drawn, nothing is overdrawn."""
    found = balance([LONG], use(m1d2=-50, m1d3=80), YEAR, FEB, "earliest_expiry")
    assert (found.drawn, found.overdrawn, found.used) == (30, 0, 30)


def test_credits_that_expired_are_no_pool() -> None:
    """Of 1,000,000 and 200,000 credits 181,900 expired unused: with 88 left, 1,018,012 of 1,018,100 are used."""
    grants = [grant("g1", 1_000_000, JAN, YEAR.day_after_last), grant("g2", 200_000, JAN, JUL)]
    early = {JAN + timedelta(days=nth): Decimal(100) for nth in range(181)}
    late = {JUL + timedelta(days=nth): Decimal(8196) for nth in range(122)}
    found = balance(grants, PoolUsage(early | late), YEAR, date(2026, 11, 1), "earliest_expiry")
    assert (found.left, found.expired, found.pool) == (88, 181_900, 1_018_100)
    assert found.used_percent == Decimal(1_018_012) / 1_018_100 * 100


def test_a_top_up_does_not_make_up_for_what_was_overdrawn() -> None:
    """10,000 granted, 49,000 used, 50,000 granted, 9,000 used: 41,000 of 60,000 left, a third used, 39,000 overdrawn."""
    grants = [grant("g1", 10_000, JAN, YEAR.day_after_last), grant("g2", 50_000, MAR, YEAR.day_after_last)]
    found = balance(grants, use(m1d2=49_000, m3d2=9_000), YEAR, APR, "earliest_expiry")
    assert (found.left, found.pool, found.overdrawn) == (41_000, 60_000, 39_000)
    assert found.used_percent == Decimal(19_000) / 60_000 * 100


def test_above_100_percent_only_what_was_overdrawn_since_counts() -> None:
    """After the top-up 60,000 are drawn in all and 6,000 more overdrawn: 66,000 of 60,000, not 105,000."""
    grants = [grant("g1", 10_000, JAN, YEAR.day_after_last), grant("g2", 50_000, MAR, YEAR.day_after_last)]
    found = balance(grants, use(m1d2=49_000, m3d2=56_000), YEAR, APR, "earliest_expiry")
    assert (found.left, found.overdrawn, found.used_percent) == (0, 45_000, 110)


def test_a_correction_of_use_goes_back_where_it_was_drawn() -> None:
    """Minus 30 credits after 150 were drawn from the short grant leave 120 drawn."""
    found = balance([LONG, SHORT], use(m3d2=150, m3d3=-30), YEAR, APR, "earliest_expiry")
    assert {line.grant.name: line.used for line in found.lines} == {"short": 120, "long": 0}


def test_a_term_begins_with_what_was_left() -> None:
    """Counted from July, the long grant is worth the 850 credits that it had left, and January's use is not counted."""
    found = balance([LONG], use(m1d9=150, m7d4=40), Term(JUL, YEAR.day_after_last), date(2026, 8, 1), "earliest_expiry")
    assert (found.granted, found.drawn, found.left) == (850, 40, 810)


def test_the_term_is_that_of_the_grants_in_force() -> None:
    """In March both grants hold, so the term runs from January to the end of the year; in 2027 there is none."""
    assert (term_on([LONG, SHORT], MAR), term_on([LONG, SHORT], date(2027, 3, 1))) == (YEAR, None)


def test_the_contract_says_what_the_term_is() -> None:
    """A contract from February to July is the term in March, whatever the grants say."""
    assert term_on([LONG, SHORT], MAR, FEB, JUL) == Term(FEB, JUL)


def test_what_will_expire_follows_from_the_burn() -> None:
    """At 2 credits a day from March on, 31 days leave 138 of the short grant; the long one pays the 275 days after."""
    found = unused_at_ends([LONG, SHORT], PoolUsage({}, MAR, Decimal(2)), "earliest_expiry", MAR)
    assert {line.grant: line.expired for line in found} == {SHORT: 200 - 31 * 2, LONG: 1000 - 275 * 2}


def test_an_open_grant_never_expires() -> None:
    """A grant without an end is in no list of expiries."""
    assert unused_at_ends([grant("open", 10, JAN, OPEN_END)], use(), "earliest_expiry", MAR) == []


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
def test_every_figure_of_a_balance_agrees_with_the_others(
    grants: list[Grant], days: dict[date, Decimal], order: Drawdown, start: date, later: int
) -> None:
    """Whatever the grants, reductions, corrections, term and day: one drawdown is behind all figures."""
    until = start + timedelta(days=later)
    found = balance(grants, PoolUsage(days), Term(start, date(2028, 1, 1)), until, order)
    assert found.left == sum(line.left for line in found.lines)
    assert found.left >= 0
    assert found.used == PoolUsage(days).between(start, until)
    assert found.counted((day, used) for day, used in days.items() if day >= start) == found.used_of_pool
    if found.pool > 0 and found.used_percent is not None:
        assert (found.used_percent >= 100) is (found.left == 0)
        assert found.left == 0 or found.used_percent == found.drawn / found.pool * 100


@given(SOME_GRANTS, ANY_USE, ORDERS, st.dates(JAN, date(2027, 6, 1)))
def test_what_was_granted_was_drawn_or_is_left_or_expired_or_was_taken_back(
    grants: list[Grant], days: dict[date, Decimal], order: Drawdown, until: date
) -> None:
    """Grant by grant and for all of them together, no credit appears or is lost; nothing is below 0."""
    pool = draw_down(grants, PoolUsage(days), until, order)
    for line in pool.lines:
        assert line.left + line.used + line.expired + line.taken_back == line.grant.credits
        assert min(line.left, line.used, line.expired, line.taken_back) >= 0
    assert sum(pool.expiries.values()) == sum(line.expired for line in pool.lines) == sum(lost for _, lost in pool.lost)
    waiting = sum(owed for _, owed in pool.waiting)
    reductions = -sum(one.credits for one in grants if one.credits < 0 and one.first_day < until)
    assert sum(line.taken_back for line in pool.lines) + waiting <= reductions


@given(SOME_GRANTS, ANY_USE, ORDERS)
def test_the_parts_of_a_day_are_its_use(grants: list[Grant], days: dict[date, Decimal], order: Drawdown) -> None:
    """What a day drew from grants and what found none add up to its use, grant by grant to what was drawn; none has two signs."""
    pool = draw_down(grants, PoolUsage(days), date(2027, 1, 1), order)
    parts = pool.by_day()
    for day, used in days.items():
        assert sum(drawn for _, drawn in parts.get(day, ())) == used
        assert len({drawn > 0 for _, drawn in parts.get(day, ())}) <= 1
    for line in pool.lines:
        assert line.used == sum(drawn for drawns in parts.values() for one, drawn in drawns if one is line.grant)


@given(SOME_GRANTS, ANY_USE, ORDERS, st.dates(JAN, date(2026, 12, 31)))
def test_looking_at_a_later_day_does_not_change_what_was_drawn(
    grants: list[Grant], days: dict[date, Decimal], order: Drawdown, until: date
) -> None:
    """Without reductions, which restate what they take back, the draws up to a day are the same seen from any later day."""
    given_only = [one for one in grants if one.credits >= 0]
    early, late = (draw_down(given_only, PoolUsage(days), day, order).by_day() for day in (until, date(2027, 1, 1)))
    assert early == {day: parts for day, parts in late.items() if day < until}


def test_a_day_names_the_grants_it_drew_from() -> None:
    """250 credits on one day take the short grant's 200 and 50 of the long one."""
    pool: Pool = draw_down([LONG, SHORT], PoolUsage({MAR: Decimal(250)}), APR, "earliest_expiry")
    assert pool.by_day()[MAR] == [(SHORT, 200), (LONG, 50)]
