"""The digest: at most twelve lines of what moved, or one where nothing did; once per week and place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.alerts import outbox
from core.alerts.digest_keys import period_of
from core.alerts.digest_outlook import NO_OUTLOOK, DigestOutlook
from core.alerts.evaluation import evaluate_alerts
from core.alerts.rules.model import Expected
from core.config.alerts import AlertSettings
from core.config.loader import GrantInput
from core.config.teams import Team
from core.digests.content import digest
from core.digests.issue import issue_digest
from core.errors import InputError
from core.scope import Scope

if TYPE_CHECKING:
    from core.alerts.digest_keys import Kind
    from core.answer.model import Answer
    from tests.fakes.small_wallet import SmallWallet

TEAM = Team("Service", channels=("C0123ABCDEF", "C0456ABCDEF"))
START, END = date(2026, 7, 1), date(2027, 7, 1)
TODAY, NOW = date(2026, 9, 21), datetime(2026, 9, 21, 6, tzinfo=UTC)
QUIET = AlertSettings(stale_days=300)


def wallet(small: SmallWallet, *, last_week: int) -> SmallWallet:
    """Return a wallet of 10,000 credits a day since 1 August, its last seven complete days of so many each.

    The file of 20 September makes the 17th provisional, so those days are the 10th to the 16th.
    """
    small.grants_said(GrantInput(Decimal(3_650_000), START, END), start=START, end=END).configured(teams=(TEAM,), alerts=QUIET)
    return small.days_of_use(date(2026, 8, 1), *[10_000] * 40, *[last_week] * 7, *[10_000] * 4)


def of(small: SmallWallet, team: Team = TEAM, kind: Kind = "weekly", outlook: DigestOutlook = NO_OUTLOOK) -> Answer:
    """Return a digest of the wallet."""
    with small.warehouse.reading() as session:
        return digest(session, small.context(TODAY), team, kind, outlook)


def says(answer: Answer) -> dict[object, object]:
    """Return the lines of a digest by their keys."""
    return {row[0]: row[2] for row in answer.table("digest").rows}


def test_a_week_without_anything_material_is_one_line(small: SmallWallet) -> None:
    """70,000 credits as the week before, nothing open: a headline, and nothing else."""
    answer = of(wallet(small, last_week=10_000))
    assert answer.headline == (
        "Service, a quiet week: $350 (70,000 credits) from 10 Sep 2026 to 16 Sep 2026, as much as the week before; "
        "data to 20 Sep 2026, nothing is open."
    )
    assert (answer.tables, answer.charts, answer.notes) == ((), (), ())


@pytest.mark.parametrize(
    ("later", "opening"), [(4, "Service, a quiet week"), (5, "Service"), (7, "Service"), (8, "No newer data")]
)
def test_a_week_without_newer_data_is_never_quiet(small: SmallWallet, later: int, opening: str) -> None:
    """The data ends on 20 September: quiet while exports may be on their way, and nothing to tell a week and a day after it."""
    wallet(small, last_week=10_000).configured(alerts=QUIET._replace(stale_days=4))
    with small.warehouse.reading() as session:
        answer = digest(session, small.context(date(2026, 9, 20 + later)), TEAM, "weekly")
    assert answer.headline.split(":")[0] == opening
    assert "10 Sep 2026 to 16 Sep 2026" in answer.headline
    assert "20 Sep 2026" in answer.headline
    assert bool(answer.tables) is (opening == "Service")


@pytest.mark.parametrize(("last_week", "is_quiet"), [(10_900, True), (11_000, True), (13_000, False)])
def test_a_change_is_material_from_ten_percent_and_a_hundred_dollars(
    small: SmallWallet, last_week: int, *, is_quiet: bool
) -> None:
    """9% is not; 10% of 70,000 credits are $35, which is not either; 30 % are $105."""
    assert of(wallet(small, last_week=last_week)).headline.startswith("Service, a quiet week") is is_quiet


def test_the_lines_are_the_sums(small: SmallWallet) -> None:
    """105,000 credits after 70,000, of a plan of 3,650,000 ÷ 365 × 7."""
    lines = says(of(wallet(small, last_week=15_000)))
    assert lines["spend"] == "105,000 after 70,000 credits: +$175 (+35,000 credits)"
    assert lines["plan"] == "150% of the plan, 70,000 credits (3,650,000 ÷ 365 × 7)"
    assert lines["mover_1"] == "Service_Concierge +$175 (+35,000 credits), mostly by credits per action (+35,000)"


def test_with_everything_there_is_it_has_twelve_lines(small: SmallWallet) -> None:
    """Headline and eleven lines: three movers, a forecast, its scorecard, an open alert."""
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
    assert str(lines["next"]).startswith("Review: used up on ")
    assert [chart.kind for chart in answer.charts] == ["bar"]
    labels = [fact.label for fact in answer.emphasis.facts or ()]
    assert labels == ["Plan", "Who moved", "Runs out", "Open", "To do"]
    assert (answer.emphasis.facts or ())[
        3
    ].text == "1% used since 21 Sep 2026, spike since 21 Sep 2026; nobody has acknowledged them"


def test_it_reads_like_a_note(small: SmallWallet) -> None:
    """Dollars against the week before and the plan, who moved and why, the date; no keys; the chart is in dollars."""
    answer = of(wallet(small, last_week=15_000))
    assert answer.headline == (
        "Service: $525 (105,000 credits) from 10 Sep 2026 to 16 Sep 2026, $175 (50%) more than the week before."
    )
    facts = dict(answer.emphasis.facts or ())
    assert facts["Plan"].startswith("150% of the plan, 70,000 credits")
    assert facts["Who moved"] == "Service_Concierge +$175 (+35,000 credits), mostly by credits per action (+35,000)"
    weeks = answer.charts[0].series[0].values
    assert (answer.charts[0].unit, weeks[-2:]) == ("usd", (350, 525))


def test_the_cheapest_plan_for_all_is_not_told_to_a_part(small: SmallWallet) -> None:
    """What the whole wallet's use costs is for teams that watch all of it."""
    wallet(small, last_week=15_000).interactions(*((f"2026-09-{day}", f"i{day}", "Sales_SDR", 5) for day in range(10, 21)))
    teams = (TEAM, TEAM._replace(watches=Scope(departments=("Service",))))
    assert ["cheapest" in says(of(small, team)) for team in teams] == [True, False]


def test_a_team_reads_of_its_part(small: SmallWallet) -> None:
    """Sales used 20,000 of the card's 125,000 credits; pace and plan are the card's, so they are left out."""
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
    """Ten days of data hold one week of complete days, not two."""
    small.configured(teams=(TEAM,)).days_of_use(date(2026, 9, 8), *[10_000] * 13)
    answer = of(small)
    assert answer.headline == "Service: $350 (70,000 credits) from 10 Sep 2026 to 16 Sep 2026."
    assert not {"spend", "mover_1"} & says(answer).keys()


def test_a_month_is_a_month_of_complete_days(small: SmallWallet) -> None:
    """The month before 17 September has 31 days: 24 of 10,000 credits and 7 of 15,000; July is not known."""
    answer = of(wallet(small, last_week=15_000), kind="monthly")
    assert answer.headline.startswith("Service: $1,725 (345,000 credits) from 17 Aug 2026 to 16 Sep 2026")


@pytest.mark.parametrize("part", [True, False])
def test_a_digest_that_is_issued_late_is_of_the_days_before_its_day(small: SmallWallet, *, part: bool) -> None:
    """Of 1 September, looked at when the data reaches to the 20th: every figure is of the last days of August."""
    wallet(small, last_week=15_000)
    for day, used in (("2026-08-28", 35_000), ("2026-09-14", 90_000)):
        sold = {"rootresourcetags__c": '{"Department": "Sales"}', "unitsconsumed__c": used}
        small.events(sold | {"eventtime__c": f"{day}T12:00:00.000Z", "processedtime__c": f"{day}T13:00:00.000Z"})
    team = TEAM._replace(watches=Scope(departments=("Sales",))) if part else TEAM
    with small.warehouse.reading() as session:
        answer = digest(session, small.context(date(2026, 9, 1)), team, "weekly")
    filters = ' department "Sales"' if part else ""
    assert answer.question == f"variance from 2026-08-25 to 2026-08-31{filters}"
    lines = says(answer)
    assert str(lines["spend"]).startswith("35,000 after 0 " if part else "105,000 after 70,000 ")
    if part:
        assert lines["share"] == "Department Sales used 33.33% of the card's 105,000 credits"


def test_issued_twice_it_is_queued_once_per_channel(small: SmallWallet) -> None:
    """The same week, an hour later, gives nothing; the next week does."""
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
    ("kind", "day", "period"),
    [
        ("weekly", date(2026, 11, 16), "2026-W47"),
        ("weekly", date(2026, 11, 22), "2026-W47"),
        ("weekly", date(2027, 1, 1), "2026-W53"),
        ("monthly", date(2027, 1, 1), "2027-01"),
    ],
)
def test_a_period_is_an_iso_week_or_a_month(kind: Kind, day: date, period: str) -> None:
    """The first of January may be in the old year's last week."""
    assert period_of(kind, day) == period


def test_an_empty_wallet_has_no_digest(small: SmallWallet) -> None:
    """It says what to do, and nothing is issued."""
    small.configured(teams=(TEAM,))
    with pytest.raises(InputError, match="agentcost import FILE"), small.warehouse.writing() as session:
        issue_digest(session, small.context(TODAY), TEAM, "weekly", NOW)
    assert small.warehouse.execute("SELECT count(*) FROM digests") == [(0,)]
