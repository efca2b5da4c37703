"""Each rule's finding as a whole: sentence, figures, sums, advice, the question that explains it, and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.alerts.rules import daily, pool
from core.alerts.rules.advice import Stake, advice_at, stake_of
from core.alerts.rules.model import Candidate, Expected, PoolMetrics, Recent, StoredAlert
from core.alerts.rules.registry import RULES
from core.alerts.rules.rule import Situation
from core.config.alerts import AlertSettings
from core.wallet.ledger.balance import Term

if TYPE_CHECKING:
    from core.answer.model import Figure

USUAL = AlertSettings()
TODAY = date(2026, 10, 1)
TERM = Term(date(2026, 7, 1), date(2027, 7, 1))
KEY = "2026-07-01/2027-07-01 of 1200000"
DAYS = Term(TODAY - timedelta(days=28), TODAY)
RATE = Decimal("0.005")
METRICS = PoolMetrics(
    TODAY,
    "FlexCredits",
    term=TERM,
    granted=Decimal(1_200_000),
    pool=Decimal(1_000_000),
    used=Decimal(620_000),
    used_of_pool=Decimal(600_000),
    remaining=Decimal(400_000),
    overdrawn=Decimal(20_000),
    used_percent=Decimal(60),
    elapsed_percent=Decimal(25),
    pace_percent=Decimal(240),
    usd_per_credit=RATE,
    recent=Recent(DAYS, Decimal(280_000), Decimal(70_000), Decimal(56_000), "Get_Cases", Decimal(350), Decimal(280)),
)
POOL_FIGURES = {
    "used_percent": 60,
    "used_credits": 620_000,
    "granted_credits": 1_200_000,
    "pool_credits": 1_000_000,
    "remaining_credits": 400_000,
    "overdrawn_credits": 20_000,
    "elapsed_percent": 25,
    "pace_percent": 240,
}
NAMES = ("level", "projected", "pace", "spike", "stale", "unused", "dear", "sandbox")
OUTLOOK = {
    "depletion_day": date(2026, 11, 10),
    "depletion_to_term_end_days": Decimal(233),
    "overage_credits": Decimal(2_330_000),
    "overage_usd": Decimal(2_330_000) * Decimal("0.005"),
}
OVERAGE_SUM = "2,330,000 credits × $0.005 = $11,650.00 of overage"
USED_SUM = "600,000 ÷ 1,000,000 × 100 = 60% used"


def by_key(figures: tuple[Figure, ...]) -> dict[str, object]:
    """Return the values of figures by key."""
    return {one.key: one.value for one in figures}


def identity(one: Candidate) -> tuple[str, str, str, str, date | None, str]:
    """Return what identifies the finding, its end, and the question that explains it."""
    return one.rule, one.level, one.term, one.direction, one.term_end, one.why


def test_a_level_that_is_passed() -> None:
    """60% of the pool: 400,000 credits last 40 days at 10,000 a day; the 233 days after that cost 2,330,000 × $0.005."""
    [found] = pool.levels(METRICS, (), (50,))
    assert identity(found) == ("level", "50", KEY, "up", TERM.day_after_last, "wallet")
    assert found.headline == (
        "The wallet runs out on 10 Nov 2026, 233 days early: $11,650 of overage; 60% used, past the level of 50%."
    )
    assert (by_key(found.figures), found.sums) == (POOL_FIGURES | OUTLOOK, (USED_SUM, OVERAGE_SUM))
    assert found.advice == advice_at(50, stake_of(METRICS))


def test_a_level_without_a_term_s_share() -> None:
    """An open term has no elapsed share, so the sentence leaves it out; without a burn there is no last day."""
    [found] = pool.levels(replace(METRICS, elapsed_percent=None, recent=None), (), (50,))
    assert found.headline == "The wallet used 60% (600,000 of 1,000,000 credits), past the level of 50%."


def test_a_level_that_is_fallen_below() -> None:
    """The alert keeps its level, term and end; the sentence has the current usage."""
    alert = StoredAlert("k", "level", "75", "earlier", "up", "open", date(2027, 1, 1))
    found = pool.fallen_below(METRICS, alert)
    assert identity(found) == ("level", "75", "earlier", "down", date(2027, 1, 1), "wallet")
    assert found.headline == "Recovered: the wallet used 60% (600,000 of 1,000,000 credits), below the level of 75% again."
    assert found.advice == "A top-up or a correction took it back; no action is needed."
    assert by_key(found.figures) == POOL_FIGURES


@pytest.mark.parametrize(("ends_in", "term"), [(0, KEY), (1, "earlier"), (None, "earlier")])
def test_an_alert_stands_until_its_term_is_over(ends_in: int | None, term: str) -> None:
    """From the day after the term's last day on, the level belongs to the current pool."""
    end = None if ends_in is None else TODAY + timedelta(days=ends_in)
    [found] = pool.levels(METRICS, [StoredAlert("k", "level", "50", "earlier", "up", "open", end)], (50,))
    assert found.term == term


def test_what_has_no_price_is_advised_about_in_credits() -> None:
    """Overage of a card without a price is a whole number of credits."""
    stake = Stake(40, date(2026, 11, 10), Decimal("2330000.4"), None)
    assert "used up on 10 Nov 2026, 2,330,000 credits of overage until the term ends" in advice_at(50, stake)


@pytest.mark.parametrize(
    ("card", "part", "said"),
    [
        ("FlexCredits", "", "The wallet"),
        ("DataCloud", "", "Card DataCloud"),
        ("FlexCredits", "department Sales", "Department Sales"),
        ("DataCloud", "department Sales", "Department Sales of card DataCloud"),
    ],
)
def test_a_sentence_names_whose_credits_they_are(card: str, part: str, said: str) -> None:
    """The wallet for the default card, else the card; a part by its names. Within a sentence it is lower case."""
    metrics = replace(METRICS, card=card, part=part)
    assert (pool.subject(metrics), pool.subject(metrics, inside=True)) == (said, said[0].lower() + said[1:])


def test_a_pace_above_plan() -> None:
    """60 ÷ 25 × 100 = 240; the alert is the month's."""
    [found] = pool.pace(METRICS, USUAL)
    assert identity(found) == ("pace", "150", f"{KEY} in 2026-10", "up", TERM.day_after_last, "wallet")
    assert found.headline == (
        "The wallet runs out on 10 Nov 2026, 233 days early: $11,650 of overage; it is running at 240% of its plan, "
        "60% used with 25% of the term elapsed."
    )
    assert found.sums == (USED_SUM, OVERAGE_SUM, "60% used ÷ 25% of the term elapsed × 100 = 240% pace")
    assert (by_key(found.figures), found.advice) == (POOL_FIGURES | OUTLOOK, pool.BUY_OR_SLOW)
    [calm] = pool.pace(replace(METRICS, recent=None), USUAL)
    assert calm.headline == "The wallet is running at 240% of its plan: 60% used with 25% of the term elapsed."


def test_a_pool_that_is_used_up_says_what_it_costs() -> None:
    """Nothing is left: 10,000 credits a day for the 273 days until the term ends are $13,650 of overage."""
    used_up = replace(METRICS, remaining=Decimal(0), used_of_pool=Decimal(1_000_000), used_percent=Decimal(100))
    [found] = pool.levels(used_up, (), (90,))
    assert found.headline.startswith("The wallet is used up: $13,650 of overage until the term ends; ")


def test_a_pool_that_lasts_says_the_level_alone() -> None:
    """At ten credits a day 400,000 last longer than the term."""
    assert METRICS.recent
    slow = replace(METRICS, recent=METRICS.recent._replace(credits=Decimal(280)))
    [found] = pool.levels(slow, (), (50,))
    assert found.headline == (
        "The wallet used 60% (600,000 of 1,000,000 credits), past the level of 50%, 25% of the term elapsed."
    )


def test_a_headline_says_whole_numbers_whatever_their_length() -> None:
    """Long numbers of credits and dollars are left out rather than cut."""
    great = replace(METRICS, pool=Decimal(10**12), used_of_pool=Decimal(6 * 10**11), remaining=Decimal(4 * 10**11))
    assert METRICS.recent
    fast = replace(great, recent=METRICS.recent._replace(credits=Decimal(28 * 10**10)))
    for figures in (great, fast):
        [level], [pace] = pool.levels(figures, (), (50,)), pool.pace(figures, USUAL)
        assert [len(one.headline) <= 150 and one.headline.endswith(".") for one in (level, pace)] == [True, True]


@pytest.mark.parametrize("missing", ["elapsed_percent", "used_percent", "pace_percent"])
def test_no_pace_without_what_it_is_made_of(missing: str) -> None:
    """Without usage, elapsed time or a quotient there is no finding."""
    assert list(pool.pace(replace(METRICS, **{missing: None}), USUAL)) == []  # type: ignore[arg-type]  # a field's name


def test_a_pace_that_recovered_says_where_it_is() -> None:
    """The sentence names the pace if it is known."""
    recovery = RULES["pace"].recovery
    assert recovery is not None
    found, unknown = recovery(METRICS), recovery(None)
    assert (found.words, by_key(found.figures)) == ("the wallet is running at 240% of its plan", {"pace_percent": 240})
    assert (unknown.words, unknown.figures) == ("the pace is no longer above its plan", ())
    assert recovery(replace(METRICS, pace_percent=None)) == unknown


def test_a_level_that_is_expected() -> None:
    """The likely day and its range come first, then the pool's figures."""
    expected = Expected(date(2026, 10, 5), date(2026, 10, 8), None)
    [found] = pool.find_projected(METRICS, USUAL, (75,), lambda _, level: expected if level == 75 else None)
    assert identity(found) == ("projected", "75", KEY, "up", TERM.day_after_last, "wallet")
    assert found.headline == ("The wallet: 75% expected 8 Oct 2026, between 5 Oct 2026 and later than can be foreseen.")
    days = {"level_expected_on": expected.likely, "level_expected_early": expected.early, "level_expected_late": None}
    assert (by_key(found.figures), found.sums) == (days | POOL_FIGURES, (USED_SUM,))
    assert found.advice == advice_at(75, stake_of(METRICS), is_ahead=True)


def test_running_out_that_is_expected_is_advised_by_the_expected_day() -> None:
    """The stake at 100% is the usage from the expected day on, not from the day by the burn."""
    day = date(2027, 1, 1)
    found = list(pool.find_projected(METRICS, USUAL, (), lambda *_: Expected(day, day, day)))
    assert [(one.level, one.advice) for one in found] == [("100", advice_at(100, stake_of(METRICS, day), is_ahead=True))]


def test_a_level_at_the_use_is_not_ahead() -> None:
    """60 is passed at 60%, so 75 is next."""
    day = date(2026, 10, 8)
    found = pool.find_projected(METRICS, USUAL, (50, 60, 75, 90), lambda *_: Expected(day, day, day))
    assert [one.level for one in found] == ["75", "100"]


@pytest.mark.parametrize("missing", ["used_percent", "term"])
def test_nothing_is_projected_without_a_pool(missing: str) -> None:
    """Without a percentage, a term or a level ahead there is no finding, neither passed nor fallen below."""
    metrics, day = replace(METRICS, **{missing: None}), date(2026, 10, 8)  # type: ignore[arg-type]  # a field's name
    assert list(pool.find_projected(metrics, USUAL, (75,), lambda *_: Expected(day, day, day))) == []
    assert pool.levels(metrics, (), (50,)) == []
    assert pool.levels_fallen_below(metrics, [StoredAlert("k", "level", "75", "t", "up", "open")]) == []


@pytest.mark.parametrize(
    ("cost", "words", "sums"),
    [
        (Decimal(500), ", $500.00,", ("100,000 credits × $0.005 = $500.00",)),
        (Decimal(0), ", free ones,", ("100,000 credits × $0.00 = $0.00",)),
        (None, "", ()),
    ],
)
def test_credits_that_will_expire(cost: Decimal | None, words: str, sums: tuple[str, ...]) -> None:
    """The sentence has what was paid for them; free credits are called free, and an unknown cost is left out."""
    end = date(2026, 10, 31)
    metrics = replace(METRICS, expiring={end: Decimal(100_000)}, expiring_usd={} if cost is None else {end: cost})
    [found] = pool.find_expiring(metrics, USUAL)
    assert identity(found) == ("unused", "30", str(end), "up", end, "wallet")
    assert found.headline == f"The wallet: 100,000 credits{words} will expire unused before 31 Oct 2026."
    assert by_key(found.figures) == {"expiring_credits": 100_000, "expiring_usd": cost, "term_end": end}
    assert (found.sums, found.advice) == (sums, pool.USE_OR_ASK)


def test_ends_come_in_their_order() -> None:
    """The nearest term end comes first."""
    ends = (date(2026, 10, 20), date(2026, 10, 5))
    found = pool.find_expiring(replace(METRICS, expiring=dict.fromkeys(ends, Decimal(100_000))), USUAL)
    assert [(one.level, one.term) for one in found] == [("7", "2026-10-05"), ("30", "2026-10-20")]


def test_a_spike() -> None:
    """A Thursday of 90,000 where 30,000 are usual: 60,000 more cost $600 at that day's rate of a cent."""
    first = date(2026, 7, 30)
    day = first + timedelta(weeks=8)
    days = {first + timedelta(days=nth): Decimal(30_000) for nth in range(56)} | {day: Decimal(90_000)}
    metrics = replace(METRICS, days=days, complete=Term(first, day + timedelta(days=1)), rates={day: Decimal("0.01")})
    [found] = daily.spikes(metrics, USUAL)
    assert identity(found) == ("spike", str(day), "", "up", day + timedelta(days=14), f"usage by agent from {day} to {day}")
    assert found.headline == "The wallet used 90,000 credits on Thu 24 Sep 2026, where 30,000 are usual, $600.00 more."
    assert by_key(found.figures) == {"spike_day": day, "spike_credits": 90_000, "usual_credits": 30_000, "spike_usd": 600}
    assert found.sums == (
        "90,000 − 30,000 = 60,000 credits above the median Thursday of the 8 weeks before; the usual deviation is 1,500",
    )
    assert found.advice == daily.LOOK


def test_a_spike_of_a_card_without_a_price() -> None:
    """The sentence has credits only."""
    first = date(2026, 7, 30)
    day = first + timedelta(weeks=8)
    days = {first + timedelta(days=nth): Decimal(30_000) for nth in range(56)} | {day: Decimal(90_000)}
    metrics = replace(METRICS, days=days, complete=Term(first, day + timedelta(days=1)), usd_per_credit=None)
    [found] = daily.spikes(metrics, USUAL)
    assert found.headline.endswith("where 30,000 are usual.")
    assert by_key(found.figures)["spike_usd"] is None


def test_a_spike_that_was_told_is_told_as_it_stands_while_it_is_one() -> None:
    """However old it is, the alert follows the current figures, until a correction removes the spike."""
    first = date(2026, 7, 30)
    day, after_last = first + timedelta(weeks=8), first + timedelta(weeks=12)
    days = {first + timedelta(days=nth): Decimal(30_000) for nth in range(84)}
    metrics = replace(METRICS, today=after_last, complete=Term(first, after_last))
    assert [one.level for one in daily.spikes(replace(metrics, days=days | {day: Decimal(90_000)}), USUAL, [day])] == [str(day)]
    assert list(daily.spikes(replace(metrics, days=days), USUAL, [day])) == []
    assert list(daily.spikes(replace(metrics, days=days, complete=None), USUAL, [day])) == []


def test_token_overhead() -> None:
    """56,000 of 280,000 credits are 20%, $280, mostly from one action."""
    [found] = daily.token_overhead(METRICS, USUAL)
    assert identity(found) == ("dear", "2026-10", "", "up", None, "overhead last 28 days")
    assert found.headline == (
        "The wallet: 20% of the credits ($280.00) went into actions beyond the first of an event, mostly Get_Cases."
    )
    assert by_key(found.figures) == {"excess_percent": 20, "excess_credits": 56_000, "excess_usd": 280}
    assert found.sums == ("56,000 ÷ 280,000 × 100 = 20%, 3 Sep 2026 to 30 Sep 2026",)
    assert found.advice == daily.SHORTEN


def test_sandboxes() -> None:
    """70,000 of 280,000 credits are 25%, $350."""
    [found] = daily.sandbox_share(METRICS, USUAL)
    assert identity(found) == ("sandbox", "2026-10", "", "up", None, "sandbox last 28 days")
    assert found.headline == "The wallet: 25% of the last 28 days' credits ($350.00) went into sandboxes."
    assert by_key(found.figures) == {"sandbox_percent": 25, "sandbox_credits": 70_000, "sandbox_usd": 350}
    assert found.sums == ("70,000 ÷ 280,000 × 100 = 25%, 3 Sep 2026 to 30 Sep 2026",)
    assert found.advice == daily.TEST_LESS


def test_shares_of_cards_without_a_price_name_no_dollars_and_no_action() -> None:
    """The sentence leaves out what is unknown."""
    recent = Recent(DAYS, Decimal(280_000), Decimal(70_000), Decimal(56_000))
    metrics = replace(METRICS, usd_per_credit=None, recent=recent)
    assert [one.headline for one in (*daily.token_overhead(metrics, USUAL), *daily.sandbox_share(metrics, USUAL))] == [
        "The wallet: 20% of the credits went into actions beyond the first of an event.",
        "The wallet: 25% of the last 28 days' credits went into sandboxes.",
    ]


@pytest.mark.parametrize("credits_used", [None, 0, -5])
def test_shares_need_use(credits_used: int | None) -> None:
    """Without usage, or with more given back than used, there is no share."""
    recent = None if credits_used is None else Recent(DAYS, Decimal(credits_used), Decimal(9), Decimal(9))
    metrics = replace(METRICS, recent=recent)
    assert [*daily.token_overhead(metrics, USUAL), *daily.sandbox_share(metrics, USUAL)] == []


def test_filters_go_into_the_questions() -> None:
    """The question that explains a part's alert asks about that part."""
    first = date(2026, 7, 30)
    day = first + timedelta(weeks=8)
    days = {first + timedelta(days=nth): Decimal(30_000) for nth in range(56)} | {day: Decimal(90_000)}
    metrics = replace(
        METRICS,
        filters=" agent X",
        days=days,
        complete=Term(first, day + timedelta(days=1)),
        expiring={TODAY + timedelta(days=3): Decimal(1_000_000)},
    )
    found = [
        *pool.levels(metrics, (), (50,)),
        *pool.pace(metrics, USUAL),
        *pool.find_projected(metrics, USUAL, (75,), lambda *_: Expected(TODAY, TODAY, TODAY)),
        *pool.find_expiring(metrics, USUAL),
        *daily.spikes(metrics, USUAL),
        *daily.token_overhead(metrics, USUAL),
        *daily.sandbox_share(metrics, USUAL),
    ]
    assert [one.why for one in found if not one.why.endswith(" agent X")] == []
    assert {one.rule for one in found} == {*NAMES} - {"stale"}


def test_stale_data() -> None:
    """Four days after newer data came; the sentence says where the data ends."""
    came, ends = TODAY - timedelta(days=4), TODAY - timedelta(days=6)
    [found] = daily.stale(TODAY, came, ends, USUAL)
    assert identity(found) == ("stale", str(came), "", "up", None, "wallet")
    assert found.headline.startswith("No newer data for 4 days: the data ends on 25 Sep 2026, as it did on 27 Sep 2026.")
    assert by_key(found.figures) == {"days_without_newer_data": 4, "newer_data_day": came, "data_ends_on": ends}
    assert found.advice == daily.IMPORT


@pytest.mark.parametrize(("came", "ends"), [(None, TODAY - timedelta(days=9)), (TODAY - timedelta(days=9), None)])
def test_data_of_which_an_end_is_missing_is_not_stale(came: date | None, ends: date | None) -> None:
    """Both days must be known: when newer data came and where the data ends."""
    assert list(daily.stale(TODAY, came, ends, USUAL)) == []


def test_what_is_at_stake() -> None:
    """400,000 left at 10,000 a day last 40 days; the remaining 233 days of the term need 2,330,000 credits, $11,650."""
    assert stake_of(METRICS) == Stake(40, date(2026, 11, 10), Decimal(2_330_000), Decimal(11_650))
    assert stake_of(replace(METRICS, until=date(2026, 9, 21))) == Stake(
        30, date(2026, 10, 31), Decimal(2_430_000), Decimal(12_150)
    )
    assert stake_of(METRICS, date(2027, 6, 30)) == Stake(272, date(2027, 6, 30), Decimal(10_000), Decimal(50))
    assert stake_of(METRICS, date(2027, 8, 1)) == Stake(304, date(2027, 8, 1), Decimal(0), Decimal(0))
    assert stake_of(METRICS, date(2026, 9, 1)) == Stake(0, date(2026, 9, 1), Decimal(3_030_000), Decimal(15_150))
    assert stake_of(replace(METRICS, remaining=Decimal(-5))) == Stake(0, TODAY, Decimal(2_730_000), Decimal(13_650))
    assert stake_of(replace(METRICS, usd_per_credit=None)) == Stake(40, date(2026, 11, 10), Decimal(2_330_000), None)


@pytest.mark.parametrize(
    "metrics",
    [
        replace(METRICS, part="department Sales"),
        replace(METRICS, recent=None),
        replace(METRICS, term=None),
        replace(METRICS, recent=Recent(DAYS, Decimal(0), Decimal(0), Decimal(0))),
    ],
)
def test_nothing_is_known_to_be_at_stake(metrics: PoolMetrics) -> None:
    """A part, no burn or no term has no stake."""
    assert stake_of(metrics) is None


def test_a_tiny_burn_lasts_to_the_end_of_the_calendar() -> None:
    """A millionth of a credit a day does not overflow the calendar."""
    recent = Recent(DAYS, Decimal("0.000001"), Decimal(0), Decimal(0))
    assert stake_of(replace(METRICS, recent=recent, usd_per_credit=None)) == Stake(
        (date.max - TODAY).days, date.max, Decimal(0), None
    )


def test_rules_look_at_what_they_are_about() -> None:
    """Rules about grants need a whole card; rules about imports need no figures."""
    part = Situation(TODAY, USUAL, replace(METRICS, part="department Sales"), (50,), forecast=lambda *_: None)
    assert [rule.name for rule in RULES.values() if rule.applies(part) is (rule.scope == "wallet")] == []
    assert {name for name in NAMES if list(RULES[name].find(part))} == {"level", "dear", "sandbox"}
    wallet = Situation(TODAY, USUAL, newer_on=date(2026, 9, 1), ends_on=date(2026, 9, 1))
    assert {name for name in NAMES if list(RULES[name].find(wallet))} == {"stale"}


def test_only_rules_with_a_forecast_wait_for_one() -> None:
    """Without a forecast, projected levels are not evaluated."""
    now = Situation(TODAY, USUAL, METRICS, (50,))
    assert {name for name in NAMES if not RULES[name].applies(now)} == {"stale", "projected"}


@pytest.mark.parametrize(
    ("used", "rate", "min_usd", "exceeds"),
    [
        (Decimal(20_000), RATE, Decimal(100), True),
        (Decimal(19_999), RATE, Decimal(100), False),
        (Decimal(0), RATE, Decimal(0), False),
        (Decimal(1), None, Decimal(100), True),
        (Decimal(0), None, Decimal(0), False),
    ],
)
def test_what_is_worth_telling(used: Decimal, rate: Decimal | None, min_usd: Decimal, *, exceeds: bool) -> None:
    """$100 at the contract's price, both ends included; without a price, any usage."""
    assert replace(METRICS, usd_per_credit=rate).exceeds_min_cost(used, min_usd) is exceeds


def test_a_day_costs_its_own_rate() -> None:
    """Else the contract's rate; None for a card without a price."""
    metrics = replace(METRICS, rates={TODAY: Decimal("0.002")})
    assert metrics.cost_on(TODAY, Decimal(1000)) == 2
    assert metrics.cost_on(TODAY - timedelta(days=1), Decimal(1000)) == 5
    assert replace(metrics, usd_per_credit=None).cost_on(TODAY, Decimal(1000)) is None
