"""Event, hour and day rows describe the same credits: each counts once, at the finest grain of its card, environment and day."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.wallet.report import ImportReport

Importer = Callable[..., ImportReport]
CsvWriter = Callable[..., Path]
EventMaker = Callable[..., dict[str, object]]
Asker = Callable[[str], list[Any]]

DAY = "2026-07-13"


def daily(number: int, amount: int, **changed: object) -> dict[str, object]:
    """Give a daily row."""
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
    """Give an hourly row."""
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
    """One day of one card at three grains, 20, 30 and 50 credits so that one can tell which counted."""
    return {
        "event": write_csv("events.csv", event(1)),
        "hour": write_csv("hours.csv", hourly(1, 30)),
        "day": write_csv("days.csv", daily(1, 50)),
    }


@pytest.mark.parametrize(
    ("order", "expected"),
    [(["day"], 50), (["day", "hour"], 30), (["hour", "day"], 30), (["event", "day", "hour"], 20), (["hour", "day", "event"], 20)],
)
def test_the_finest_grain_counts(
    bring_in: Importer, files: dict[str, Path], total_credits: Callable[[], Decimal], order: list[str], expected: object
) -> None:
    """Whatever came first, events win over hours and hours over days."""
    bring_in(*(files[grain] for grain in order))
    assert total_credits() == Decimal(expected)


def test_every_grain_stays_there_to_be_asked_for(bring_in: Importer, files: dict[str, Path], ask: Asker) -> None:
    """The rollup keeps the coarser rows; they are only not counted."""
    bring_in(*files.values())
    assert ask("SELECT grain, credits FROM usage_rollup ORDER BY grain") == [("day", 50), ("event", 20), ("hour", 30)]


def test_environments_are_apart(
    bring_in: Importer, files: dict[str, Path], write_csv: CsvWriter, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """Events of production do not hide the daily rows of the sandbox."""
    sandbox = write_csv("sandbox.csv", daily(2, 16, Usage_Business_Environment_Type__c="Sandbox"))
    bring_in(files["event"], files["day"], sandbox)
    assert credits_per("environment") == {"production": Decimal(20), "sandbox": Decimal(16)}


def test_cards_are_apart(
    bring_in: Importer, files: dict[str, Path], write_csv: CsvWriter, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """Events of Flex Credits do not hide the daily rows of another card."""
    other = write_csv("other.csv", daily(2, 7, carddefinitiondevelopername__c="Conversations"))
    bring_in(files["event"], files["day"], other)
    assert credits_per("card") == {"FlexCredits": Decimal(20), "Conversations": Decimal(7)}


def test_an_export_without_environments_is_not_added_to_one_with(
    bring_in: Importer, files: dict[str, Path], write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """Events that say nothing of environments describe the day's credits of all of them: the daily rows stay out."""
    bare = {name: value for name, value in event(1).items() if name != "usagebusinessenvtype__c"}
    bring_in(write_csv("bare.csv", bare), files["day"])
    assert total_credits() == Decimal(20)


def test_one_event_of_unknown_environment_hides_no_sandbox(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """Among events that say so, one that does not is unknown, and the sandbox's daily rows still count."""
    events = write_csv("events.csv", event(1), event(2, usagebusinessenvtype__c=""))
    bring_in(events, write_csv("days.csv", daily(1, 16, Usage_Business_Environment_Type__c="Sandbox")))
    assert credits_per("environment") == {"production": Decimal(20), "unknown": Decimal(20), "sandbox": Decimal(16)}


def test_hours_that_are_not_counted_bring_no_days_back(
    bring_in: Importer, files: dict[str, Path], write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """Events of unknown environment cover the day; hours of production beside them do not let the sandbox's day in."""
    bare = {name: value for name, value in event(1).items() if name != "usagebusinessenvtype__c"}
    sandbox = daily(2, 16, Usage_Business_Environment_Type__c="Sandbox")
    bring_in(write_csv("bare.csv", bare), write_csv("both.csv", daily(1, 50), sandbox), files["hour"])
    assert total_credits() == Decimal(20)


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
    """Storage of 400 and 500 is a level: kept by day, in no total."""
    rows = [
        daily(n, level, usageaggregationtype__c="MAX", carddefinitiondevelopername__c="DataStorage")
        for n, level in enumerate((400, 500))
    ]
    report = bring_in(write_csv("days.csv", *rows))
    assert total_credits() == 0
    assert ask("SELECT level FROM card_levels ORDER BY level") == [(400,), (500,)]
    assert any("levels (MAX)" in note.text for note in report.to_answer().notes)


def test_only_processed_hours_are_final(bring_in: Importer, write_csv: CsvWriter, total_credits: Callable[[], Decimal]) -> None:
    """An hour in progress is kept and not counted; once it is PROCESSED it is, and its earlier state cannot come back."""
    early = write_csv("early.csv", hourly(1, 30), hourly(2, 5, rowdetail__c="IN_PROGRESS"))
    report = bring_in(early)
    assert total_credits() == 30
    assert any("not PROCESSED yet" in note.text for note in report.to_answer().notes)
    late = write_csv("late.csv", hourly(2, 40))
    assert bring_in(late).total("rows_changed") == 1
    bring_in(write_csv("stale.csv", hourly(2, 6, rowdetail__c="IN_PROGRESS")))
    assert total_credits() == 70


def test_hours_without_detail_count(bring_in: Importer, write_csv: CsvWriter, total_credits: Callable[[], Decimal]) -> None:
    """Where the export has no such column, every hour counts."""
    bring_in(write_csv("hours.csv", {name: value for name, value in hourly(1, 30).items() if name != "rowdetail__c"}))
    assert total_credits() == 30
