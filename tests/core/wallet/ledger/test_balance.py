"""Which grant usage is drawn from, what is left, and what expires."""

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
    """Return a grant of that many credits."""
    return Grant(name, Decimal(credits_granted), first, end)


LONG, SHORT = grant("long", 1000, JAN, YEAR.day_after_last), grant("short", 200, FEB, APR)


def use(**days: int) -> PoolUsage:
    """Return usage by day, written as `m3d15=20` for 20 credits on 15 March."""
    return PoolUsage({_day(name): Decimal(used) for name, used in days.items()})


def _day(name: str) -> date:
    month, day = name.removeprefix("m").split("d")
    return date(2026, int(month), int(day))


def lines(found: Balance) -> dict[str, Decimal]:
    """Return what is left of each grant."""
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
    """150 credits used in March, while both grants are in force, are drawn from the grant that the setting names."""
    assert lines(balance([LONG, SHORT], use(m3d2=150), YEAR, APR, order)) == left


def test_use_before_a_grant_begins_is_not_drawn_from_it() -> None:
    """Usage in January cannot be drawn from February's grant, although that one ends first."""
    assert lines(balance([LONG, SHORT], use(m1d9=150), YEAR, MAR, "earliest_expiry")) == {"long": 850, "short": 200}


def test_what_is_left_at_the_end_of_a_term_expires() -> None:
    """50 of 200 credits are used by April, so 150 expire and only the other grant remains."""
    found = balance([LONG, SHORT], use(m3d2=50), YEAR, JUL, "earliest_expiry")
    assert (found.expired, found.left) == (150, 1000)


def test_the_last_day_of_a_term_still_counts_and_the_day_after_does_not() -> None:
    """Usage on 31 March is drawn from the grant that ends before 1 April; usage on 1 April is not."""
    found = balance([LONG, SHORT], use(m3d31=10, m4d1=10), YEAR, JUL, "earliest_expiry")
    assert {line.grant.name: line.used for line in found.lines} == {"short": 10, "long": 10}


def test_a_grant_of_no_day_expires_as_it_begins() -> None:
    """A grant that begins and ends on 1 March is never in force: nothing is drawn from it."""
    none, used = grant("none", 500, MAR, MAR), {MAR: Decimal(10), APR: Decimal(10)}
    found = balance([LONG, none], PoolUsage(used), YEAR, JUL, "earliest_expiry")
    assert (found.expired, found.left) == (500, 980)


def test_use_beyond_all_grants_is_overdrawn_and_not_made_up_by_a_later_grant() -> None:
    """1,100 credits are used in January and 1,000 were granted: 100 are overage, and February's grant stays whole."""
    found = balance([LONG, SHORT], use(m1d9=1100), YEAR, MAR, "earliest_expiry")
    assert (found.overdrawn, lines(found)["short"], found.left) == (100, 200, 200)


def test_a_reduction_comes_out_of_the_grant_with_the_same_end() -> None:
    """A reduction that ends with the long grant reduces that one, although the short one would be used first."""
    taken_back = grant("back", -300, FEB, YEAR.day_after_last)
    found = balance([LONG, SHORT, taken_back], use(), YEAR, MAR, "earliest_expiry")
    assert (lines(found), found.granted) == ({"short": 200, "long": 700}, 1000 + 200 - 300)


def test_a_reduction_of_credits_that_are_used_up_leaves_their_use_without_a_grant() -> None:
    """300 are taken back and only 100 are left: 200 of the 900 used lose their grant, on the day of their usage."""
    found = balance([LONG, grant("back", -300, FEB, YEAR.day_after_last)], use(m1d9=900), YEAR, MAR, "earliest_expiry")
    assert (found.left, found.drawn, found.overdrawn) == (0, 700, 200)
    assert found.parts[date(2026, 1, 9)] == [(LONG, 700), (None, 200)]
    assert found.used_percent == Decimal(900) / 700 * 100


def test_a_reduction_that_finds_nothing_waits_for_the_next_grant_of_its_term() -> None:
    """300 are taken back in January, before any grant: nothing is left of February's 200, and 800 of March's 900."""
    back, more = grant("back", -300, JAN, YEAR.day_after_last), grant("more", 900, MAR, YEAR.day_after_last)
    found = balance([back, SHORT, more], use(), YEAR, APR, "earliest_expiry")
    assert lines(found) == {"short": 0, "more": 900 - 100}


def test_a_correction_undoes_the_latest_draws() -> None:
    """Of 100 overdrawn in January and 50 drawn in February, −60 undoes the 50 and 10 of the overdrawn."""
    found = balance([LONG, SHORT], use(m1d9=1100, m2d3=50, m2d4=-60), YEAR, MAR, "earliest_expiry")
    assert (found.overdrawn, lines(found)["short"]) == (90, 200)


def test_a_correction_into_a_grant_that_is_over_expires_at_once() -> None:
    """The short grant's 200 are used up in March; 30 given back in July cannot be used any more."""
    found = balance([SHORT], use(m3d2=200, m7d1=-30), Term(JAN, YEAR.day_after_last), date(2026, 8, 1), "earliest_expiry")
    assert (found.left, found.drawn, found.expired) == (0, 170, 30)


def test_a_correction_before_any_use_pays_for_the_next() -> None:
    """−50 for usage that the data does not have, then 80: 30 are drawn and nothing is overdrawn."""
    found = balance([LONG], use(m1d2=-50, m1d3=80), YEAR, FEB, "earliest_expiry")
    assert (found.drawn, found.overdrawn, found.used) == (30, 0, 30)


def test_credits_that_expired_are_no_pool() -> None:
    """181,900 of 1,000,000 and 200,000 credits expired unused: with 88 left, 1,018,012 of 1,018,100 are used."""
    grants = [grant("g1", 1_000_000, JAN, YEAR.day_after_last), grant("g2", 200_000, JAN, JUL)]
    early = {JAN + timedelta(days=nth): Decimal(100) for nth in range(181)}
    late = {JUL + timedelta(days=nth): Decimal(8196) for nth in range(122)}
    found = balance(grants, PoolUsage(early | late), YEAR, date(2026, 11, 1), "earliest_expiry")
    assert (found.left, found.expired, found.pool) == (88, 181_900, 1_018_100)
    assert found.used_percent == Decimal(1_018_012) / 1_018_100 * 100


def test_a_top_up_does_not_make_up_for_what_was_overdrawn() -> None:
    """10,000 granted, 49,000 used, 50,000 granted, 9,000 used: 41,000 of 60,000 are left, 39,000 are overdrawn."""
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
    """−30 after 150 were drawn from the short grant leaves 120 drawn."""
    found = balance([LONG, SHORT], use(m3d2=150, m3d3=-30), YEAR, APR, "earliest_expiry")
    assert {line.grant.name: line.used for line in found.lines} == {"short": 120, "long": 0}


def test_a_term_begins_with_what_was_left() -> None:
    """From July on the long grant is worth the 850 credits that are left of it, and January's usage is not counted."""
    found = balance([LONG], use(m1d9=150, m7d4=40), Term(JUL, YEAR.day_after_last), date(2026, 8, 1), "earliest_expiry")
    assert (found.granted, found.drawn, found.left) == (850, 40, 810)


def test_the_term_is_that_of_the_grants_in_force() -> None:
    """In March both grants are in force, so the term is January to the end of the year; in 2027 there is none."""
    assert (term_on([LONG, SHORT], MAR), term_on([LONG, SHORT], date(2027, 3, 1))) == (YEAR, None)


def test_the_contract_says_what_the_term_is() -> None:
    """A contract from February to July is the term in March, whatever the grants are."""
    assert term_on([LONG, SHORT], MAR, FEB, JUL) == Term(FEB, JUL)


def test_what_will_expire_follows_from_the_burn() -> None:
    """At 2 credits a day from March on, 31 days leave 138 of the short grant; the long one covers the 275 days after."""
    found = unused_at_ends([LONG, SHORT], PoolUsage({}, MAR, Decimal(2)), "earliest_expiry", MAR)
    assert {line.grant: line.expired for line in found} == {SHORT: 200 - 31 * 2, LONG: 1000 - 275 * 2}


def test_an_open_grant_never_expires() -> None:
    """A grant without an end is in no list of expiries."""
    assert unused_at_ends([grant("open", 10, JAN, OPEN_END)], use(), "earliest_expiry", MAR) == []


def test_pace_is_the_share_used_over_the_share_gone() -> None:
    """60% used when 30% of the term is over is twice as fast as planned."""
    assert pace_percent(Decimal(60), Decimal(30)) == 200


@pytest.mark.parametrize(
    ("order", "drawn"), [("earliest_expiry", "first"), ("granted_first", "first"), ("granted_last", "second")]
)
def test_what_ends_first_is_used_first_also_where_it_was_granted_first(order: Drawdown, drawn: str) -> None:
    """With a grant from January to April and one from February to the year's end, 10 credits in March are drawn from one only."""
    grants = [grant("first", 100, JAN, APR), grant("second", 100, FEB, YEAR.day_after_last)]
    found = balance(grants, use(m3d1=10), YEAR, APR, order)
    assert {line.grant.name: line.used for line in found.lines if line.used} == {drawn: 10}


@pytest.mark.parametrize(
    ("until", "percent"),
    [
        (date(2025, 12, 1), 0),
        (JAN, 0),
        (date(2026, 1, 2), Decimal(1) / 365 * 100),
        (YEAR.day_after_last, 100),
        (date(2027, 5, 1), 100),
    ],
)
def test_the_elapsed_share_of_a_term_goes_from_0_to_100(until: date, percent: Decimal) -> None:
    """One of the year's 365 days is over when 2 January begins; before the term the share is 0, after it 100."""
    assert YEAR.elapsed_percent(until) == percent


def test_a_pace_needs_time_that_is_over() -> None:
    """On the term's first morning nothing is over, so there is no pace."""
    assert pace_percent(Decimal(60), Decimal(0)) is None


@pytest.mark.parametrize(
    ("day", "is_contract"), [(date(2026, 1, 31), False), (FEB, True), (date(2026, 6, 30), True), (JUL, False)]
)
def test_a_contract_s_term_is_half_open(day: date, is_contract: bool) -> None:  # noqa: FBT001 - the expected value
    """The term begins on its first day and is over on the day after its last; outside it the grants in force decide."""
    assert term_on([LONG], day, FEB, JUL) == (Term(FEB, JUL) if is_contract else YEAR)


@pytest.mark.parametrize(("start", "end"), [(FEB, None), (None, JUL)])
def test_half_a_contract_is_no_term(start: date | None, end: date | None) -> None:
    """A contract with only one end leaves the term to the grants."""
    assert term_on([LONG], MAR, start, end) == YEAR


@pytest.mark.parametrize(("granted", "term"), [(0, None), (1, YEAR)])
def test_one_credit_makes_a_term_and_none_makes_none(granted: int, term: Term | None) -> None:
    """A grant of nothing defines no term."""
    assert term_on([grant("small", granted, JAN, YEAR.day_after_last)], MAR) == term


def test_parts_of_a_credit_are_granted_and_used() -> None:
    """Half a credit is a grant, not a reduction, and a quarter of it is usage, not a correction."""
    small = Grant("small", Decimal("0.5"), JAN, YEAR.day_after_last)
    found = balance([small], PoolUsage({date(2026, 1, 9): Decimal("0.25")}), YEAR, FEB, "earliest_expiry")
    assert (found.left, found.drawn, found.overdrawn) == (Decimal("0.25"), Decimal("0.25"), 0)


def test_a_grant_of_nothing_is_listed() -> None:
    """A row of 0 credits is among the grants."""
    assert lines(balance([grant("none", 0, JAN, YEAR.day_after_last)], use(), YEAR, FEB, "earliest_expiry")) == {"none": 0}


def test_a_grant_counts_from_its_first_day_on() -> None:
    """At the end of 31 January February's grant does not exist yet; a day later it does, and only then can it be left unused."""
    found = [balance([LONG, SHORT], use(), YEAR, day, "earliest_expiry").left for day in (FEB, date(2026, 2, 2))]
    unused = [len(unused_at_ends([LONG, SHORT], use(), "earliest_expiry", day)) for day in (FEB, date(2026, 2, 2))]
    assert (found, unused) == ([1000, 1200], [1, 2])


def test_what_expires_is_known_by_the_grant_s_end() -> None:
    """The short grant's last 150 credits end with March: they are expired as of 1 April."""
    assert draw_down([SHORT], use(m3d1=50), date(2026, 5, 1), "earliest_expiry").expiries == {APR: 150}


@pytest.mark.parametrize(("start", "expired", "listed"), [(date(2026, 3, 31), 200, 1), (APR, 0, 0)])
def test_what_expired_before_a_term_is_not_the_term_s(start: date, expired: int, listed: int) -> None:
    """The short grant's last day is 31 March: a term from that day on counts its expiry, one from 1 April does not."""
    found = balance([SHORT], use(), Term(start, YEAR.day_after_last), date(2026, 5, 1), "earliest_expiry")
    assert (found.expired, len(found.lines)) == (expired, listed)


def test_a_grant_s_credits_come_back_on_its_last_day_and_expire_on_the_next() -> None:
    """50 credits of the short grant are given back: on 31 March they can be used, on 1 April they expire at once."""
    found = [
        draw_down([SHORT], use(m3d2=200, **{day: -50}), until, "earliest_expiry")
        for day, until in (("m3d31", APR), ("m4d1", date(2026, 4, 2)))
    ]
    assert [(pool.left, sum(pool.expiries.values())) for pool in found] == [(50, 0), (0, 50)]


def test_a_surplus_of_corrections_pays_until_it_is_used_up() -> None:
    """50 given back but never drawn pay for 20, then for 30 of 40; 10 are drawn from the grant."""
    found = balance([LONG], use(m1d2=-50, m1d3=20, m1d4=40, m1d5=5), YEAR, FEB, "earliest_expiry")
    assert (found.drawn, found.left, found.used) == (10 + 5, 1000 - 15, 15)


def test_corrections_of_overdrawn_use_can_become_a_surplus() -> None:
    """100 overdrawn − 30 − 100 leave a surplus of 30: only 20 of the next 50 are drawn."""
    later = grant("later", 1000, MAR, YEAR.day_after_last)
    found = balance([later], use(m1d2=100, m1d3=-30, m1d4=-100, m3d5=50), YEAR, APR, "earliest_expiry")
    assert (found.drawn, found.left) == (20, 980)


def test_corrections_once_nothing_is_left_lower_what_counts_as_overdrawn_since() -> None:
    """1,000 drawn and 100 overdrawn, − 10 − 5: 1,085 of 1,000."""
    found = balance([LONG], use(m1d2=1100, m1d3=-10, m1d4=-5), YEAR, FEB, "earliest_expiry")
    assert (found.overdrawn, found.since_empty, found.used_of_pool) == (85, 85, 1085)


def test_a_single_credit_on_top_ends_being_empty() -> None:
    """100 overdrawn, then 1 credit granted and 2 used: 1 counts as overdrawn since the pool was empty, 101 in all."""
    grants = [LONG, grant("one", 1, FEB, YEAR.day_after_last)]
    found = balance(grants, use(m1d2=1100, m2d3=2), YEAR, MAR, "earliest_expiry")
    assert (found.since_empty, found.overdrawn, found.pool) == (1, 101, 1001)


def test_a_top_up_that_is_taken_back_leaves_the_pool_empty() -> None:
    """50 of a reduction wait for a grant; the next grant, of 50, is gone at once, so the overdrawn credits still count."""
    back = grant("back", -50, JAN, YEAR.day_after_last)
    grants = [grant("first", 0, JAN, YEAR.day_after_last), back, grant("next", 50, FEB, YEAR.day_after_last)]
    found = draw_down(grants, use(m1d2=30), MAR, "earliest_expiry")
    assert (found.left, [draw.credits for draw in found.short]) == (0, [30])


def test_a_reduction_takes_nothing_from_grants_after_its_term() -> None:
    """A reduction until April finds nothing; the grant that begins in April stays whole."""
    back, after = grant("back", -100, JAN, APR), grant("after", 300, APR, YEAR.day_after_last)
    assert lines(balance([back, after], use(), YEAR, date(2026, 5, 1), "earliest_expiry")) == {"after": 300}


def test_a_reduction_without_days_takes_back_what_expired_with_it() -> None:
    """Two grants ended in April with 150 and 80 unused, and 180 are written off: 150 and 30; later grants stay whole."""
    other, write_off = grant("other", 80, FEB, APR), grant("write-off", -180, APR, APR)
    pool = draw_down([LONG, SHORT, other, write_off], use(m3d2=50), date(2026, 5, 1), "granted_first")
    assert {line.grant.name: (line.expired, line.taken_back) for line in pool.lines} == {
        "long": (0, 0), "other": (0, 80), "short": (200 - 100, 100),
    }  # fmt: skip
    assert (pool.left, pool.expiries) == (950, {APR: 100})


def test_a_write_off_counts_on_the_day_on_which_the_credits_were_lost() -> None:
    """What expired at the end of March and is written off in April is no expiry of a term from April on; none is negative."""
    write_off = grant("write-off", -150, APR, APR)
    for start, expired in ((JAN, 50), (APR, 0)):
        found = balance([SHORT, write_off], use(), Term(start, YEAR.day_after_last), date(2026, 5, 1), "earliest_expiry")
        assert found.expired == expired


def test_a_reduction_takes_used_credits_of_grants_in_force_only() -> None:
    """The short grant ended when the reduction begins, so its usage stays paid; usage of the long one becomes overdrawn."""
    back = grant("back", -1100, APR, YEAR.day_after_last)
    found = balance([LONG, SHORT, back], use(m2d2=200, m2d3=1000), YEAR, date(2026, 5, 1), "earliest_expiry")
    assert (found.drawn, found.overdrawn, found.left) == (200, 1000, 0)


def test_a_reduction_takes_used_credits_of_the_same_end_first() -> None:
    """The short grant's 200 were used last; a reduction that ends with the long one takes the long one's usage."""
    back = grant("back", -300, MAR, YEAR.day_after_last)
    found = draw_down([LONG, SHORT, back], use(m1d2=1000, m2d3=200, m3d4=0), date(2026, 3, 5), "earliest_expiry")
    assert {line.grant.name: line.used for line in found.lines} == {"long": 700, "short": 200}


def test_corrections_after_a_reduction_undo_what_is_unpaid_first() -> None:
    """Of 500 and 400 used, 200 lost their grant; 250 given back undo those 200 and 50 of the 400."""
    grants = [LONG, grant("back", -300, FEB, YEAR.day_after_last)]
    found = balance(grants, use(m1d2=500, m1d3=400, m2d4=-250), YEAR, MAR, "earliest_expiry")
    assert (found.overdrawn, found.drawn, found.left) == (0, 650, 50)


def test_corrections_after_a_reduction_undo_no_more_than_was_used() -> None:
    """900 were used in all; 950 given back leave a surplus of 50, and the rest of the grant after the reduction."""
    grants = [LONG, grant("back", -300, FEB, YEAR.day_after_last)]
    found = balance(grants, use(m1d2=900, m2d4=-950), YEAR, MAR, "earliest_expiry")
    assert (found.overdrawn, found.drawn, found.left) == (-50, 0, 700)


def test_use_that_lost_its_grant_keeps_its_place_in_time() -> None:
    """January's usage lost its grant in March; a correction undoes February's usage first, which is later."""
    back = grant("back", -100, MAR, YEAR.day_after_last)
    found = balance([LONG, SHORT, back], use(m1d2=1000, m2d3=200, m3d4=-10), YEAR, date(2026, 3, 5), "earliest_expiry")
    assert (found.overdrawn, lines(found)["short"]) == (100, 10)


def test_use_after_a_reduction_is_no_gift() -> None:
    """The 200 without a grant are owed; the next 50 are drawn from the new grant in full."""
    grants = [LONG, grant("back", -300, FEB, YEAR.day_after_last), grant("new", 400, MAR, YEAR.day_after_last)]
    found = balance(grants, use(m1d2=900, m3d4=50), YEAR, APR, "earliest_expiry")
    assert (found.overdrawn, lines(found)["new"]) == (200, 350)


def test_a_part_counts_by_its_share_of_the_day() -> None:
    """Grants covered 1,000 of a day's 1,500 credits, and a top-up came later: a part that used 500 counts a third of 1,000."""
    grants = [LONG, grant("top-up", 10, FEB, YEAR.day_after_last)]
    found = balance(grants, use(m1d2=1500), YEAR, MAR, "earliest_expiry")
    assert found.counted([(date(2026, 1, 2), Decimal(500))]) == Decimal(1000) / 3


def test_a_balance_of_nothing_is_exact() -> None:
    """Without usage and expiries every sum is Decimal 0, which divides and prints like any other."""
    found = balance([LONG], use(), YEAR, FEB, "earliest_expiry")
    figures = (found.drawn, found.expired, found.overdrawn, found.since_empty, found.counted([]))
    assert [(type(figure), figure) for figure in figures] == [(Decimal, 0)] * 5


@pytest.mark.parametrize(
    ("order", "expired"), [("earliest_expiry", {"early": 0, "late": 60}), ("granted_last", {"early": 40, "late": 20})]
)
def test_what_will_be_unused_follows_the_order_of_use(order: Drawdown, expired: dict[str, int]) -> None:
    """Two grants of which the first to end was granted first: 40 credits before its end come from it, or from the other one."""
    grants = [grant("early", 40, JAN, MAR), grant("late", 60, FEB, APR)]
    found = unused_at_ends(grants, use(m2d3=40), order, APR)
    assert {line.grant.name: line.expired for line in found} == expired


def test_one_unused_credit_expires() -> None:
    """Even one credit is listed."""
    [line] = unused_at_ends([grant("one", 1, JAN, MAR)], use(), "earliest_expiry", FEB)
    assert (line.expired, line.left) == (1, 0)


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
    """Whatever the grants, reductions, corrections, term and day: all figures follow from one drawdown."""
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
    """For each grant and in total no credit appears or is lost, and nothing is negative."""
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
    """A day's draws and overdrawn credits add up to its usage, and by grant to what was drawn; no day has both signs."""
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
    """Without reductions, which restate what they take back, the draws up to a day are the same on every later day."""
    given_only = [one for one in grants if one.credits >= 0]
    early, late = (draw_down(given_only, PoolUsage(days), day, order).by_day() for day in (until, date(2027, 1, 1)))
    assert early == {day: parts for day, parts in late.items() if day < until}


def test_a_day_names_the_grants_it_drew_from() -> None:
    """250 credits on one day take the short grant's 200 and 50 of the long one."""
    pool: Pool = draw_down([LONG, SHORT], PoolUsage({MAR: Decimal(250)}), APR, "earliest_expiry")
    assert pool.by_day()[MAR] == [(SHORT, 200), (LONG, 50)]
