"""`alerts` and `digests` for a caller with limited access: nothing about other teams, their messages or their usage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.config.alerts import AlertSettings
from core.config.budgets import Budget
from core.config.loader import GrantInput
from core.config.teams import Team
from core.errors import InputError
from core.questions.asking import ask
from core.scope import EVERYTHING, Scope
from tests.core.alerts.test_repository import NOW, decide_at

if TYPE_CHECKING:
    from core.answer.model import Answer
    from tests.fakes.small_wallet import SmallWallet

EUROPE = Team("Europe", ("C1EUROPE",), watches=Scope(orgs=("EMEA",)), levels=(1, 90))
AMERICA = Team("SecretAmerica", ("C1AMERICA",), watches=Scope(orgs=("AMER",)), levels=(10, 90))
EMEA = Scope(orgs=("EMEA",))


@pytest.fixture
def two_orgs(small: SmallWallet) -> SmallWallet:
    """EMEA used 200 and AMER 4,800 of 10,000 credits; both teams were alerted."""
    small.grants_said(GrantInput(Decimal(10_000), date(2026, 9, 1), date(2027, 9, 1))).configured(
        teams=(EUROPE, AMERICA), alerts=AlertSettings(stale_days=300)
    )
    at = {"eventtime__c": "2026-09-05T12:00:00.000Z", "processedtime__c": "2026-09-05T13:00:00.000Z"}
    small.events(
        at | {"usagereportingorgid__c": "EMEA", "unitsconsumed__c": 200},
        at | {"usagereportingorgid__c": "AMER", "unitsconsumed__c": 4800},
    )
    decide_at(small, NOW)
    return small


def asked(wallet: SmallWallet, text: str, only: Scope) -> Answer:
    """Ask as a caller with access to that part only."""
    return ask(text, replace(wallet.context(NOW.date()), only=only))


@pytest.mark.parametrize("only", [EMEA, EVERYTHING], ids=["narrowed", "everything"])
def test_alerts_of_an_org_are_of_its_teams_alone(two_orgs: SmallWallet, only: Scope) -> None:
    """Its alert, its message and its next level; nothing of the other team or of the one that watches everything."""
    answer = asked(two_orgs, "alerts org EMEA", only)
    shown = str(answer.to_json())
    assert [words for words in ("America", "AMER", "C1AMERICA", "everyone", "level-10-") if words in shown] == []
    assert [row[3] for row in answer.table("alerts").rows] == ["Europe"]
    assert [row[1] for row in answer.table("undelivered").rows] == ["channel C1EUROPE"]
    assert [row[1] for row in answer.table("coming").rows] == ["Europe"]
    assert answer.figure("waiting_deliveries").value == 1


@pytest.mark.parametrize("team", ["SecretAmerica", "Secret", "everyone", "Nope"])
def test_no_other_team_is_known_to_whom_a_part_is_open(two_orgs: SmallWallet, team: str) -> None:
    """The refusal is the same for a full name, a part of it and a wrong one."""
    with pytest.raises(InputError) as refusal:
        asked(two_orgs, f"alerts team {team}", EMEA)
    assert "America" not in str(refusal.value).replace(team, "")
    assert f'knows no team "{team}"' in str(refusal.value)


def test_where_no_team_is_within_none_is_named(two_orgs: SmallWallet) -> None:
    """An org without a team has no alerts and no team to name."""
    only = Scope(orgs=("AMER",), agents=("Sales_SDR",))
    assert asked(two_orgs.configured(teams=(EUROPE,)), "alerts org AMER", EVERYTHING).tables[0].key == "alerts"
    with pytest.raises(InputError, match="about the whole wallet"):
        asked(two_orgs, "alerts", only)
    with pytest.raises(InputError, match="No team watches only"):
        asked(two_orgs, "alerts team Europe", Scope(orgs=("AMER",)))


def test_what_a_team_was_told_when_it_watched_more_stays_closed(two_orgs: SmallWallet) -> None:
    """A team of the whole wallet that now watches EMEA: its old alerts and messages are not EMEA's."""
    two_orgs.configured(teams=(EUROPE._replace(name="Moved", watches=Scope(), levels=(20,)),))
    decide_at(two_orgs, NOW)
    two_orgs.configured(teams=(EUROPE._replace(name="Moved", levels=(20,)),))
    answer = asked(two_orgs, "alerts", EMEA)
    assert [table.key for table in answer.tables] == ["coming"]


def test_digests_are_refused_to_whom_a_part_is_open(two_orgs: SmallWallet) -> None:
    """The question cannot name the part, so nothing is shown."""
    with pytest.raises(InputError, match="about the whole wallet"):
        asked(two_orgs, "digests team SecretAmerica", EMEA)


BUDGETS = (
    Budget("org", "EMEA", "month", "usd", Decimal(100)),
    Budget("org", "AMER", "month", "usd", Decimal(100)),
    Budget("", "", "month", "usd", Decimal(200)),
    Budget("team", "Europe", "month", "usd", Decimal(110)),
)


def told_of_budgets(small: SmallWallet, *teams: Team) -> SmallWallet:
    """Return a wallet whose two orgs spent $60 each, so that each budget is past its half and the teams were alerted."""
    small.configured(teams=teams, budgets=BUDGETS, alerts=AlertSettings(stale_days=300))
    at = {"eventtime__c": "2026-09-05T12:00:00.000Z", "processedtime__c": "2026-09-05T13:00:00.000Z", "unitsconsumed__c": 12_000}
    small.events(*(at | {"usagereportingorgid__c": org} for org in ("EMEA", "AMER")))
    decide_at(small, NOW)
    return small


def budgets_in(answer: Answer) -> list[str]:
    """Return the budgets that an answer's alerts are about."""
    return sorted(str(row[-1]).split(" spent ")[0] for row in answer.table("alerts").rows if " spent " in str(row[-1]))


def test_who_sees_an_org_sees_the_alerts_of_its_budgets_alone(small: SmallWallet) -> None:
    """EMEA's own and its team's; not AMER's, nor the whole wallet's, from which AMER's spending could be computed."""
    told_of_budgets(small, EUROPE, Team("All", ("C3ALL",)))
    assert budgets_in(asked(small, "alerts", EMEA)) == ["Org EMEA", "Team Europe"]
    assert budgets_in(asked(small, "alerts team All", EVERYTHING)) == ["Org AMER", "Org EMEA", "Team Europe", "The wallet"]


def test_messages_about_budgets_beyond_a_part_are_not_listed_within_it(small: SmallWallet) -> None:
    """A team of the whole wallet got messages about four budgets; now that it watches EMEA, EMEA's and its team's are listed."""
    told_of_budgets(small, Team("Moved", ("C1MOVED",)), EUROPE._replace(channels=("C2EUROPE",)))
    small.configured(teams=(EUROPE._replace(name="Moved"),))
    answer = asked(small, "alerts", EMEA)
    assert [row[1] for row in answer.table("undelivered").rows] == ["channel C1MOVED"] * 2
    assert answer.figure("waiting_deliveries").value == 2


def test_alerts_about_the_whole_wallet_s_data_are_seen_by_whoever_sees_their_team(two_orgs: SmallWallet) -> None:
    """That the data stopped says nothing about anybody's usage."""
    two_orgs.configured(alerts=AlertSettings(stale_days=2))
    decide_at(two_orgs, NOW)
    rules = {row[1] for row in asked(two_orgs, "alerts", EMEA).table("alerts").rows}
    assert rules == {"level", "stale"}


def test_a_team_of_several_departments_sees_what_it_was_told_by_its_words(small: SmallWallet) -> None:
    """No question can name two departments: a message that names both is the team's, an earlier one about one of them is not."""
    small.grants_said(GrantInput(Decimal(10_000), date(2026, 9, 1), date(2027, 9, 1)))
    at = {"eventtime__c": "2026-09-05T12:00:00.000Z", "processedtime__c": "2026-09-05T13:00:00.000Z", "unitsconsumed__c": 3_000}
    small.events(
        *(
            at | {"usagereportingorgid__c": "EMEA", "rootresourcetags__c": f'{{"Department": "{name}"}}'}
            for name in ("Service", "Sales", "HR")
        )
    )
    for departments in (("Service",), ("Service", "Sales")):
        watches = Scope(orgs=("EMEA",), departments=departments)
        small.configured(
            teams=(Team("Moved", ("C1MOVED",), watches=watches, levels=(10,)),),
            alerts=AlertSettings(pace_percent=Decimal(10**9), min_usd=Decimal(10**9), stale_days=300),
        )
        decide_at(small, NOW)
    words = [str(row[-1]) for row in asked(small, "alerts", EMEA).table("alerts").rows]
    level = "Org EMEA, departments Service and Sales used 60% (6,000 of 10,000 credits), past the level of 10%"
    assert words == [f"{level}, 1.37% of the term elapsed."]
