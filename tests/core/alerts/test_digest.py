"""The digest: at most twelve lines, or one for a quiet period; sent once per period and channel."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alerts import outbox
from core.alerts.digest_keys import period_of
from core.alerts.digest_outlook import NO_OUTLOOK, DigestOutlook
from core.alerts.evaluation import evaluate_alerts
from core.alerts.rules.model import Expected
from core.config.alerts import AlertSettings
from core.config.loader import GrantInput
from core.config.teams import Team
from core.days import PeriodCalendar
from core.digests.content import digest
from core.digests.issue import issue_digest
from core.errors import InputError
from core.scope import Scope
from core.wallet.usage.changes import period_start

if TYPE_CHECKING:
    from core.alerts.digest_keys import Kind
    from core.answer.model import Answer
    from core.wallet.usage.changes import Grouping
    from tests.fakes.small_wallet import SmallWallet

TEAM = Team("Service", channels=("C0123ABCDEF", "C0456ABCDEF"))
START, END = date(2026, 7, 1), date(2027, 7, 1)
TODAY, NOW = date(2026, 9, 21), datetime(2026, 9, 21, 6, tzinfo=UTC)
GROWING = "From 17 Sep 2026 on use may still come in: exports are up to 72 hours late."
QUIET = AlertSettings(stale_days=300)


def wallet(small: SmallWallet, *, last_week: int) -> SmallWallet:
    """Return a wallet with 10,000 credits a day since 1 August, and that many a day in its last week, 14 to 20 September."""
    small.grants_said(GrantInput(Decimal(3_650_000), START, END), start=START, end=END).configured(teams=(TEAM,), alerts=QUIET)
    return small.days_of_use(date(2026, 8, 1), *[10_000] * 44, *[last_week] * 7)


def of(small: SmallWallet, team: Team = TEAM, kind: Kind = "weekly", outlook: DigestOutlook = NO_OUTLOOK) -> Answer:
    """Return a digest of the wallet."""
    with small.warehouse.reading() as session:
        return digest(session, small.context(TODAY), team, kind, outlook)


def says(answer: Answer) -> dict[object, object]:
    """Return the lines of a digest by their keys."""
    return {row[0]: row[2] for row in answer.table("digest").rows}


def test_a_week_without_anything_material_is_one_line(small: SmallWallet) -> None:
    """70,000 credits, as in the week before, and nothing open: a headline and nothing else."""
    answer = of(wallet(small, last_week=10_000))
    assert answer.headline == (
        "Service, a quiet week: $350 (70,000 credits) from 14 to 20 Sep 2026, as much as the week before; "
        "data to 20 Sep 2026, nothing is open."
    )
    assert (answer.tables, answer.charts, [note.text for note in answer.notes]) == ((), (), [GROWING])


@pytest.mark.parametrize(
    ("later", "opening"), [(4, "Service, a quiet week"), (5, "Service"), (7, "Service"), (8, "No newer data")]
)
def test_a_week_without_newer_data_is_never_quiet(small: SmallWallet, later: int, opening: str) -> None:
    """The data ends on Sunday 20 September: quiet while exports may still arrive, and “no newer data” after a week."""
    wallet(small, last_week=10_000).configured(alerts=QUIET._replace(stale_days=4))
    with small.warehouse.reading() as session:
        answer = digest(session, small.context(date(2026, 9, 20 + later)), TEAM, "weekly")
    assert answer.headline.split(":")[0] == opening
    assert "14 to 20 Sep 2026" in answer.headline
    assert later < 5 or "data to 20 Sep 2026" in answer.headline or "it ends on 20 Sep 2026" in answer.headline
    assert bool(answer.tables) is (opening == "Service")


@pytest.mark.parametrize(("last_week", "is_quiet"), [(10_900, True), (11_000, True), (13_000, False)])
def test_a_change_is_material_from_ten_percent_and_a_hundred_dollars(
    small: SmallWallet, last_week: int, *, is_quiet: bool
) -> None:
    """9% is too little; 10% of 70,000 credits are $35, which is too little as well; 30% are $105."""
    assert of(wallet(small, last_week=last_week)).headline.startswith("Service, a quiet week") is is_quiet


def test_the_lines_are_the_sums(small: SmallWallet) -> None:
    """105,000 credits after 70,000, against a plan of 3,650,000 ÷ 365 × 7."""
    lines = says(of(wallet(small, last_week=15_000)))
    assert lines["spend"] == "105,000 after 70,000 credits: +$175 (+35,000 credits)"
    assert lines["plan"] == (
        "150% of the $350 (70,000 credits) planned for these days; 3,650,000 ÷ 365 × 7 = 70,000 credits planned"
    )
    assert lines["mover_1"] == "Service_Concierge +$175 (+35,000 credits): credits per action +35,000"


def test_with_everything_there_is_it_has_twelve_lines(small: SmallWallet) -> None:
    """A headline and eleven lines: three movers, a forecast, its scorecard, an open alert."""
    wallet(small, last_week=15_000)
    for agent in ("Sales_SDR", "IT_Helpdesk", "Field_Scheduler"):
        small.events(
            {
                "rootresourceidorapiname__c": agent,
                "unitsconsumed__c": 20_000,
                "eventtime__c": "2026-09-14T12:00:00.000Z",
                "processedtime__c": "2026-09-14T13:00:00.000Z",
            }
        )
    small.configured(alerts=QUIET._replace(levels=(1,)))
    with small.warehouse.writing() as session:
        evaluate_alerts(session, small.context(TODAY), NOW)
    seen = Expected(date(2027, 3, 11), date(2027, 3, 14), date(2027, 3, 19))
    answer = of(small, outlook=DigestOutlook(lambda *_: seen, lambda *_: "8 of 10 days fell into the range."))
    lines = says(answer)
    assert len(lines) == 11
    assert lines["runs_out"] == "14 Mar 2027, between 11 Mar 2027 and 19 Mar 2027"
    assert str(lines["next"]).startswith("Review: used up on 14 Mar 2027, ")  # the day that is foreseen, as above it
    assert [chart.kind for chart in answer.charts] == ["bar"]
    labels = [fact.label for fact in answer.emphasis.facts or ()]
    assert labels == ["Plan", "Why", "Runs out", "Open", "To do"]
    assert (answer.emphasis.facts or ())[
        3
    ].text == "1% used since 21 Sep 2026, spike since 21 Sep 2026; nobody has acknowledged them"


def test_it_reads_like_a_note(small: SmallWallet) -> None:
    """Dollars against the week before and the plan, the movers and why, the date; no keys; a chart in dollars."""
    answer = of(wallet(small, last_week=15_000))
    assert answer.headline == ("Service: $525 (105,000 credits) from 14 to 20 Sep 2026, $175 (50%) more than the week before.")
    facts = dict(answer.emphasis.facts or ())
    assert facts["Plan"] == "150% of the $350 (70,000 credits) planned for these days"
    assert facts["Why"] == "Service_Concierge +$175 (+35,000 credits): credits per action +35,000"
    [chart] = answer.charts
    assert (chart.unit, chart.x[-2:], chart.series[0].values[-2:]) == ("usd", ("7 Sep", "14 Sep"), (350, 525))


def test_the_cheapest_plan_for_all_is_not_told_to_a_part(small: SmallWallet) -> None:
    """The cost of the whole wallet's usage is for teams that watch the whole wallet."""
    wallet(small, last_week=15_000).interactions(*((f"2026-09-{day}", f"i{day}", "Sales_SDR", 5) for day in range(10, 21)))
    teams = (TEAM, TEAM._replace(watches=Scope(departments=("Service",))))
    assert ["cheapest" in says(of(small, team)) for team in teams] == [True, False]


def test_a_team_reads_of_its_part(small: SmallWallet) -> None:
    """Sales used 20,000 of the card's 125,000 credits in the week; pace and plan belong to the card and are left out."""
    wallet(small, last_week=15_000).events(
        {
            "rootresourcetags__c": '{"Department": "Sales"}',
            "unitsconsumed__c": 20_000,
            "eventtime__c": "2026-09-14T12:00:00.000Z",
            "processedtime__c": "2026-09-14T13:00:00.000Z",
        }
    )
    answer = of(small, TEAM._replace(watches=Scope(departments=("Sales",))))
    assert says(answer)["share"] == "Department Sales used 16% of the card's 125,000 credits"
    assert not {"plan", "pace", "runs_out"} & says(answer).keys()


def test_without_the_week_before_there_is_no_change(small: SmallWallet) -> None:
    """Thirteen days of data hold one week but not the one before, so nothing is compared."""
    small.configured(teams=(TEAM,)).days_of_use(date(2026, 9, 8), *[10_000] * 13)
    answer = of(small)
    assert answer.headline == "Service: $350 (70,000 credits) from 14 to 20 Sep 2026."
    assert answer.question == "usage by agent from 2026-09-14 to 2026-09-20"
    assert not {"spend", "mover_1"} & says(answer).keys()


def test_a_month_is_the_calendar_month_before(small: SmallWallet) -> None:
    """In September it covers August, 31 days of 10,000 credits; July, which has no data, is not compared."""
    answer = of(wallet(small, last_week=15_000), kind="monthly")
    assert answer.headline == "Service: $1,550 (310,000 credits) from 1 to 31 Aug 2026."


def test_a_month_is_against_the_month_before_however_long(small: SmallWallet) -> None:
    """October has 31 days and September 30: $1,550 after $1,500; the question that explains it compares the same days."""
    wallet(small, last_week=10_000).days_of_use(date(2026, 9, 21), *[10_000] * 41)
    with small.warehouse.reading() as session:
        answer = digest(session, small.context(date(2026, 11, 5)), TEAM, "monthly")
    assert answer.headline.startswith(
        "Service, a quiet month: $1,550 from 1 to 31 Oct 2026, $50.00 (3.3%) more than the month before"
    )
    assert answer.question == "variance from 2026-10-01 to 2026-10-31"
    assert small.ask(answer.question).figure("credits_before").value == 300_000


@pytest.mark.parametrize(("starts", "span", "used"), [("monday", "14 to 20 Sep 2026", 105), ("sunday", "13 to 19 Sep 2026", 100)])
def test_a_week_begins_as_the_team_says(small: SmallWallet, starts: str, span: str, used: int) -> None:
    """The week before Monday 21 September: seven days of 15,000 credits, or Sunday's 10,000 and six of them."""
    wallet(small, last_week=15_000).configured(week_starts=starts)
    answer = of(small)
    assert f"({used},000 credits) from {span}" in answer.headline


def test_data_that_ends_within_the_week_is_told_against_the_same_days(small: SmallWallet) -> None:
    """Data to Thursday: 4 days of 15,000 against 4 of 10,000, not against seven; the chart's last bar says so too."""
    small.grants_said(GrantInput(Decimal(3_650_000), START, END), start=START, end=END).configured(teams=(TEAM,), alerts=QUIET)
    small.days_of_use(date(2026, 8, 1), *[10_000] * 44, *[15_000] * 4)
    answer = of(small)
    assert answer.headline == (
        "Service: $300 from 14 to 17 Sep 2026, $100 (50%) more than from 7 to 10 Sep 2026; "
        "the data ends on 17 Sep 2026, 3 days before the week does."
    )
    assert says(answer)["plan"] == (
        "150% of the $200 (40,000 credits) planned for these days; 3,650,000 ÷ 365 × 4 = 40,000 credits planned"
    )
    [chart] = answer.charts
    assert (chart.title, chart.series[0].values[-2:]) == ("Dollars by week, the last to 17 Sep", (350, 300))


@pytest.mark.parametrize(("last_sunday", "spent"), [("2026-10-25T22:30:00.000Z", 45), ("2026-10-25T23:30:00.000Z", 35)])
def test_the_week_in_which_clocks_change_has_its_hour_more(small: SmallWallet, last_sunday: str, spent: int) -> None:
    """In Berlin, Sunday 25 October ends at 23:00 UTC: $10 at 22:30 belongs to it, and at 23:30 to Monday."""
    small.configured(time_zone="Europe/Berlin", teams=(TEAM,), alerts=QUIET._replace(min_usd=Decimal(0)))
    small.days_of_use(date(2026, 10, 12), *[1_000] * 15)
    small.events({"eventtime__c": last_sunday, "processedtime__c": last_sunday, "unitsconsumed__c": 2_000})
    with small.warehouse.reading() as session:
        answer = digest(session, small.context(date(2026, 10, 26)), TEAM, "weekly")
    assert f": ${spent}.00 ({spent // 5},000 credits) from 19 to 25 Oct 2026" in answer.headline


@pytest.mark.parametrize("part", [True, False])
def test_a_digest_that_is_issued_late_is_of_the_days_before_its_day(small: SmallWallet, *, part: bool) -> None:
    """Issued for 1 September with data to the 20th: every figure is of the last whole week of August."""
    wallet(small, last_week=15_000)
    for day, used in (("2026-08-28", 35_000), ("2026-09-14", 90_000)):
        sold = {"rootresourcetags__c": '{"Department": "Sales"}', "unitsconsumed__c": used}
        small.events(sold | {"eventtime__c": f"{day}T12:00:00.000Z", "processedtime__c": f"{day}T13:00:00.000Z"})
    team = TEAM._replace(watches=Scope(departments=("Sales",))) if part else TEAM
    with small.warehouse.reading() as session:
        answer = digest(session, small.context(date(2026, 9, 1)), team, "weekly")
    filters = ' department "Sales"' if part else ""
    assert answer.question == f"variance from 2026-08-24 to 2026-08-30{filters}"
    lines = says(answer)
    assert str(lines["spend"]).startswith("35,000 after 0 " if part else "105,000 after 70,000 ")
    if part:
        assert lines["share"] == "Department Sales used 33.33% of the card's 105,000 credits"


def test_issued_twice_it_is_queued_once_per_channel(small: SmallWallet) -> None:
    """Issued an hour later it queues nothing; the next week's is queued."""
    wallet(small, last_week=15_000)
    made = []
    for later in (timedelta(0), timedelta(hours=1), timedelta(days=7)):
        with small.warehouse.writing() as session:
            made.append(issue_digest(session, small.context(TODAY + later), TEAM, "weekly", NOW + later) is not None)
    with small.warehouse.reading() as session:
        keys = [one.message.key for one in outbox.deliveries(session)]
    assert made == [True, False, True]
    assert len(keys) == 4
    assert len(set(keys)) == 2


@pytest.mark.parametrize(
    ("kind", "day", "starts", "period"),
    [
        ("weekly", date(2026, 11, 16), "monday", "2026-W47"),
        ("weekly", date(2026, 11, 22), "monday", "2026-W47"),
        ("weekly", date(2026, 11, 21), "sunday", "2026-W47"),
        ("weekly", date(2026, 11, 22), "sunday", "2026-W48"),
        ("weekly", date(2026, 11, 23), "sunday", "2026-W48"),
        ("weekly", date(2027, 1, 1), "monday", "2026-W53"),
        ("monthly", date(2027, 1, 1), "monday", "2027-01"),
    ],
)
def test_a_period_is_a_week_or_month_of_the_team(kind: Kind, day: date, starts: str, period: str) -> None:
    """The name is the ISO week in which it ends; 1 January may belong to the old year's last week."""
    assert period_of(kind, day, PeriodCalendar(6 if starts == "sunday" else 0)) == period


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.sampled_from([0, 6]), st.sampled_from(["weekly", "monthly"]))
def test_two_digests_of_one_span_have_one_key_and_no_others(day: date, first_weekday: int, kind: Kind) -> None:
    """Two days share a key exactly if their digests cover the same week or month: none is sent twice, none is left out."""
    calendar = PeriodCalendar(first_weekday)
    by: Grouping = "week" if kind == "weekly" else "month"
    for other in (day + timedelta(days=later) for later in range(1, 32)):
        is_same_span = period_start(day, by, calendar) == period_start(other, by, calendar)
        assert (period_of(kind, day, calendar) == period_of(kind, other, calendar)) is is_same_span


def test_what_was_told_before_weeks_began_on_sundays_is_not_told_again(small: SmallWallet) -> None:
    """A digest issued on Sunday 20 September by an earlier version, under that day's ISO week, counts for the whole new week.

    One issued under the same ISO week before that Sunday does not.
    """
    wallet(small, last_week=15_000).configured(week_starts="sunday")
    sunday = datetime(2026, 9, 20, 6, tzinfo=UTC)
    made = []
    for told_at in (sunday - timedelta(days=1), sunday):
        with small.warehouse.writing() as session:
            session.run("issue_digest", digest_name=f"{told_at:%d} weekly", period="2026-W38", now=told_at, headline="told")
            team = TEAM._replace(name=f"{told_at:%d}")
            made.append([issue_digest(session, small.context(sunday.date()), team, "weekly", sunday) is not None for _ in (1, 2)])
    assert made == [[True, False], [False, False]]


def test_an_empty_wallet_has_no_digest(small: SmallWallet) -> None:
    """The refusal says what to do, and nothing is issued."""
    small.configured(teams=(TEAM,))
    with pytest.raises(InputError, match="agentcost import FILE"), small.warehouse.writing() as session:
        issue_digest(session, small.context(TODAY), TEAM, "weekly", NOW)
    assert small.warehouse.execute("SELECT count(*) FROM digests") == [(0,)]


def test_the_list_of_digests_names_each_one_s_week_or_month(small: SmallWallet) -> None:
    """Of the weeks before 28 and 21 September and of August: newest first, each with the day of its issue."""
    wallet(small, last_week=15_000)
    for kind, later in (("weekly", 0), ("monthly", 1), ("weekly", 7)):
        now = NOW + timedelta(days=later)
        with small.warehouse.writing() as session:
            issue_digest(session, small.context(now.date()), TEAM, "monthly" if kind == "monthly" else "weekly", now)
    answer = small.ask("digests", date(2026, 9, 30))
    rows = [
        dict(zip([column.key for column in answer.table("digests").columns], row, strict=True))
        for row in answer.table("digests").rows
    ]
    assert [row["period"] for row in rows] == ["2026-W40", "2026-09", "2026-W39"]
    assert [row["issued"] for row in rows] == [date(2026, 9, 28), date(2026, 9, 22), date(2026, 9, 21)]
    assert [str(row["key"]).rpartition("-")[0] for row in rows] == [
        "digest-weekly-2026-W40",
        "digest-monthly-2026-09",
        "digest-weekly-2026-W39",
    ]
    assert {row["team"] for row in rows} == {"Service"}


def test_two_teams_have_digests_of_their_own(small: SmallWallet) -> None:
    """Two teams in one week: each digest is issued once, and the keys differ."""
    wallet(small, last_week=15_000)
    teams = (TEAM, TEAM._replace(name="Sales", channels=("C0789ABCDEF",)))
    with small.warehouse.writing() as session:
        made = [issue_digest(session, small.context(TODAY), team, "weekly", NOW) is not None for team in (*teams, *teams)]
        keys = {one.message.team: one.message.key for one in outbox.deliveries(session)}
    assert made == [True, True, False, False]
    assert len(set(keys.values())) == 2
