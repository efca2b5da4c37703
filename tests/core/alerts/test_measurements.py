"""What rules evaluate: the sums of a team's parts, complete days alone, the last 28 days, and the cards that a team watches."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.alerts.evaluation import evaluate_alerts
from core.alerts.measurements import cards_of, figures_of
from core.config.alerts import AlertSettings
from core.config.loader import GrantInput
from core.config.teams import Team
from core.digests.content import digest
from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from core.alerts.rules.model import PoolMetrics
    from tests.fakes.small_wallet import SmallWallet

START, END = date(2026, 9, 1), date(2027, 9, 1)
GRANT = GrantInput(Decimal(100_000), START, END, usd=Decimal(500))
USD_PER_CREDIT = Decimal(500) / 100_000
SERVICE_AND_SALES = Scope(departments=("Service", "Sales"))


def event(day: str, used: int, department: str = "Service", **changed: object) -> dict[str, object]:
    """Return an event at noon of a day, received within the hour."""
    return {
        "eventtime__c": f"{day}T12:00:00.000Z",
        "processedtime__c": f"{day}T13:00:00.000Z",
        "unitsconsumed__c": used,
        "rootresourcetags__c": f'{{"Department": "{department}"}}',
        **changed,
    }


def figures(small: SmallWallet, watches: Scope = EVERYTHING, on: date = date(2026, 9, 20)) -> PoolMetrics:
    """Return what the rules evaluate on a day."""
    with small.warehouse.reading() as session:
        found = figures_of(session, small.context(on), "FlexCredits", watches)
    assert found is not None
    return found


def test_a_team_of_two_departments_is_measured_by_the_sum_of_both(small: SmallWallet) -> None:
    """Service used 300 + 500 and Sales 700 + 40, in part on the same day; HR's 9,000 count against the card alone."""
    small.grants_said(GRANT).events(
        event("2026-09-02", 300),
        event("2026-09-02", 700, "Sales"),
        event("2026-09-03", 500),
        event("2026-09-04", 40, "Sales"),
        event("2026-09-04", 9_000, "HR"),
        event("2026-09-19", 1, "HR"),
    )
    found, card = figures(small, SERVICE_AND_SALES), figures(small)
    assert found.used == 300 + 700 + 500 + 40
    assert found.used_percent == Decimal(1_540) / 100_000 * 100
    assert dict(found.days) == {date(2026, 9, 2): 1_000, date(2026, 9, 3): 500, date(2026, 9, 4): 40}
    assert (found.part, found.filters) == ("departments Service and Sales", "")
    assert (found.remaining, found.pace_percent) == (card.remaining, card.pace_percent)
    assert card.remaining == 100_000 - 1_540 - 9_001


def test_a_digest_of_two_departments_has_their_share_of_the_card(small: SmallWallet) -> None:
    """Both used 1,500 of the card's 6,000 credits of the week: a quarter, however many parts the card's total stands in."""
    small.grants_said(GRANT).configured(alerts=AlertSettings(min_usd=Decimal(0), stale_days=300))
    small.days_of_use(date(2026, 8, 10), *[10] * 35)
    small.events(event("2026-09-15", 1_000), event("2026-09-15", 500, "Sales"), event("2026-09-15", 4_500, "HR"))
    team = Team("Both", ("C0123ABCDEF",), watches=SERVICE_AND_SALES)
    with small.warehouse.reading() as session:
        answer = digest(session, small.context(date(2026, 9, 21)), team, "weekly")
    lines = {row[0]: row[2] for row in answer.table("digest").rows}
    assert lines["share"] == "Departments Service and Sales used 25% of the card's 6,000 credits"


def test_days_that_may_still_grow_are_not_compared(small: SmallWallet) -> None:
    """Data to 19 September, 13:00: 72 hours before lies on the 16th, so the 15th is the last complete day."""
    small.grants_said(GRANT).days_of_use(date(2026, 9, 10), *range(101, 111))
    found = figures(small)
    assert found.complete is not None
    assert (found.complete.first_day, found.complete.day_after_last) == (date(2026, 9, 10), date(2026, 9, 16))
    assert dict(found.days) == {date(2026, 9, 10 + nth): 101 + nth for nth in range(6)}
    assert found.used == sum(range(101, 111))


def test_until_a_day_is_complete_there_are_none_to_compare(small: SmallWallet) -> None:
    """Three days of data are all within 72 hours of its end."""
    small.grants_said(GRANT).days_of_use(date(2026, 9, 10), 100, 100, 100)
    found = figures(small)
    assert (found.complete, found.days, found.recent) == (None, {}, None)


def test_sandboxes_and_overhead_are_those_of_the_team_s_parts(small: SmallWallet) -> None:
    """Of 28 days: 3 actions for one event are 2 in excess; both departments' sandboxes count; HR's neither way."""
    sandbox = {"usagebusinessenvtype__c": "sandbox"}
    small.grants_said(GRANT).events(
        event("2026-09-05", 60, usagevalue__c=3),
        event("2026-09-05", 100, "Sales", usagevalue__c=5),
        event("2026-09-06", 16, usagevalue__c=1, multiplier__c=16, **sandbox),
        event("2026-09-06", 32, "Sales", usagevalue__c=2, multiplier__c=16, **sandbox),
        event("2026-09-06", 800, "HR", usagevalue__c=40, **sandbox),
        event("2026-09-19", 20, "HR"),
    )
    recent = figures(small, SERVICE_AND_SALES).recent
    assert recent is not None
    assert (recent.days.first_day, recent.days.day_after_last) == (date(2026, 9, 5), date(2026, 9, 16))
    assert recent.credits == 60 + 100 + 16 + 32
    assert (recent.sandbox_credits, recent.sandbox_usd) == (48, 48 * USD_PER_CREDIT)
    assert recent.excess_credits == 2 * 20 + 4 * 20 + 1 * 16
    assert recent.excess_usd == recent.excess_credits * USD_PER_CREDIT


def test_the_action_with_most_in_excess_is_named_and_of_two_alike_the_last_by_name(small: SmallWallet) -> None:
    """Get_Cases has 2 actions in excess in either department and Find_Orders 3 in one: 4 against 3; then both have 4."""
    cases, orders = {"resourceidorapiname__c": "Get_Cases"}, {"resourceidorapiname__c": "Find_Orders"}
    small.grants_said(GRANT).events(
        event("2026-09-05", 60, usagevalue__c=3, **cases),
        event("2026-09-05", 60, "Sales", usagevalue__c=3, **cases),
        event("2026-09-05", 80, usagevalue__c=4, **orders),
        event("2026-09-19", 20, "HR"),
    )
    named = [figures(small, SERVICE_AND_SALES).recent]
    small.events(event("2026-09-06", 40, "Sales", usagevalue__c=2, **orders))
    named.append(figures(small, SERVICE_AND_SALES).recent)
    assert [one and (one.most_expensive, one.excess_credits) for one in named] == [("Get_Cases", 140), ("Get_Cases", 160)]


def test_every_card_with_grants_is_watched_and_the_default_one(small: SmallWallet) -> None:
    """The default card comes first, with or without grants; then others by name; a card without grants is left out."""
    small.events(
        event("2026-09-02", 10),
        *(event("2026-09-02", 10, carddefinitiondevelopername__c=card) for card in ("Zeta", "Alpha", "NoGrants")),
    )
    grants = [GrantInput(Decimal(1_000), START, END, card=card) for card in ("Zeta", "Alpha")]
    small.grants_said(*grants)
    with small.warehouse.reading() as session:
        context = small.context(date(2026, 9, 20))
        assert cards_of(session, context, EVERYTHING) == ["FlexCredits", "Alpha", "Zeta"]
        assert cards_of(session, context, Scope(card="Zeta")) == ["Zeta"]


@pytest.mark.parametrize(("card", "teams"), [("", ["Ops"]), ("Alpha", ["Ops", "everyone"])])
def test_each_card_has_levels_of_its_own(small: SmallWallet, card: str, teams: list[str]) -> None:
    """Half of Alpha's 1,000 credits are used, and a tenth of Flex Credits: Alpha's level alone is told, by its name."""
    small.events(event("2026-09-02", 500, carddefinitiondevelopername__c="Alpha"), event("2026-09-02", 10_000))
    small.grants_said(GRANT, GrantInput(Decimal(1_000), START, END, card="Alpha"))
    small.configured(
        teams=(Team("Ops", ("C0123ABCDEF",), watches=Scope(card=card)),),
        alerts=AlertSettings(pace_percent=Decimal(10**9), min_usd=Decimal(10**9), stale_days=300),
    )
    with small.warehouse.writing() as session:
        keys = evaluate_alerts(session, small.context(date(2026, 9, 5)), datetime(2026, 9, 5, 6, tzinfo=UTC))
    assert {key.rpartition("-")[0] for key in keys} == {"level-50"}
    assert small.warehouse.execute("SELECT team, card FROM alerts ORDER BY team") == [(team, "Alpha") for team in teams]
    answer = small.ask("alerts", date(2026, 9, 5))
    assert answer.table("alerts").rows[0][5] == "Alpha"
    (question,) = {row[0] for row in small.warehouse.execute("SELECT answer ->> 'question' FROM alerts")}
    assert question == 'wallet card "Alpha"'
