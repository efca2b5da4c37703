"""The cause that an alert names: the agent that rose most in the last 7 complete days against the 7 before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.alerts import outbox
from core.alerts.evaluation import evaluate_alerts
from core.config.alerts import AlertSettings
from core.config.loader import GrantInput
from core.config.teams import Team
from core.scope import Scope

if TYPE_CHECKING:
    from tests.fakes.small_wallet import SmallWallet

NOW = datetime(2026, 9, 24, 6, tzinfo=UTC)
# Data to 23 September, 13:00, so the last complete days are 13 to 19 September, and the seven before them 6 to 12.
NEW, OLD, LATE = date(2026, 9, 13), date(2026, 9, 6), date(2026, 9, 23)
TEAM = Team("Ops", ("C0123ABCDEF",), levels=(1,))


def used(day: date, agent: str, credits_used: int, department: str = "Service") -> dict[str, object]:
    """Return an event of an agent, received within the hour."""
    return {
        "eventtime__c": f"{day}T12:00:00.000Z",
        "processedtime__c": f"{day}T13:00:00.000Z",
        "unitsconsumed__c": credits_used,
        "rootresourceidorapiname__c": agent,
        "rootresourcetags__c": f'{{"Department": "{department}"}}',
    }


def causes(small: SmallWallet, team: Team = TEAM, day: date = date(2026, 9, 1)) -> dict[str, object]:
    """Return the cause in each team's message about a level."""
    small.grants_said(GrantInput(Decimal(100_000), day, date(2027, 9, 1), usd=Decimal(500)))
    small.configured(teams=(team,), alerts=AlertSettings(pace_percent=Decimal(10**9), min_usd=Decimal(10**9), stale_days=300))
    with small.warehouse.writing() as session:
        evaluate_alerts(session, small.context(NOW.date()), NOW)
        told = [one.message for one in outbox.deliveries(session) if one.message.key.startswith("level-")]
    return {one.team: one.answer.figure("alert_cause").value for one in told}


def test_the_agent_that_rose_most_is_named_with_its_rise(small: SmallWallet) -> None:
    """Service_Concierge rose by 7,000 credits, $35 at half a cent; Sales_SDR rose by 500, and IT_Helpdesk fell by 8,000."""
    small.events(
        used(OLD, "Service_Concierge", 1_000),
        used(OLD, "IT_Helpdesk", 9_000),
        used(NEW, "Service_Concierge", 8_000),
        used(NEW, "Sales_SDR", 500),
        used(NEW, "IT_Helpdesk", 1_000),
        used(LATE, "IT_Helpdesk", 50_000),
    )
    (cause,) = causes(small).values()
    assert str(cause).startswith("Most of the rise in 7 days: Service_Concierge +$35.00 (+7,000 credits): ")


def test_where_nobody_rose_there_is_no_cause(small: SmallWallet) -> None:
    """IT_Helpdesk fell, and Service_Concierge used the same."""
    small.events(
        *(used(day, "Service_Concierge", 1_000) for day in (OLD, NEW)),
        used(OLD, "IT_Helpdesk", 9_000),
        used(LATE, "IT_Helpdesk", 10),
    )
    assert causes(small) == {"Ops": None}


@pytest.mark.parametrize(("first", "is_told"), [(OLD, True), (date(2026, 9, 7), False)])
def test_a_cause_needs_both_weeks(small: SmallWallet, first: date, *, is_told: bool) -> None:
    """Data from 6 September on covers all of the 14 days; from the 7th on, one is missing."""
    small.events(
        used(first, "Service_Concierge", 1_000),
        used(NEW, "Service_Concierge", 8_000),
        used(LATE, "Service_Concierge", 10),
    )
    (cause,) = causes(small).values()
    assert (cause is not None) is is_told


@pytest.mark.parametrize(("day", "rise"), [(date(2026, 9, 19), "+5,000"), (date(2026, 9, 20), None), (date(2026, 9, 12), None)])
def test_the_seven_days_are_the_last_complete_ones(small: SmallWallet, day: date, rise: str | None) -> None:
    """5,000 credits of the 19th are within the week; the 20th may still grow, and the 12th is of the week before."""
    small.events(used(OLD, "Sales_SDR", 1_000), used(day, "Sales_SDR", 6_000), used(LATE, "Sales_SDR", 10))
    (cause,) = causes(small).values()
    assert (rise in str(cause)) if rise else cause is None


def test_a_team_reads_the_cause_within_its_own_part(small: SmallWallet) -> None:
    """Of departments Service and HR, two agents rose by 2,000 and 3,000 + 500; Sales' 20,000 are not theirs."""
    small.events(
        used(OLD, "Service_Concierge", 10),
        used(NEW, "Service_Concierge", 2_010),
        used(NEW, "HR_Helper", 3_000, "HR"),
        used(NEW, "HR_Helper", 500),
        used(NEW, "Sales_SDR", 20_000, "Sales"),
        used(LATE, "Sales_SDR", 10, "Sales"),
    )
    found = causes(small, TEAM._replace(watches=Scope(departments=("Service", "HR"))))
    assert str(found["Ops"]).startswith("Most of the rise in 7 days: HR_Helper +$17.50 (+3,500 credits)")
