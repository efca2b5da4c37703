"""Event, hour and day rows describe the same credits: for each card, environment and day the most complete ones count."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from core.wallet.ingest.report import ImportReport

Importer = Callable[..., ImportReport]
CsvWriter = Callable[..., Path]
EventMaker = Callable[..., dict[str, object]]
Asker = Callable[[str], list[Any]]

DAY = "2026-07-13"


def daily(number: int, amount: int, **changed: object) -> dict[str, object]:
    """Return a daily row."""
    return {
        "id__c": f"d-{number}",
        "utilizationdate__c": f"{DAY}T00:00:00.000Z",
        "carddefinitiondevelopername__c": "FlexCredits",
        "usagetypedevelopername__c": "Agentforce_StandardAction",
        "usageconsumed__c": "1",
        "unitsconsumed__c": amount,
        "usageaggregationtype__c": "SUM",
        "Usage_Business_Environment_Type__c": "Production",
    } | changed


def hourly(number: int, amount: int, **changed: object) -> dict[str, object]:
    """Return an hourly row."""
    return {
        "id__c": f"h-{number}",
        "usagehourbucket__c": f"{DAY}T10:00:00.000Z",
        "businessenvtype__c": "Production",
        "unitsconsumed__c": amount,
        "usageconsumed__c": "1",
        "rowdetail__c": "PROCESSED",
    } | changed


@pytest.fixture
def files(write_csv: CsvWriter, event: EventMaker) -> dict[str, Path]:
    """One day of one card at three grains, with 20, 30 and 50 credits to tell them apart."""
    return {
        "event": write_csv("events.csv", event(1)),
        "hour": write_csv("hours.csv", hourly(1, 30)),
        "day": write_csv("days.csv", daily(1, 50)),
    }


@pytest.mark.parametrize(
    ("order", "expected"),
    [(["day"], 50), (["hour"], 30), (["event", "hour"], 30), (["hour", "day"], 50), (["day", "hour", "event"], 50)],
)
def test_the_most_complete_grain_counts(
    bring_in: Importer, files: dict[str, Path], total_credits: Callable[[], Decimal], order: list[str], expected: int
) -> None:
    """In any order the total is that of the grain with most credits."""
    bring_in(*(files[grain] for grain in order))
    assert total_credits() == Decimal(expected)


@pytest.mark.parametrize("order", list(permutations(("event", "hour", "day"))))
def test_what_finer_rows_lack_counts_beside_them(
    bring_in: Importer, files: dict[str, Path], ask: Asker, order: list[str]
) -> None:
    """20 credits of events, 10 more in the hours, 20 more in the day; in any order of files."""
    bring_in(*(files[grain] for grain in order))
    assert ask("SELECT grain, agent, credits FROM usage ORDER BY grain") == [
        ("day gap", "", 20),
        ("event", "Service_Concierge", 20),
        ("hour gap", "", 10),
    ]


def test_every_grain_stays_there_to_be_asked_for(bring_in: Importer, files: dict[str, Path], ask: Asker) -> None:
    """The rollup keeps the coarser rows for questions about one grain."""
    bring_in(*files.values())
    rows = ask("SELECT grain, credits FROM usage_rollup WHERE grain NOT LIKE '%gap' ORDER BY grain")
    assert rows == [("day", 50), ("event", 20), ("hour", 30)]


@pytest.mark.parametrize(("daily_credits", "tolerance", "expected"), [
    (1005, "0.5", 1000),  # 5 of 1,005 are 0.4975 %
    (1006, "0.5", 1006),  # 6 of 1,006 are 0.596 %
    (1005, "0", 1005),
    (1006, "1", 1000),
    (900, "0.5", 1000),
])  # fmt: skip
def test_within_the_tolerance_the_finer_rows_count_alone(
    bring_in: Importer,
    write_csv: CsvWriter,
    event: EventMaker,
    total_credits: Callable[[], Decimal],
    daily_credits: int,
    tolerance: str,
    expected: int,
) -> None:
    """Events of 1,000 credits are complete beside a day with at most half a percent more, or what app.yaml allows."""
    paths = write_csv("events.csv", event(1, unitsconsumed__c="1000")), write_csv("days.csv", daily(1, daily_credits))
    bring_in(*paths, grain_tolerance_percent=Decimal(tolerance))
    assert total_credits() == Decimal(expected)


def test_another_tolerance_is_another_wallet(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """A changed tolerance in app.yaml applies to all earlier imports from the next import on."""
    bring_in(write_csv("events.csv", event(1, unitsconsumed__c="1000")), write_csv("days.csv", daily(1, 1005)))
    bring_in(write_csv("more.csv", event(2, eventtime__c="2026-07-20T10:00:00Z")), grain_tolerance_percent=Decimal(0))
    assert total_credits() == Decimal(1005 + 20)


@pytest.mark.parametrize(
    ("time_zone", "late", "local_day"),
    [("Europe/Berlin", "22:30", 14), ("Pacific/Kiritimati", "10:30", 14), ("Pacific/Pago_Pago", "10:30", 12)],
)
def test_an_event_beside_a_local_midnight_hides_no_day(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker, time_zone: str, late: str, local_day: int
) -> None:
    """An event of the wallet's 13 July belongs to another day of the team's; that day's daily rows count in full."""
    events = write_csv("events.csv", event(1, eventtime__c=f"{DAY}T{late}:00.000Z"))
    other = f"2026-07-{local_day}"
    bring_in(events, write_csv("days.csv", daily(1, 20), daily(2, 1200, utilizationdate__c=other)), time_zone=time_zone)
    assert ask("SELECT day, sum(credits) FROM usage GROUP BY day") == [(date.fromisoformat(other), 20 + 1200)]


def test_a_late_event_moves_what_the_neighbouring_day_lacks(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker
) -> None:
    """An event at 00:30 in Berlin belongs to the wallet's day before, whose gap shrinks; the import says so."""
    bring_in(write_csv("days.csv", daily(1, 60)), write_csv("events.csv", event(1)), time_zone="Europe/Berlin")
    late = write_csv("late.csv", event(2, eventtime__c=f"{DAY}T22:30:00.000Z"))
    report = bring_in(late, time_zone="Europe/Berlin")
    changes = [(change.day.day, change.credits_before, change.credits_after) for change in report.day_changes()]
    assert changes == [(13, 60, 40), (14, None, 20)]
    assert ask("SELECT day(day), sum(credits) FROM usage GROUP BY day ORDER BY day") == [(13, 40), (14, 20)]


def test_the_import_says_what_finer_rows_lack(bring_in: Importer, files: dict[str, Path]) -> None:
    """30 of the day's 50 credits have no event; the hour's 30 credits lie between."""
    bring_in(files["day"], files["hour"])
    (report,) = bring_in(files["event"]).files
    assert report.notes == ("30 credits of 1 day are in a coarser export only; they count, without names.",)


def test_another_time_zone_is_another_wallet(bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker) -> None:
    """Days of UTC are compared anew when the team's days become Berlin's: 20 credits move to the 14th."""
    events = write_csv("events.csv", event(1, eventtime__c=f"{DAY}T22:30:00.000Z"))
    bring_in(events, write_csv("days.csv", daily(1, 50)))
    bring_in(write_csv("later.csv", event(2, eventtime__c="2026-07-20T10:00:00Z")), time_zone="Europe/Berlin")
    assert ask("SELECT day(day), sum(credits) FROM usage GROUP BY day ORDER BY day") == [(13, 30), (14, 20), (20, 20)]


def test_a_correction_of_an_event_changes_what_is_lacking(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """An event of 20 credits that comes again with 45 leaves 5 of the day's 50 without a name."""
    bring_in(write_csv("events.csv", event(1)), write_csv("days.csv", daily(1, 50)))
    bring_in(write_csv("again.csv", event(1, unitsconsumed__c="45", processedtime__c="2026-07-14T11:00:00.000Z")))
    assert credits_per("agent") == {"Service_Concierge": Decimal(45), "": Decimal(5)}


def test_environments_are_apart(
    bring_in: Importer, files: dict[str, Path], write_csv: CsvWriter, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """Events of production are not part of the sandbox's day: 50 and 16 credits."""
    sandbox = write_csv("sandbox.csv", daily(2, 16, Usage_Business_Environment_Type__c="Sandbox"))
    bring_in(files["event"], files["day"], sandbox)
    assert credits_per("environment") == {"production": Decimal(50), "sandbox": Decimal(16)}


def test_cards_are_apart(
    bring_in: Importer, files: dict[str, Path], write_csv: CsvWriter, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """Events of Flex Credits are not part of another card's day: 50 and 7 credits."""
    other = write_csv("other.csv", daily(2, 7, carddefinitiondevelopername__c="Conversations"))
    bring_in(files["event"], files["day"], other)
    assert credits_per("card") == {"FlexCredits": Decimal(50), "Conversations": Decimal(7)}


def test_an_export_without_environments_is_not_added_to_one_with(
    bring_in: Importer, files: dict[str, Path], write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """Events without an environment are part of the day's credits in all environments: 50 in all, not 70."""
    bare = {name: value for name, value in event(1).items() if name != "usagebusinessenvtype__c"}
    bring_in(write_csv("bare.csv", bare), files["day"])
    assert total_credits() == Decimal(50)


def test_a_day_without_environments_is_not_added_to_events_with(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """A day of 50 credits without an environment has 10 beyond 20 of production and 20 of the sandbox: unknown ones."""
    events = write_csv("events.csv", event(1), event(2, usagebusinessenvtype__c="Sandbox"))
    bring_in(events, write_csv("days.csv", daily(1, 50, Usage_Business_Environment_Type__c="")))
    assert credits_per("environment") == {"production": Decimal(20), "sandbox": Decimal(20), "unknown": Decimal(10)}


@pytest.mark.parametrize(("sandbox", "lacking"), [(16, {}), (1200, {"sandbox": Decimal(1200 - 20)})])
def test_an_event_of_unknown_environment_may_be_the_sandboxs(
    bring_in: Importer,
    write_csv: CsvWriter,
    event: EventMaker,
    credits_per: Callable[[str], dict[str, Decimal]],
    sandbox: int,
    lacking: dict[str, Decimal],
) -> None:
    """20 credits without an environment may be among the sandbox's: only the rest of the day is missing."""
    events = write_csv("events.csv", event(1), event(2, usagebusinessenvtype__c=""))
    bring_in(events, write_csv("days.csv", daily(1, sandbox, Usage_Business_Environment_Type__c="Sandbox")))
    assert credits_per("environment") == {"production": Decimal(20), "unknown": Decimal(20)} | lacking


def test_three_grains_of_which_one_names_no_environment(
    bring_in: Importer, files: dict[str, Path], write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """Events without environment: 20; hours of production: 30; days of production and sandbox: 50 + 16, the most."""
    bare = {name: value for name, value in event(1).items() if name != "usagebusinessenvtype__c"}
    sandbox = daily(2, 16, Usage_Business_Environment_Type__c="Sandbox")
    bring_in(write_csv("bare.csv", bare), write_csv("both.csv", daily(1, 50), sandbox), files["hour"])
    assert total_credits() == Decimal(50 + 16)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Production", "production"),
        (" PRODUCTION ", "production"),
        ("Sandbox", "sandbox"),
        ("", "unknown"),
        ("Prodution", "unknown"),
        ("Trial", "unknown"),
    ],
)
def test_only_what_says_production_is_production(
    bring_in: Importer,
    write_csv: CsvWriter,
    event: EventMaker,
    credits_per: Callable[[str], dict[str, Decimal]],
    said: str,
    expected: object,
) -> None:
    """Blank and misspelt environments are unknown, never silently production."""
    bring_in(write_csv("events.csv", event(1, usagebusinessenvtype__c=said)))
    assert credits_per("environment") == {expected: Decimal(20)}


def test_levels_are_never_summed(
    bring_in: Importer, write_csv: CsvWriter, ask: Asker, total_credits: Callable[[], Decimal]
) -> None:
    """Storage of 400 and 500 is a level: it is kept by day and is in no total."""
    rows = [
        daily(n, level, usageaggregationtype__c="MAX", carddefinitiondevelopername__c="DataStorage")
        for n, level in enumerate((400, 500))
    ]
    report = bring_in(write_csv("days.csv", *rows))
    assert total_credits() == 0
    assert ask("SELECT level FROM card_levels ORDER BY level") == [(400,), (500,)]
    assert any("levels (MAX)" in note.text for note in report.to_answer().notes)


def test_only_processed_hours_are_final(bring_in: Importer, write_csv: CsvWriter, total_credits: Callable[[], Decimal]) -> None:
    """An hour in progress is kept but not counted; once PROCESSED it counts, and its earlier state cannot return."""
    early = write_csv("early.csv", hourly(1, 30), hourly(2, 5, rowdetail__c="IN_PROGRESS"))
    report = bring_in(early)
    assert total_credits() == 30
    assert any("not PROCESSED yet" in note.text for note in report.to_answer().notes)
    late = write_csv("late.csv", hourly(2, 40))
    assert bring_in(late).total("rows_changed") == 1
    bring_in(write_csv("stale.csv", hourly(2, 6, rowdetail__c="IN_PROGRESS")))
    assert total_credits() == 70


def test_hours_without_detail_count(bring_in: Importer, write_csv: CsvWriter, total_credits: Callable[[], Decimal]) -> None:
    """Without such a column in the export, every hour counts."""
    bring_in(write_csv("hours.csv", {name: value for name, value in hourly(1, 30).items() if name != "rowdetail__c"}))
    assert total_credits() == 30


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_sums_by_agent_and_day_count_once_beside_events(
    bring_in: Importer, ask: Asker, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """Events, sums by agent and day, and sums by agent, action and day give the same usage, in any order of imports."""
    texts = (
        "Event Time,Agent,Action,Units Consumed\n2026-07-13T10:00:00Z,Alpha,A,20\n2026-07-13T11:00:00Z,Alpha,B,40\n",
        "Usage Date,Agent,Units Consumed\n2026-07-13,Alpha,60\n2026-07-14,Beta,7\n",
        "Usage Date,Agent,Action,Units Consumed\n2026-07-13,ALPHA,A,20\n2026-07-13,ALPHA,B,40\n",
    )
    for nth in order:
        (tmp_path / f"{nth}.csv").write_text(texts[nth])
        bring_in(tmp_path / f"{nth}.csv")
    assert ask("SELECT agent, sum(credits) FROM usage GROUP BY agent ORDER BY agent") == [("Alpha", 20 + 40), ("Beta", 7)]
