"""What each channel of a team is told, in which order, and what its messages say of the alert."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from freezegun import freeze_time

from core.alerts import outbox, repository
from core.config.alerts import AlertSettings
from core.config.budgets import Budget
from core.config.loader import GrantInput
from core.config.teams import Team
from core.currency import CurrencySettings, RateInput
from core.scope import Scope
from tests.core.alerts.test_repository import NOW, QUIET, decide_at, deliver, messages, ready, the_key, used_at

if TYPE_CHECKING:
    from core.alerts.outbox import Delivery
    from tests.fakes.small_wallet import SmallWallet

ONE = Team("Service", channels=("C1",))
BOTH = Team("Service", channels=("C1", "C2"))


def sent(small: SmallWallet) -> list[Delivery]:
    """Return every message, in the order in which they were queued."""
    queued = small.warehouse.execute("SELECT key, address FROM outbox ORDER BY position")
    with small.warehouse.reading() as session:
        return sorted(outbox.deliveries(session), key=lambda one: queued.index((one.message.key, one.message.address.id)))


def keys_at(small: SmallWallet, channel: str) -> list[str]:
    """Return the keys, without hashes, of what a channel gets, in the order in which it gets it."""
    rows = small.warehouse.execute(
        f"SELECT key FROM outbox WHERE address = '{channel}' AND withdrawn_at IS NULL ORDER BY position"
    )
    return [row[0].rpartition("-")[0] for row in rows]


def headlines(small: SmallWallet) -> list[str]:
    """Return the sentences that are not withdrawn."""
    return [one.message.answer.headline for one in sent(small) if not one.withdrawn_at]


def test_levels_are_numbers_and_not_text(small: SmallWallet) -> None:
    """Of 5, 50 and 100 the highest is told, 100; on falling to 3 % the lowest, 5, though as text it would be the highest."""
    used_at(ready(small, ONE._replace(levels=(5, 50, 100))), 100_000, 3_000)
    assert keys_at(small, "C1") == ["level-100", "recovered-level-5"]
    assert headlines(small)[1] == "Recovered: the wallet used 3% (3,000 of 100,000 credits), below the level of 5% again."


def test_of_levels_that_were_true_and_are_over_untold_the_highest_is_said_to_have_happened(small: SmallWallet) -> None:
    """100 % of 100,000 were never told; a top-up to ten times as much leaves 10 %: one message says both."""
    team = ONE._replace(levels=(50, 100))
    ready(small, team).days_of_use(date(2026, 9, 1), 100_000)
    ready(small, team, granted=1_000_000)
    decide_at(small, NOW + timedelta(hours=1))
    assert keys_at(small, "C1") == ["recovered-level-50"]
    (answer,) = [one.message.answer for one in sent(small) if not one.withdrawn_at]
    assert (
        answer.arithmetic[0].startswith("What happened: The wallet is used up")
        or "past the level of 100%" in answer.arithmetic[0]
    )
    assert answer.headline == (
        "Happened on 10 Sep 2026 and is over: the wallet used 10% (100,000 of 1,000,000 credits), below the level of 50% again."
    )
    assert answer.title == "Credits used: recovered"


def test_a_channel_that_joins_later_is_told_what_is_new_from_then_on(small: SmallWallet) -> None:
    """60 % were told to the first; 80 % are told to both, and so is that all of it is over."""
    used_at(ready(small, ONE), 60_000)
    small.configured(teams=(BOTH,))
    decide_at(small, NOW)
    assert keys_at(small, "C2") == []
    used_at(small, 80_000, 10_000)
    assert keys_at(small, "C1") == ["level-50", "level-75", "recovered-level-50"]
    assert keys_at(small, "C2") == ["level-75", "recovered-level-50"]


def test_a_level_that_a_higher_one_covered_is_not_told_when_it_holds_again(small: SmallWallet) -> None:
    """80 % was told as 75; after a fall to 10 %, 60 % pass the level of 50 again, which that message had covered."""
    used_at(ready(small, ONE), 80_000, 10_000, 60_000)
    assert keys_at(small, "C1") == ["level-75", "recovered-level-50"]
    with small.warehouse.reading() as session:
        assert [one.level for one in repository.open_alerts(session)] == ["50"]


def test_a_level_that_was_withdrawn_is_told_when_it_holds_again(small: SmallWallet) -> None:
    """60 % was corrected to 10 % before it left, so nobody knows of it; corrected back, it is told."""
    ready(small, ONE)
    for minute, used in enumerate((60_000, 10_000, 60_000)):
        small.events(
            {
                "id__c": "e",
                "unitsconsumed__c": used,
                "eventtime__c": "2026-09-02T12:00:00.000Z",
                "processedtime__c": f"2026-09-03T12:{minute:02}:00.000Z",
            }
        )
    deliver(small)
    assert keys_at(small, "C1") == ["level-50"]
    assert [one.delivered_at for one in sent(small)] == [NOW]


def test_a_recovery_that_still_waits_is_withdrawn_when_its_level_holds_again(small: SmallWallet) -> None:
    """60% was sent and corrected to 10%, and back before the recovery left: there is nothing to say."""
    used_at(ready(small, ONE), 60_000)
    for minute, used in enumerate((10_000, 60_000)):
        small.events(
            {
                "id__c": "e",
                "unitsconsumed__c": used,
                "eventtime__c": "2026-09-02T12:00:00.000Z",
                "processedtime__c": f"2026-09-04T12:{minute:02}:00.000Z",
            }
        )
    assert keys_at(small, "C1") == ["level-50"]


def test_a_pace_that_was_withdrawn_is_told_when_it_is_too_fast_again(small: SmallWallet) -> None:
    """50,000 of 100,000 in a month was corrected to 1,000 before the alert left, and back: it is sent after all."""
    small.grants_said(GrantInput(Decimal(100_000), date(2026, 9, 1), date(2027, 9, 1)))
    small.configured(alerts=AlertSettings(stale_days=300, levels=(200,), min_usd=Decimal(10**9)), teams=(ONE,))
    small.decides = lambda: datetime(2026, 10, 5, 6, tzinfo=UTC)
    for minute, used in enumerate((50_000, 1_000, 50_000)):
        small.events(
            {
                "id__c": "e",
                "unitsconsumed__c": used,
                "eventtime__c": "2026-09-30T12:00:00.000Z",
                "processedtime__c": f"2026-10-01T12:{minute:02}:00.000Z",
            }
        )
    assert keys_at(small, "C1") == ["pace-150"]


def test_an_end_is_told_where_its_alert_arrived_after_it_had_ended(small: SmallWallet) -> None:
    """On its way as it ended, the alert still arrives in one channel: that one is told that it is over, the other nothing."""
    ready(small, BOTH).days_of_use(date(2026, 9, 1), 60_000)
    with small.warehouse.writing() as session:
        claimed = {one.message.address.id: one for one in outbox.claim(session, NOW, "sender", 5)}
        outbox.give_back_untried(session, claimed["C2"])
    small.events(
        {
            "id__c": "e-000001",
            "unitsconsumed__c": 10_000,
            "eventtime__c": "2026-09-01T12:00:00.000Z",
            "processedtime__c": "2026-09-02T12:00:00.000Z",
        }
    )
    assert (keys_at(small, "C1"), keys_at(small, "C2")) == (["level-50"], [])
    with small.warehouse.writing() as session:
        outbox.mark_delivered(session, claimed["C1"].message, NOW, "1.1")
    for _ in range(2):
        decide_at(small, NOW + timedelta(hours=1))
    assert (keys_at(small, "C1"), keys_at(small, "C2")) == (["level-50", "recovered-level-50"], [])


def test_a_message_names_its_alert_whom_it_concerns_and_what_to_ask(small: SmallWallet) -> None:
    """Its figures are the alert's key, rule, level, team, card and owner; the owner of all teams stands in for one of its own."""
    small.configured(alerts=QUIET._replace(owner="Robin"))
    small.grants_said(GrantInput(Decimal(100_000), date(2026, 9, 1), date(2027, 9, 1)))
    small.configured(teams=(ONE, Team("Sales", channels=("C3",), owner="Kim", watches=Scope(orgs=("00DEMEA",)))))
    small.decides = lambda: NOW
    small.days_of_use(date(2026, 9, 1), 50_000)
    answers = {one.message.team: one.message.answer for one in sent(small)}
    named = ("alert_rule", "alert_level", "alert_team", "alert_card", "alert_owner")
    assert {team: [answer.figure(key).value for key in named] for team, answer in answers.items()} == {
        "Service": ["level", "50", "Service", "FlexCredits", "Robin"],
        "Sales": ["level", "50", "Sales", "FlexCredits", "Kim"],
    }
    keys = {one.message.team: one.message.key for one in sent(small)}
    assert {team: answer.figure("alert_key").value for team, answer in answers.items()} == keys
    assert {team: answer.question for team, answer in answers.items()} == {"Service": "wallet", "Sales": 'wallet org "00DEMEA"'}
    assert {(answer.title, answer.as_of) for answer in answers.values()} == {("Credits used", date(2026, 9, 10))}
    assert sorted(row[0] for row in small.warehouse.execute("SELECT owner FROM alerts")) == ["Kim", "Robin"]


def test_a_message_about_the_data_names_no_card(small: SmallWallet) -> None:
    """That the data has stopped is about every card; nobody looks after it, and no agent is its cause."""
    small.grants_said(GrantInput(Decimal(100_000), date(2026, 9, 1), date(2027, 9, 1)))
    small.configured(alerts=QUIET._replace(stale_days=4), teams=(ONE,))
    with freeze_time("2026-09-03T06:00:00"):
        small.days_of_use(date(2026, 9, 1), 10)
    decide_at(small, datetime(2026, 9, 7, 6, tzinfo=UTC))
    (answer,) = [one.message.answer for one in sent(small)]
    assert [answer.figure(key).value for key in ("alert_card", "alert_owner", "alert_cause")] == [None, None, None]
    assert (answer.title, str(answer.figure("alert_advice").value)[:29]) == ("No data", "Import the newest export (age")


@pytest.mark.parametrize(("zone", "day"), [("UTC", "3 Sep 2026"), ("Europe/Berlin", "4 Sep 2026")])
def test_days_without_newer_data_are_the_team_s(small: SmallWallet, zone: str, day: str) -> None:
    """Imported at 22:30 UTC on the 3rd, which in Berlin is the 4th; four days later the data is stale."""
    small.configured(alerts=QUIET._replace(stale_days=4), teams=(ONE,), time_zone=zone)
    with freeze_time("2026-09-03T22:30:00"):
        small.events({"eventtime__c": "2026-09-01T22:00:00.000Z", "processedtime__c": "2026-09-01T22:30:00.000Z"})
    told = []
    for instant in ("2026-09-07T12:00:00+00:00", "2026-09-08T12:00:00+00:00"):
        decide_at(small, datetime.fromisoformat(instant))
        told.append([text for text in headlines(small) if "newer data" in text])
    end = "1 Sep 2026" if zone == "UTC" else "2 Sep 2026"
    said = f"No newer data for {{}} days: the data ends on {end}, as it did on {day}. Usage since then is unknown."
    assert told == ([[said.format(4)], [said.format(5)]] if zone == "UTC" else [[], [said.format(4)]])


def test_an_import_that_a_clock_ahead_dated_counts_from_its_data(small: SmallWallet) -> None:
    """Imported “in 2027”: the stop is counted from 2 September, where the data ends, so it is told on the 6th."""
    small.configured(alerts=QUIET._replace(stale_days=4), teams=(ONE,))
    with freeze_time("2027-09-03T06:00:00"):
        small.days_of_use(date(2026, 9, 1), 10, 10)
    for day in (5, 6):
        decide_at(small, datetime(2026, 9, day, 12, tzinfo=UTC))
        assert bool(headlines(small)) is (day == 6)
    assert headlines(small)[0].startswith("No newer data for 4 days: the data ends on 2 Sep 2026, as it did on 2 Sep 2026.")


def test_data_that_comes_again_is_told_once(small: SmallWallet) -> None:
    """Stale since the 3rd and imported again on the 8th: one recovery, which asks for nothing."""
    small.configured(alerts=QUIET._replace(stale_days=4), teams=(ONE,))
    for imported, day, decided in (("2026-09-03", 1, 7), ("2026-09-08", 7, 8)):
        with freeze_time(f"{imported}T06:00:00"):
            small.days_of_use(date(2026, 9, day), 10)
        for hour in (7, 8):
            decide_at(small, datetime(2026, 9, decided, hour, tzinfo=UTC))
            deliver(small)
    assert messages(small) == ["recovered-stale-2026-09-03", "stale-2026-09-03"]
    (over,) = [one.message.answer for one in sent(small) if "recovered" in one.message.key]
    assert (over.headline, over.title) == ("Recovered: data is coming in again.", "No data: recovered")
    assert (over.figure("alert_advice").value, over.as_of) == ("No action is needed.", date(2026, 9, 8))


def test_a_pace_that_is_on_plan_again_says_how_fast_it_is(small: SmallWallet) -> None:
    """50,000 of 100,000 in 30 of 365 days; 50,001 in 365 ÷ 2 days are on plan: the message names the pace, without a cause."""
    small.grants_said(GrantInput(Decimal(100_000), date(2026, 9, 1), date(2027, 9, 1)))
    small.configured(alerts=AlertSettings(stale_days=300, levels=(200,), min_usd=Decimal(10**9)), teams=(ONE,))
    for day, used in (("2026-09-30", 50_000), ("2027-03-01", 1)):
        small.events(
            {"unitsconsumed__c": used, "eventtime__c": f"{day}T12:00:00.000Z", "processedtime__c": f"{day}T13:00:00.000Z"}
        )
        decide_at(small, datetime.fromisoformat(f"{day}T20:00:00+00:00"))
        deliver(small)
    pace = Decimal(50_001) / 100_000 / (Decimal(182) / 365) * 100
    fast, over = (one.message.answer for one in sent(small))
    assert (fast.title, over.title) == ("Pace", "Pace: recovered")
    assert over.headline == f"Recovered: the wallet is running at {pace:.2f}".rstrip("0").rstrip(".") + "% of its plan."
    assert abs(Decimal(str(over.figure("pace_percent").value)) - pace) < Decimal("0.0001")
    assert over.figure("alert_cause").value is None


def test_a_message_is_in_dollars_and_in_the_team_s_currency(small: SmallWallet) -> None:
    """60 credits of a budget of $0.50 are $0.30; at half a euro for a dollar that is 0.15 of 0.25."""
    rate = RateInput(date(2026, 9, 9), "EUR", Decimal("0.5"))
    small.configured(currency=CurrencySettings(display="EUR", rates=(rate,)), alerts=QUIET, teams=(ONE,))
    small.configured(budgets=(Budget("", "", "month", "usd", Decimal("0.5")),))
    small.decides = lambda: NOW
    small.days_of_use(date(2026, 9, 1), 60)
    (answer,) = [one.message.answer for one in sent(small)]
    assert answer.figure("spent_usd").value == Decimal("0.3")
    assert (answer.figure("spent_eur").value, answer.figure("budget_eur").value) == (Decimal("0.15"), Decimal("0.25"))


def test_alerts_of_an_org_that_is_no_longer_watched_close(small: SmallWallet) -> None:
    """The team keeps its name and watches another org: what it was told of the first is closed, and waits no longer."""
    ready(small, ONE._replace(watches=Scope(orgs=("00DEMEA",)))).days_of_use(date(2026, 9, 1), 60_000)
    small.configured(teams=(ONE._replace(watches=Scope(orgs=("00DAMER",))),))
    decide_at(small, NOW)
    states = small.warehouse.execute("SELECT state FROM alerts WHERE team = 'Service' AND org = '00DEMEA'")
    assert states == [("closed",)]
    assert keys_at(small, "C1") == []


def test_an_alert_that_is_snoozed_twice_is_told_twice_more(small: SmallWallet) -> None:
    """Each snooze that ends sends it once; both channels get it, under a key that names when the snooze ended."""
    ready(small, BOTH).days_of_use(date(2026, 9, 1), 50_000)
    key = the_key(small)
    for days in (1, 2):
        with small.warehouse.writing() as session:
            repository.snooze(session, key, NOW + timedelta(days=days), "kim", NOW + timedelta(days=days - 1))
        for hours in (0, 1):
            decide_at(small, NOW + timedelta(days=days, hours=hours))
    wanted = [key, f"{key}-again-20260911T060000", f"{key}-again-20260912T060000"]
    for channel in BOTH.channels:
        assert [one.message.key for one in sent(small) if one.message.address.id == channel] == wanted
    assert {one.message.team for one in sent(small)} == {"Service"}


def test_what_a_snooze_sends_again_is_withdrawn_with_its_alert(small: SmallWallet) -> None:
    """The snooze is over, its message waits, and the use falls: nobody is told that it still holds."""
    ready(small, ONE)
    used_at(small, 50_000)
    with small.warehouse.writing() as session:
        repository.snooze(session, the_key_in(small), NOW + timedelta(days=1), "kim", NOW)
    decide_at(small, NOW + timedelta(days=1))
    small.decides = lambda: NOW + timedelta(days=1, hours=1)
    small.events(
        {
            "id__c": "e",
            "unitsconsumed__c": 1_000,
            "eventtime__c": "2026-09-02T12:00:00.000Z",
            "processedtime__c": "2026-09-04T12:00:00.000Z",
        }
    )
    assert keys_at(small, "C1") == ["level-50", "recovered-level-50"]


def the_key_in(small: SmallWallet) -> str:
    """Return the key of the one alert of a level."""
    return str(small.warehouse.execute("SELECT key FROM alerts WHERE rule = 'level' AND direction = 'up'")[0][0])
