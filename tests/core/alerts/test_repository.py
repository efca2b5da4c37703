"""Evaluations of a real wallet: who is notified, what acknowledging and snoozing change, and what recovers."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from core.alerts import outbox, repository
from core.alerts.evaluation import evaluate_alerts
from core.alerts.rules.model import Expected, PoolMetrics
from core.config.alerts import AlertSettings
from core.config.loader import GrantInput
from core.config.teams import Team
from core.errors import InputError
from core.language.parser import parse
from core.scope import Scope
from core.wallet.ingest import find_broken_checks

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.warehouse import Session
    from tests.fakes.small_wallet import SmallWallet

START, END = date(2026, 9, 1), date(2027, 9, 1)
NOW = datetime(2026, 9, 10, 6, tzinfo=UTC)
QUIET = AlertSettings(pace_percent=Decimal(10**9), stale_days=300)
SERVICE = Team("Service", channels=("C0123ABCDEF",), spreadsheets=("1AbCdEfGhIjKlMnOpQrStUvWxYz",), owner="Kim")


def ready(small: SmallWallet, *teams: Team, granted: int = 100_000) -> SmallWallet:
    """Return a wallet with a year's term that evaluates with each import, and in which only levels alert."""
    small.grants_said(GrantInput(Decimal(granted), START, END), start=START, end=END)
    small.configured(alerts=QUIET, teams=teams or (SERVICE,))
    small.decides = lambda: NOW
    return small


def decide_at(small: SmallWallet, now: datetime, **said: object) -> list[str]:
    """Evaluate in a transaction of its own, as the service does by the clock."""
    with small.warehouse.writing() as session:
        return evaluate_alerts(session, small.context(), now, **said)  # type: ignore[arg-type]  # a forecast


def messages(small: SmallWallet) -> list[str]:
    """Return the keys of all messages, without their hashes, oldest first."""
    with small.warehouse.reading() as session:
        return sorted(one.message.key.rpartition("-")[0] for one in outbox.deliveries(session))


def deliver(small: SmallWallet) -> None:
    """Deliver every pending message."""
    with small.warehouse.writing() as session:
        for claimed in outbox.claim(session, NOW, "sender", 100):
            outbox.mark_delivered(session, claimed.message, NOW)


def the_key(small: SmallWallet) -> str:
    """Return the key of the one open alert."""
    with small.warehouse.reading() as session:
        (row,) = repository.open_alerts(session)
    return row.key


def state(small: SmallWallet, key: str) -> str:
    """Return the state of an alert."""
    return str(small.warehouse.query("alert_by_key", key=key)[0]["state"])


def test_each_place_of_the_team_gets_a_message(small: SmallWallet) -> None:
    """A channel and a spreadsheet: two rows of one key, holding the same answer."""
    ready(small).days_of_use(START, 50_000)
    with small.warehouse.reading() as session:
        found = outbox.deliveries(session)
    assert [one.message.address for one in found] == list(SERVICE.addresses)
    assert found[0].message.answer.figure("alert_key").value == the_key(small) == found[1].message.key


def test_a_message_says_what_happened_what_to_do_and_who_looks_after_it(small: SmallWallet) -> None:
    """50,000 of 100,000 credits after 1 of 365 days; the level's advice; the team's owner."""
    ready(small).days_of_use(START, 50_000)
    with small.warehouse.reading() as session:
        answer = outbox.deliveries(session)[0].message.answer
    assert answer.headline == (
        "The wallet used 50% (50,000 of 100,000 credits), past the level of 50%, 0.27% of the term elapsed."
    )
    assert str(answer.figure("alert_advice").value).startswith("Mid-period review")
    assert answer.figure("alert_owner").value == "Kim"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_order_of_files_nothing_is_told_twice(small: SmallWallet, seed: int) -> None:
    """Eight days of 10,000 credits in any order, some twice: 50 and 75 are sent once each, and nothing else is."""
    ready(small, Team("Service", channels=("C0123ABCDEF",)))
    days = [*range(8), *range(3)]
    random.Random(seed).shuffle(days)
    for day in days:
        small.events(
            {
                "id__c": f"day-{day}",
                "eventtime__c": f"2026-09-0{day + 1}T12:00:00.000Z",
                "processedtime__c": f"2026-09-0{day + 1}T13:00:00.000Z",
                "unitsconsumed__c": 10_000,
            }
        )
    assert messages(small) == ["level-50", "level-75"]


def test_a_corrected_export_recovers_once_and_is_not_news_again(small: SmallWallet) -> None:
    """60%, 40%, 60%, 40%: one alert and one recovery are sent; only the alert's state follows."""
    ready(small, Team("Service", channels=("C0123ABCDEF",)))
    states = []
    for nth, used in enumerate((60_000, 40_000, 60_000, 40_000)):
        small.events(
            {
                "id__c": "e",
                "unitsconsumed__c": used,
                "eventtime__c": "2026-09-02T12:00:00.000Z",
                "processedtime__c": f"2026-09-0{nth + 3}T12:00:00.000Z",
            }
        )
        deliver(small)
        states += [row[0] for row in small.warehouse.execute("SELECT state FROM alerts WHERE direction = 'up'")]
    assert states == ["open", "recovered", "open", "recovered"]
    assert messages(small) == ["level-50", "recovered-level-50"]


def used_at(small: SmallWallet, *credits_used: int) -> None:
    """Correct one event's credits again and again, and deliver the messages each time."""
    for used in credits_used:
        ((imports,),) = small.warehouse.execute("SELECT count(*) FROM imports")
        small.events(
            {
                "id__c": "e",
                "unitsconsumed__c": used,
                "eventtime__c": "2026-09-02T12:00:00.000Z",
                "processedtime__c": f"2026-09-03T12:{imports:02}:00.000Z",
            }
        )
        deliver(small)


def test_levels_that_are_configured_no_more_recover_and_refuse_no_import(small: SmallWallet) -> None:
    """80% passed 50 and 75; then the levels are 60 and 90, and the usage falls to 10%."""
    team = Team("Service", channels=("C0123ABCDEF",))
    used_at(ready(small, team), 80_000)
    ready(small, team._replace(levels=(60, 90)))
    used_at(small, 10_000, 11_000)
    assert messages(small) == ["level-75", "recovered-level-50"]
    assert small.warehouse.execute("SELECT DISTINCT state FROM alerts WHERE direction = 'up'") == [("recovered",)]


def test_a_stale_alert_refuses_no_import_and_ends_with_it(small: SmallWallet) -> None:
    """Whatever left an alert open above the usage, the import succeeds and its evaluation ends the alert."""
    used_at(ready(small), 80_000)
    small.warehouse.execute("UPDATE previous_levels SET used_percent = 10")
    used_at(small, 10_000)
    assert find_broken_checks(small.warehouse) == {}


def test_each_recovery_is_told_of_its_own_level(small: SmallWallet) -> None:
    """60, 45, 80, 45%: the second fall takes back 75, which the first recovery did not cover."""
    used_at(ready(small, Team("Service", channels=("C0123ABCDEF",))), 60_000, 45_000, 80_000, 45_000)
    assert messages(small) == ["level-50", "level-75", "recovered-level-50", "recovered-level-75"]


def test_each_recovery_is_told_of_its_own_pool(small: SmallWallet) -> None:
    """80% of 100,000, topped up to 200,000; 80% of that, corrected to 35%: both recoveries are sent."""
    team = Team("Service", channels=("C0123ABCDEF",))
    used_at(ready(small, team), 80_000)
    ready(small, team, granted=200_000)
    used_at(small, 80_001, 160_000, 70_000)
    assert messages(small) == ["level-75", "level-75", "recovered-level-50", "recovered-level-50"]


def test_a_pace_that_is_too_fast_again_in_another_month_is_told_again(small: SmallWallet) -> None:
    """Too fast in October, on plan in February, too fast again: two alerts and one recovery."""
    small.grants_said(GrantInput(Decimal(100_000), START, END), start=START, end=END)
    small.configured(alerts=AlertSettings(stale_days=300, levels=(200,)), teams=(Team("Service", channels=("C0123ABCDEF",)),))
    for day, used in (("2026-10-01", 20_000), ("2027-01-31", 1), ("2027-02-10", 75_000)):
        small.events(
            {"unitsconsumed__c": used, "eventtime__c": f"{day}T12:00:00.000Z", "processedtime__c": f"{day}T13:00:00.000Z"}
        )
        for hour in (20, 21):
            decide_at(small, datetime.fromisoformat(f"{day}T{hour}:00:00+00:00"))
            deliver(small)
    assert messages(small) == ["pace-150", "pace-150", "recovered-pace-150"]


@pytest.mark.parametrize("teams", [(), (Team("Renamed", channels=("C0123ABCDEF",)),)])
def test_alerts_of_a_team_that_is_gone_close(small: SmallWallet, teams: tuple[Team, ...]) -> None:
    """Nobody watches them any more; the new team's alerts are open, and a team that returns gets nothing twice."""
    ready(small, Team("Service", channels=("C0123ABCDEF",))).days_of_use(START, 80_000)
    small.configured(teams=teams)
    decide_at(small, NOW)
    assert small.warehouse.execute("SELECT DISTINCT state FROM alerts WHERE team = 'Service'") == [("closed",)]
    with small.warehouse.reading() as session:
        assert {one.team for one in repository.open_alerts(session)} == {teams[0].name if teams else "everyone"}
    ready(small, Team("Service", channels=("C0123ABCDEF",)))
    decide_at(small, NOW)
    assert small.warehouse.execute("SELECT count(*) FROM outbox WHERE team = 'Service'") == [(1,)]


def test_after_a_top_up_the_same_level_is_news_again(small: SmallWallet) -> None:
    """60,000 of 100,000; then of 200,000, below half again; then 100,000 of 200,000."""
    ready(small, Team("Service", channels=("C0123ABCDEF",))).days_of_use(START, 60_000)
    deliver(small)
    ready(small, Team("Service", channels=("C0123ABCDEF",)), granted=200_000)
    decide_at(small, NOW)
    small.days_of_use(date(2026, 9, 2), 40_000)
    assert messages(small) == ["level-50", "level-50", "recovered-level-50"]


def test_a_term_that_changes_its_shape_is_not_a_new_one(small: SmallWallet) -> None:
    """A grant that ends later extends the term; 60% of the same credits had been sent."""
    small.configured(alerts=QUIET, teams=(Team("Service", channels=("C0123ABCDEF",)),))
    small.decides = lambda: NOW
    small.ledger((100_000, "2026-09-01", "2027-03-01", "Add", "")).days_of_use(START, 60_000)
    small.ledger((1, "2026-09-01", "2027-09-01", "Add", ""))
    assert messages(small) == ["level-50"]


def test_a_team_hears_of_its_part_at_its_own_levels(small: SmallWallet) -> None:
    """Sales used 30% and alerts at 30; the team of the whole wallet alerts at 50; Service, at 20%, does not alert."""
    teams = (
        Team("Sales", ("C1SALES",), watches=Scope(departments=("sales",)), levels=(30,)),
        Team("Service", ("C2SERVICE",), watches=Scope(agents=("Service_Concierge",), departments=("Service",))),
        Team("All", ("C3ALL",)),
        Team("Nobody", ("C4NOBODY",), watches=Scope(orgs=("no such org",))),
    )
    sold: dict[str, object] = {"rootresourcetags__c": '{"Department": "Sales"}', "unitsconsumed__c": 30_000}
    when: dict[str, object] = {"eventtime__c": "2026-09-02T12:00:00.000Z", "processedtime__c": "2026-09-02T13:00:00.000Z"}
    ready(small, *teams).events(sold | when, {"unitsconsumed__c": 20_000} | when)
    with small.warehouse.reading() as session:
        told = {(one.message.team, one.message.answer.figure("alert_level").value) for one in outbox.deliveries(session)}
    assert told == {("Sales", "30"), ("All", "50")}


def test_every_why_is_a_question(small: SmallWallet) -> None:
    """The question of each message can be asked, filters included."""
    ready(small, Team("Sales", ("C1SALES",), watches=Scope(departments=("Service",)), levels=(1,)))
    small.configured(alerts=AlertSettings(min_usd=Decimal(0), overhead_percent=Decimal(0), sandbox_percent=Decimal(0)))
    small.days_of_use(date(2026, 8, 10), *[500] * 22, 60_000)
    late = {"eventtime__c": "2026-09-04T12:00:00.000Z", "processedtime__c": "2026-09-08T13:00:00.000Z"}
    small.events(late | {"usagebusinessenvtype__c": "sandbox"}, late | {"usagevalue__c": 3, "unitsconsumed__c": 60})
    decide_at(small, NOW)
    answers = [row[0] for row in small.warehouse.execute("SELECT answer FROM alerts")]
    asked = {parse(outbox.answer_in(answer).question).command for answer in answers}
    assert asked == {"wallet", "overhead", "sandbox", "usage"}


def test_open_alerts_come_gravest_first(small: SmallWallet) -> None:
    """The highest level comes first; snoozed alerts only on request; an acknowledged one names who saw it."""
    ready(small).days_of_use(START, 95_000)
    with small.warehouse.writing() as session:
        keys = {one.level: one.key for one in repository.open_alerts(session)}
        repository.snooze(session, keys["75"], NOW + timedelta(days=1), "kim", NOW)
        repository.acknowledge(session, keys["50"], "lee", NOW)
        found = [(one.level, one.acknowledged_by) for one in repository.open_alerts(session)]
        assert [one.level for one in repository.open_alerts(session, with_snoozed=True)] == ["90", "75", "50"]
    assert found == [("90", None), ("50", "lee")]


def test_the_next_level_is_dated_from_where_the_data_ends(small: SmallWallet) -> None:
    """Ten days of 100 leave 4,000 to half of 10,000: 40 days after the last day of data, whenever it is asked."""
    small.grants_said(GrantInput(Decimal(10_000), date(2026, 9, 1), date(2027, 9, 1)))
    small.days_of_use(date(2026, 9, 1), *[100] * 10)
    asked = [small.ask("alerts", as_of=day).table("coming").rows[0][-1] for day in (date(2026, 9, 10), date(2026, 10, 15))]
    assert asked == [date(2026, 9, 11) + timedelta(days=40)] * 2


def test_acknowledged_alerts_stay_quiet(small: SmallWallet) -> None:
    """Who saw it is kept; the next evaluation and a second acknowledgement change nothing."""
    ready(small).days_of_use(START, 50_000)
    key = the_key(small)
    with small.warehouse.writing() as session:
        repository.acknowledge(session, key, "kim", NOW)
        repository.acknowledge(session, key, "lee", NOW)
    assert decide_at(small, NOW + timedelta(days=1)) == []
    assert small.warehouse.execute("SELECT state, state_by FROM alerts") == [("acknowledged", "kim")]


def test_a_snoozed_alert_is_told_once_more_when_the_snooze_is_over(small: SmallWallet) -> None:
    """Not before the end, and only once after it."""
    ready(small, Team("Service", channels=("C0123ABCDEF",))).days_of_use(START, 50_000)
    key = the_key(small)
    with small.warehouse.writing() as session:
        until = repository.snooze_end(session, key, "day", NOW, UTC)
        repository.snooze(session, key, until, "kim", NOW)
    told = []
    for hours in (23, 24, 25, 48):
        decide_at(small, NOW + timedelta(hours=hours))
        told.append(len(messages(small)))
    assert (until, told, state(small, key)) == (NOW + timedelta(days=1), [1, 2, 2, 2], "open")


def test_a_snooze_for_the_term_ends_with_it(small: SmallWallet) -> None:
    """The term, and with it the alert, is over on 1 September 2027, so nothing is sent again."""
    ready(small, Team("Service", channels=("C0123ABCDEF",))).days_of_use(START, 50_000)
    key = the_key(small)
    with small.warehouse.writing() as session:
        repository.snooze(session, key, repository.snooze_end(session, key, "term", NOW, UTC), "kim", NOW)
    small.decides = None
    small.days_of_use(date(2027, 8, 30), 1)
    decide_at(small, datetime(2027, 9, 1, 1, tzinfo=UTC))
    assert (state(small, key), [key for key in messages(small) if key.startswith("level")]) == ("closed", ["level-50"])


@pytest.mark.parametrize("act", ["acknowledge", "snooze"])
def test_what_is_over_cannot_be_decided_about(small: SmallWallet, act: str) -> None:
    """An unknown key and a recovered alert are refused, with what to do."""
    ready(small).days_of_use(START, 50_000)
    key = the_key(small)
    ready(small, granted=10**9)
    decide_at(small, NOW)
    decided: Callable[[Session, str], None] = {
        "acknowledge": lambda session, wrong: repository.acknowledge(session, wrong, "kim", NOW),
        "snooze": lambda session, wrong: repository.snooze(session, wrong, NOW + timedelta(days=1), "kim", NOW),
    }[act]
    for wrong, words in ((key, "is recovered since"), ("level-50-00000000", "There is no alert")):
        with small.warehouse.writing() as session, pytest.raises(InputError, match=words):
            decided(session, wrong)


def test_what_a_forecast_expects_is_told_and_closed_when_it_no_longer_does(small: SmallWallet) -> None:
    """75% in five days is sent; without a forecast the alert stays open; not within a year closes it."""
    ready(small, Team("Service", channels=("C0123ABCDEF",))).days_of_use(START, 10_000)

    def soon(figures: PoolMetrics, level: int) -> Expected | None:
        return Expected(*(figures.today + timedelta(days=days) for days in (4, 5, 9))) if level == 50 else None

    decide_at(small, NOW, forecast=soon)
    decide_at(small, NOW)
    key = the_key(small)
    decide_at(small, NOW, forecast=lambda _figures, _level: None)
    assert (messages(small), state(small, key)) == (["projected-50"], "closed")


def test_a_decision_that_is_undone_leaves_nothing(small: SmallWallet) -> None:
    """A failure after the evaluation rolls back alerts and messages."""
    ready(small).decides = None
    small.days_of_use(START, 50_000)

    def decide_and_fail() -> None:
        with small.warehouse.writing() as session:
            evaluate_alerts(session, small.context(), NOW)
            raise LookupError

    with pytest.raises(LookupError):
        decide_and_fail()
    tables = ("alerts", "alert_history", "previous_levels", "outbox")
    assert [small.warehouse.execute(f"SELECT count(*) FROM {table}")[0][0] for table in tables] == [0] * 4


def test_an_empty_wallet_decides_nothing(small: SmallWallet) -> None:
    """The service may evaluate before the first import."""
    ready(small)
    assert decide_at(small, NOW) == []


def test_the_checks_hold(small: SmallWallet) -> None:
    """Each state is in the history, each message has its alert, each live level is passed."""
    ready(small).days_of_use(START, 80_000)
    assert find_broken_checks(small.warehouse) == {}


def test_the_day_is_the_team_s(small: SmallWallet) -> None:
    """At 23:30 UTC it is tomorrow in Berlin."""
    ready(small).configured(time_zone="Europe/Berlin")
    late = datetime(2026, 9, 10, 23, 30, tzinfo=UTC)
    small.decides = lambda: late
    small.days_of_use(START, 50_000)
    assert small.warehouse.execute("SELECT day FROM alerts WHERE rule = 'level'") == [(date(2026, 9, 11),)]


def history(small: SmallWallet) -> list[tuple[str, str, str]]:
    """Return state, author and words of each entry of the history, oldest first."""
    rows = small.warehouse.execute("SELECT state, changed_by, words FROM alert_history ORDER BY changed_at, key, state")
    return [(row[0], row[1], row[2]) for row in rows]


def test_the_history_says_what_became_of_an_alert_by_whom_and_why(small: SmallWallet) -> None:
    """Passed at 06:00, acknowledged at 07:00, snoozed from 08:00 to 09:00, recovered at 10:00, passed again at 11:00."""
    used_at(ready(small, Team("Service", channels=("C0123ABCDEF",))), 60_000)
    key = the_key(small)
    with small.warehouse.writing() as session:
        repository.acknowledge(session, key, "kim", NOW + timedelta(hours=1))
        repository.snooze(session, key, NOW + timedelta(hours=3), "lee", NOW + timedelta(hours=2))
    decide_at(small, NOW + timedelta(hours=3))
    for hours, used in ((4, 10_000), (5, 60_000)):
        small.decides = lambda hours=hours: NOW + timedelta(hours=hours)
        used_at(small, used)
    fallen = "The wallet used 10% (10,000 of 100,000 credits), below the level of 50% again."
    assert history(small) == [
        (
            "open",
            "the rules",
            "The wallet used 60% (60,000 of 100,000 credits), past the level of 50%, 0.82% of the term elapsed.",
        ),
        ("acknowledged", "kim", "acknowledged by kim"),
        ("snoozed", "lee", "snoozed by lee until 2026-09-10 09:00 UTC"),
        ("open", "the rules", "the snooze is over"),
        ("recovered", "the rules", "no longer holds"),
        ("closed", "the rules", f"Recovered: {fallen[0].lower()}{fallen[1:]}"),
        ("open", "the rules", "holds again; it was reported before"),
    ]


def test_the_history_says_that_a_team_is_gone_or_a_term_over(small: SmallWallet) -> None:
    """The renamed team's alert closes; the new team's closes with the term."""
    ready(small, Team("Service", channels=("C0123ABCDEF",))).days_of_use(START, 60_000)
    small.configured(teams=(Team("Renamed", channels=("C0123ABCDEF",)),))
    decide_at(small, NOW + timedelta(hours=1))
    small.decides = None
    small.days_of_use(date(2027, 8, 30), 1)
    decide_at(small, datetime(2027, 9, 1, 1, tzinfo=UTC))
    closed = [words for state, by, words in history(small) if (state, by) == ("closed", "the rules")]
    assert closed == ["its team or card is no longer watched", "is over"]


@pytest.mark.parametrize(
    ("length", "at", "end"),
    [
        ("day", NOW, NOW + timedelta(days=1)),
        ("week", NOW, NOW + timedelta(days=7)),
        # 1 September 2027, 00:00 in Berlin.
        ("term", NOW, datetime(2027, 8, 31, 22, tzinfo=UTC)),
        ("term", datetime(2027, 8, 30, 22, tzinfo=UTC), datetime(2027, 8, 31, 22, tzinfo=UTC)),
        ("term", datetime(2027, 8, 31, 20, tzinfo=UTC), datetime(2027, 9, 1, 20, tzinfo=UTC)),
    ],
)
def test_a_snooze_ends_after_a_day_a_week_or_with_the_term(
    small: SmallWallet, length: repository.SnoozeFor, at: datetime, end: datetime
) -> None:
    """The term ends at the team's midnight; on its last evening the snooze still lasts a day."""
    ready(small).days_of_use(START, 50_000)
    key = the_key(small)
    with small.warehouse.reading() as session:
        assert repository.snooze_end(session, key, length, at, ZoneInfo("Europe/Berlin")) == end


def test_a_snooze_for_a_term_without_end_is_a_year(small: SmallWallet) -> None:
    """A grant that never expires must not silence an alert forever."""
    small.configured(alerts=QUIET, teams=(SERVICE,))
    small.decides = lambda: NOW
    small.ledger((100_000, "2026-09-01", None, "Add", "")).days_of_use(START, 60_000)
    key = the_key(small)
    with small.warehouse.reading() as session:
        assert repository.snooze_end(session, key, "term", NOW, UTC) == NOW + timedelta(days=365)


def test_a_refusal_says_the_key_and_what_to_do(small: SmallWallet) -> None:
    """An unknown key, and a snooze that ends at once."""
    ready(small).days_of_use(START, 50_000)
    key = the_key(small)
    unknown = 'There is no alert "level-50-0". `agentcost alerts` lists the keys.'
    past = "An alert can only be snoozed until a later time, not until 2026-09-10 06:00 UTC."
    with small.warehouse.writing() as session:
        for refused, words in (
            (lambda: repository.snooze_end(session, "level-50-0", "term", NOW, UTC), unknown),
            (lambda: repository.acknowledge(session, "level-50-0", "kim", NOW), unknown),
            (lambda: repository.snooze(session, key, NOW, "kim", NOW), past),
        ):
            with pytest.raises(InputError) as caught:
                refused()
            assert str(caught.value) == words
    assert state(small, key) == "open"


def test_what_is_over_says_since_when(small: SmallWallet) -> None:
    """An alert that recovered at 06:00 cannot be acknowledged."""
    used_at(ready(small), 60_000)
    key = the_key(small)
    used_at(small, 10_000)
    with small.warehouse.writing() as session, pytest.raises(InputError) as caught:
        repository.acknowledge(session, key, "kim", NOW)
    assert str(caught.value) == f"{key} is recovered since 2026-09-10 06:00 UTC: no action is needed."


def test_usage_at_the_last_evaluation_is_kept_by_team_card_and_term(small: SmallWallet) -> None:
    """10,000 of 30,000 is 33.333333%, rounded down; the next evaluation replaces it."""
    ready(small, Team("Service", channels=("C0123ABCDEF",), watches=Scope(orgs=("00DEMEA",))), granted=30_000)
    kept = []
    for day, used in ((1, 10_000), (2, 10_000)):
        small.days_of_use(date(2026, 9, day), used)
        kept.append(
            small.warehouse.execute("SELECT team, org, card, term, used_percent, measured_at FROM previous_levels ORDER BY team")[
                0
            ]
        )
    place = ("Service", "00DEMEA", "FlexCredits", "2026-09-01/2027-09-01")
    assert [row[:4] for row in kept] == [place, place]
    assert [row[4] for row in kept] == [Decimal("33.333333"), Decimal("66.666666")]
    assert kept[0][5].replace(tzinfo=UTC) == NOW


def test_without_grants_no_usage_is_kept(small: SmallWallet) -> None:
    """Without a pool there is no percentage."""
    small.configured(alerts=QUIET, teams=(SERVICE,))
    small.decides = lambda: NOW
    small.days_of_use(START, 50_000)
    assert small.warehouse.execute("SELECT count(*) FROM previous_levels") == [(0,)]


def test_open_alerts_of_one_team_are_its_own(small: SmallWallet) -> None:
    """Two teams at one level: each alert names its team, org, card, start and end."""
    teams = (
        Team("Service", channels=("C0123ABCDEF",)),
        Team("Sales", channels=("C0456ABCDEF",), watches=Scope(orgs=("00DEMEA",))),
    )
    ready(small, *teams).days_of_use(START, 50_000)
    with small.warehouse.reading() as session:
        both = repository.open_alerts(session)
        (one,) = repository.open_alerts(session, "Sales")
    assert sorted(each.team for each in both) == ["Sales", "Service"]
    assert (one.team, one.org, one.card, one.level, one.since, one.term_end) == (
        "Sales",
        "00DEMEA",
        "FlexCredits",
        "50",
        NOW,
        END,
    )
    assert (one.state, one.acknowledged_by) == ("open", None)


def test_open_alerts_stand_by_their_rule_then_by_their_level(small: SmallWallet) -> None:
    """Levels come first, the highest on top (100 before 90, which text would reverse), then the pace, then stale data."""
    small.grants_said(GrantInput(Decimal(100_000), START, END), start=START, end=END)
    small.configured(
        teams=(Team("Service", channels=("C0123ABCDEF",), levels=(5, 90, 100)),),
        alerts=AlertSettings(stale_days=4, min_usd=Decimal(10**9)),
    )
    small.days_of_use(date(2026, 9, 25), 100_000)
    decide_at(small, datetime(2026, 9, 30, 6, tzinfo=UTC))
    with small.warehouse.reading() as session:
        found = [(one.rule, one.level) for one in repository.open_alerts(session)]
    assert found[:4] == [("level", "100"), ("level", "90"), ("level", "5"), ("pace", "150")]
    assert found[4][0] == "stale"
