"""The rules as tables: figures in, findings out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.alerts.rules import daily, pool
from core.alerts.rules.model import AlertState, Direction, Expected, PoolMetrics, Recent, StoredAlert
from core.alerts.rules.registry import RULES
from core.alerts.rules.rule import Situation
from core.config.alerts import AlertSettings
from core.wallet.ledger.balance import Term

USUAL = AlertSettings()
LEVELS = (50, 75, 90)
TERM = Term(date(2026, 7, 1), date(2027, 7, 1))
TODAY = date(2026, 10, 1)
RATE = Decimal("0.005")


def figures(**said: Any) -> PoolMetrics:  # noqa: ANN401 - any figure
    """Return the figures of a pool of 1,000,000 credits in a year's term, at half a cent."""
    known: dict[str, Any] = {
        "today": TODAY,
        "card": "FlexCredits",
        "term": TERM,
        "granted": Decimal(1_000_000),
        "pool": Decimal(1_000_000),
    }
    return PoolMetrics(**{**known, "usd_per_credit": RATE, **said})


def used(percent: str) -> PoolMetrics:
    """Return figures with that usage."""
    share = Decimal(percent)
    return figures(used_percent=share, used=share * 10_000, used_of_pool=share * 10_000)


@pytest.mark.parametrize(
    ("told", "current", "passed"),
    [
        ((), "49.999999", []),
        ((), "50", [50]),
        ((50,), "50", []),
        ((50,), "74.9", []),
        ((), "80", [50, 75]),
        ((50, 75), "49", []),
        ((90,), "130", [50, 75]),
        ((50, 75, 90), "140", []),
        ((60,), "80", [50, 75]),
    ],
)
def test_a_level_is_passed_that_is_not_above_the_use_and_was_not_told(
    told: tuple[int, ...], current: str, passed: list[int]
) -> None:
    """A level that is set below the usage is passed like any other."""
    assert pool.levels_passed(told, Decimal(current), LEVELS) == passed


def alerts(*levels: str, state: AlertState = "open", direction: Direction = "up") -> list[StoredAlert]:
    """Return stored alerts for levels of an earlier pool."""
    return [
        StoredAlert(f"level-{level}", "level", level, "an earlier pool", direction, state, date(2027, 1, 1)) for level in levels
    ]


@pytest.mark.parametrize(
    ("live", "current", "fallen"),
    [(["75", "50"], "49", ["50", "75"]), (["75"], "74.9", ["75"]), (["75"], "75", []), ([], "10", []), (["100"], "98", ["100"])],
)
def test_the_levels_of_live_alerts_above_the_use_are_fallen_below(live: list[str], current: str, fallen: list[str]) -> None:
    """Whatever the levels are now, each in its own term, the lowest first."""
    found = pool.levels_fallen_below(used(current), alerts(*live))
    assert [(one.level, one.direction, one.term, one.term_end) for one in found] == [
        (level, "down", "an earlier pool", date(2027, 1, 1)) for level in fallen
    ]


@pytest.mark.parametrize("over", [alerts("75", state="recovered"), alerts("75", direction="down")])
def test_what_recovered_before_is_not_fallen_below_again(over: list[StoredAlert]) -> None:
    """Only a live alert can end."""
    assert pool.levels_fallen_below(used("10"), over) == []


def test_no_level_is_reached_by_rounding() -> None:
    """1,499,999.99 of 3,000,000 credits are 49.9999996…%: below 50, and stored as below 50."""
    kept = pool.truncate_percent(Decimal("1499999.99") / 3_000_000 * 100)
    assert kept == Decimal("49.999999")
    assert pool.levels_passed((), kept, LEVELS) == []


def test_what_lives_is_said_as_it_stands() -> None:
    """At 80% the alert for 50% says 80%, in its own term, and 75% is passed."""
    found = pool.levels(used("80"), alerts("50"), LEVELS)
    assert [(one.level, one.term) for one in found] == [("50", "an earlier pool"), ("75", pool.pool_key(used("80")))]
    assert "used 80%" in found[0].headline


def test_a_top_up_makes_the_level_another_occasion() -> None:
    """75% of 2,000,000 alerts although 75% of 1,000,000 did."""
    before = pool.levels(used("75"), (), LEVELS)[0]
    after = pool.levels(figures(granted=Decimal(2_000_000), used_percent=Decimal(75)), (), LEVELS)[0]
    assert before.term != after.term


def test_without_grants_there_are_no_levels() -> None:
    """Without a pool there is no percentage."""
    assert pool.levels(figures(used_percent=None), (), LEVELS) == []


@pytest.mark.parametrize(
    ("elapsed", "share", "pace", "is_news"),
    [
        ("30", "60", "200", True),
        ("30", "45", "150", True),
        ("30", "44", "146.7", False),
        ("4.9", "20", "408", False),
        ("5", "9.9", "198", False),
        ("5", "10", "200", True),
    ],
)
def test_pace_is_news_from_five_percent_elapsed_and_ten_used(elapsed: str, share: str, pace: str, *, is_news: bool) -> None:
    """60% used with 30% of the term elapsed alerts; in the term's first days nothing does."""
    found = pool.pace(figures(elapsed_percent=Decimal(elapsed), used_percent=Decimal(share), pace_percent=Decimal(pace)), USUAL)
    assert bool(list(found)) is is_news


def test_the_pace_of_a_part_is_not_news() -> None:
    """Grants are not divided, so a department has no pace of its own."""
    fast = figures(elapsed_percent=Decimal(30), used_percent=Decimal(60), pace_percent=Decimal(200), part="department Sales")
    assert list(RULES["pace"].find(Situation(TODAY, USUAL, fast))) == []
    assert list(RULES["pace"].find(Situation(TODAY, USUAL, replace(fast, part="")))) != []


def expecting(days: dict[int, date]) -> Any:  # noqa: ANN401 - a forecast
    """Return a forecast that expects levels on these days, give or take a few."""

    def forecast(_: PoolMetrics, level: int) -> Expected | None:
        likely = days.get(level)
        return Expected(likely - timedelta(days=3), likely, likely + timedelta(days=5)) if likely else None

    return forecast


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({75: date(2026, 10, 15)}, ["75"]),
        ({75: date(2026, 10, 16)}, []),
        ({75: date(2026, 12, 1), 100: date(2027, 6, 30)}, ["100"]),
        ({75: date(2026, 12, 1), 100: date(2027, 7, 1)}, []),
        ({75: date(2026, 10, 2), 100: date(2026, 11, 2)}, ["75", "100"]),
        ({}, []),
    ],
)
def test_the_next_level_is_news_within_fourteen_days_and_running_out_within_the_term(
    days: dict[int, date], found: list[str]
) -> None:
    """The term ends before 1 July 2027; without an expectation there is no alert."""
    findings = pool.find_projected(used("60"), USUAL, LEVELS, expecting(days))
    assert [one.level for one in findings] == found


def test_what_is_expected_says_its_range() -> None:
    """The sentence has the likely day and both ends; the figures have them as days."""
    (found,) = pool.find_projected(used("60"), USUAL, LEVELS, expecting({75: date(2026, 10, 14)}))
    assert found.headline == "The wallet: 75% expected 14 Oct 2026, between 11 Oct 2026 and 19 Oct 2026."
    assert [one.value for one in found.figures[:3]] == [date(2026, 10, 14), date(2026, 10, 11), date(2026, 10, 19)]


def test_without_a_forecast_nothing_is_projected() -> None:
    """A forecast is optional."""
    assert list(pool.find_projected(used("60"), USUAL, LEVELS, None)) == []


@pytest.mark.parametrize(
    ("days_before", "left", "found"),
    [
        (31, 50_000, []),
        (30, 50_000, ["30"]),
        (8, 50_000, ["30"]),
        (7, 50_000, ["7"]),
        (1, 50_000, ["7"]),
        (0, 50_000, []),
        (30, 19_999, []),
        (30, 20_000, ["30"]),
    ],
)
def test_unused_credits_are_news_thirty_and_seven_days_before(days_before: int, left: int, found: list[str]) -> None:
    """From 20,000 credits on, which are $100; the nearer setting names the alert."""
    today = TERM.day_after_last - timedelta(days=days_before)
    findings = pool.find_expiring(figures(today=today, expiring={TERM.day_after_last: Decimal(left)}), USUAL)
    assert [one.level for one in findings] == found


FIRST = date(2026, 7, 6)  # a Monday


def weeks(count: int, monday: int = 40_000, weekend: int = 2_000) -> dict[date, Decimal]:
    """Return weeks of usage: Mondays, other working days of 30,000, weekends; every second week 1,000 more a day."""
    shape = (monday, 30_000, 30_000, 30_000, 30_000, weekend, weekend)
    return {
        FIRST + timedelta(weeks=week, days=day): Decimal(used + 1_000 * (week % 2))
        for week in range(count)
        for day, used in enumerate(shape)
    }


def spike_days(changed: dict[date, int], count: int = 9) -> list[str]:
    """Return the days that alert if the last week has these days."""
    days = weeks(count) | {day: Decimal(used) for day, used in changed.items()}
    after_last = FIRST + timedelta(weeks=count)
    found = daily.spikes(figures(today=after_last + timedelta(days=3), days=days, complete=Term(FIRST, after_last)), USUAL)
    return [one.level for one in found]


MONDAY, SATURDAY = FIRST + timedelta(weeks=8), FIRST + timedelta(weeks=8, days=5)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({MONDAY: 70_000}, [str(MONDAY)]),
        ({MONDAY: 45_000}, []),
        ({SATURDAY: 40_000}, [str(SATURDAY)]),
        ({SATURDAY: 20_000}, []),
        ({MONDAY: 90_000, MONDAY + timedelta(days=1): 90_000, MONDAY + timedelta(days=2): 90_000}, [str(MONDAY)]),
        ({MONDAY: 90_000, MONDAY + timedelta(days=2): 90_000}, [str(MONDAY), str(MONDAY + timedelta(days=2))]),
    ],
)
def test_a_spike_is_far_above_its_weekday(changed: dict[date, int], found: list[str]) -> None:
    """40,000 is usual on a Monday and far above a Saturday; 18,000 more cost $90, too little; only a run's first day alerts."""
    assert spike_days(changed) == found


@pytest.mark.parametrize(("age", "is_news"), [(13, True), (14, False)])
def test_a_spike_is_no_news_from_the_day_on_which_its_alert_is_over(age: int, *, is_news: bool) -> None:
    """After two weeks its alert closes, and the same evaluation does not reopen it."""
    days = weeks(9) | {MONDAY: Decimal(70_000)}
    known = Term(FIRST, MONDAY + timedelta(days=7))
    found = list(daily.spikes(figures(today=MONDAY + timedelta(days=age), days=days, complete=known), USUAL))
    assert bool(found) is is_news
    assert all(one.term_end is not None and one.term_end > MONDAY + timedelta(days=age) for one in found)


@pytest.mark.parametrize(("days_back", "is_news"), [(1, True), (7, True), (8, False)])
def test_the_last_seven_complete_days_are_looked_at(days_back: int, *, is_news: bool) -> None:
    """A spike on the eighth day back was found a day earlier; data that comes late is checked for a week."""
    after_last = FIRST + timedelta(weeks=9)
    day = after_last - timedelta(days=days_back)
    assert (str(day) in spike_days({day: 500_000})) is is_news


def test_what_is_usual_comes_from_the_eight_weeks_before() -> None:
    """Four Mondays of 10,000 and four of 30,000 make 20,000; a ninth of 30,000 would make 30,000, one week fewer 10,000."""
    day, known = FIRST + timedelta(weeks=10), Term(FIRST, FIRST + timedelta(weeks=10))
    half = {FIRST + timedelta(weeks=week): Decimal(10_000 if week >= 6 else 30_000) for week in range(10)}
    found = daily.usual(half, known, day)
    assert found is not None
    assert found.credits == (10_000 + 30_000) / 2


def test_one_earlier_spike_does_not_hide_the_next() -> None:
    """Unlike a mean, a median does not follow one extreme day."""
    assert spike_days({MONDAY - timedelta(weeks=2): 500_000, MONDAY: 70_000}) == [str(MONDAY)]


def test_without_three_weekdays_nothing_is_usual() -> None:
    """Two Mondays are too few to say what is usual."""
    days = weeks(2)
    assert daily.usual(days, Term(FIRST, FIRST + timedelta(weeks=2)), FIRST + timedelta(weeks=2)) is None


def test_what_is_usual_is_the_weekday_s_median() -> None:
    """Mondays of 40,000 and 41,000 in turn make 40,500; all days deviate by 500 from their medians, so the 5% are more."""
    known = Term(FIRST, FIRST + timedelta(weeks=8))
    assert daily.usual(weeks(8), known, MONDAY) == (Decimal(40_500), Decimal(40_500) * Decimal("0.05"))


def recent(**said: int) -> PoolMetrics:
    """Return the figures of 28 days with 1,000,000 credits."""
    counted = {"sandbox_credits": 0, "excess_credits": 0, **said}
    days = Term(TODAY - timedelta(days=28), TODAY)
    sandbox, excess = (Decimal(value) for value in counted.values())
    return figures(recent=Recent(days, Decimal(1_000_000), sandbox, excess, "Get_Cases"))


@pytest.mark.parametrize(("excess", "is_news"), [(99_999, False), (100_000, True), (0, False)])
def test_token_overhead_is_news_from_ten_percent(excess: int, *, is_news: bool) -> None:
    """100,000 of 1,000,000 credits are 10%, and $500."""
    assert bool(list(daily.token_overhead(recent(excess_credits=excess), USUAL))) is is_news


@pytest.mark.parametrize(("tests", "is_news"), [(199_999, False), (200_000, True)])
def test_sandboxes_are_news_from_twenty_percent(tests: int, *, is_news: bool) -> None:
    """200,000 of 1,000,000 credits are 20%."""
    assert bool(list(daily.sandbox_share(recent(sandbox_credits=tests), USUAL))) is is_news


def test_what_costs_too_little_is_no_news() -> None:
    """30% of a few dollars does not alert."""
    assert list(daily.sandbox_share(recent(sandbox_credits=300_000), USUAL._replace(min_usd=Decimal(1_501)))) == []


@pytest.mark.parametrize(("days", "is_news"), [(3, False), (4, True), (40, True)])
def test_data_is_stale_after_four_days_without_newer_data(days: int, *, is_news: bool) -> None:
    """Weekends without files are not stale, four days are."""
    came = TODAY - timedelta(days=days)
    assert bool(list(daily.stale(TODAY, came, came, USUAL))) is is_news


def test_a_wallet_that_never_had_data_is_not_stale() -> None:
    """Nothing ever came, so nothing has stopped."""
    assert list(daily.stale(TODAY, None, None, USUAL)) == []
