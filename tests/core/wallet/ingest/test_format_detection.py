"""Local times and numbers are read one way in the whole file, or the file is refused with the setting that decides."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time

from core.errors import ExportError
from core.wallet.ingest.report import ImportReport
from core.wallet.ingest.values.time_zones import clock_changes

Importer = Callable[..., ImportReport]
CsvWriter = Callable[..., Path]
EventMaker = Callable[..., dict[str, object]]
Asker = Callable[[str], list[Any]]

LABELS = {"Id": "a", "Event Time": "7/1/2026, 2:37:03 PM", "Units Consumed": "20"}


def labelled(**changed: str) -> dict[str, str]:
    """Return a row under report labels."""
    return LABELS | {name.replace("_", " "): value for name, value in changed.items()}


def times(ask: Asker) -> list[str]:
    """Return the stored instants in the order of their ids."""
    return [f"{at:%Y-%m-%d %H:%M:%S}" for (at,) in ask("SELECT event_time FROM usage_events ORDER BY id")]


def test_dates_without_a_day_above_12_are_refused(bring_in: Importer, write_csv: CsvWriter) -> None:
    """7/1/2026 may be July or January: the refusal names wallet.date_order."""
    with pytest.raises(ExportError, match=r"7/1/2026.*wallet\.date_order"):
        bring_in(write_csv("labels.csv", LABELS))


@pytest.mark.parametrize(("order", "expected"), [("month_first", "2026-07-01 14:37:03"), ("day_first", "2026-01-07 14:37:03")])
def test_the_setting_decides_the_date_order(
    bring_in: Importer, write_csv: CsvWriter, ask: Asker, order: str, expected: object
) -> None:
    """Each value of wallet.date_order reads the file its way."""
    bring_in(write_csv("labels.csv", LABELS), date_order=order)
    assert times(ask) == [expected]


def test_one_day_above_12_decides_for_the_whole_file(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """13/7 in one row makes 7/1 in another the 7th of January."""
    bring_in(write_csv("labels.csv", LABELS, labelled(Id="b", Event_Time="13/7/2026, 02:37:03 pm")))
    assert times(ask) == ["2026-01-07 14:37:03", "2026-07-13 14:37:03"]


def test_a_setting_that_the_dates_contradict_is_refused(bring_in: Importer, write_csv: CsvWriter) -> None:
    """day_first with 7/13/2026 would silently swap the other rows, so it is refused."""
    with pytest.raises(ExportError, match=r"wallet\.date_order is day_first"):
        bring_in(write_csv("labels.csv", labelled(Event_Time="7/13/2026, 2:37:03 PM")), date_order="day_first")


def test_dates_with_points_are_day_first(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """01.07.2026 has one reading: points never separate month and day."""
    bring_in(write_csv("labels.csv", labelled(Event_Time="01.07.2026 14:37:03")))
    assert times(ask) == ["2026-07-01 14:37:03"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7/13/2026, 2:37:03 PM", "2026-07-13 14:37:03"),
        ("7/13/2026, 2:37:03\u202fPM", "2026-07-13 14:37:03"),
        ("7/13/2026 14:37", "2026-07-13 14:37:00"),
        ("7/13/26, 12:05 AM", "2026-07-13 00:05:00"),
        ("7-13-2026 14:37:03", "2026-07-13 14:37:03"),
        ("2026-07-13 14:37:03", "2026-07-13 14:37:03"),
        ("2026-07-13T14:37:03+02:00", "2026-07-13 12:37:03"),
        ("2026-07-13T14:37:03.5-0530", "2026-07-13 20:07:03"),
        ("2026-07-13 14:37:03 UTC", "2026-07-13 14:37:03"),
    ],
)
def test_a_time_is_read_as_it_is_written(
    bring_in: Importer, write_csv: CsvWriter, ask: Asker, text: str, expected: object
) -> None:
    """Each spelling of 13 July 2026 gives its instant."""
    bring_in(write_csv("labels.csv", labelled(Event_Time=text)))
    assert times(ask) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T10:00:00Z",
        "infinity",
        "epoch",
        "2026-07-13T10:00:00",
        "1926-07-13T10:00:00Z",
        "noon",
        "290309-01-01T10:00:00Z",
    ],
)
def test_what_is_no_time_is_rejected(bring_in: Importer, write_csv: CsvWriter, event: EventMaker, text: str) -> None:
    """A nonexistent day, a word, a bare time among zoned ones, another century: rejected, not guessed."""
    report = bring_in(write_csv("events.csv", event(1), event(2), event(3, eventtime__c=text)))
    assert (report.total("rows_new"), report.total("rows_rejected")) == (2, 1)


def test_times_without_a_zone_are_refused_where_two_zones_are_possible(bring_in: Importer, write_csv: CsvWriter) -> None:
    """A team in Berlin must say whether its report shows Berlin time or UTC."""
    with pytest.raises(ExportError, match=r"wallet\.export_time_zone"):
        bring_in(write_csv("labels.csv", labelled(Event_Time="13.07.2026 14:37:03")), time_zone="Europe/Berlin")


def test_times_without_a_zone_are_read_in_the_zone_of_the_export(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """14:37 in Berlin is 12:37 UTC in summer and 13:37 in winter."""
    rows = labelled(Event_Time="13.07.2026 14:37:03"), labelled(Id="b", Event_Time="13.12.2026 14:37:03")
    bring_in(write_csv("labels.csv", *rows), export_time_zone="Europe/Berlin")
    assert times(ask) == ["2026-07-13 12:37:03", "2026-12-13 13:37:03"]


def test_the_report_says_how_times_were_read(bring_in: Importer, write_csv: CsvWriter) -> None:
    """The assumption of UTC is a note of the answer."""
    report = bring_in(write_csv("labels.csv", labelled(Event_Time="13.07.2026 14:37:03")))
    assert any("are read in UTC because" in note.text for note in report.to_answer().notes)


def test_a_time_that_the_clocks_skipped_is_rejected(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """Half past two on the last Sunday of March 2026 did not exist in Berlin; the rows around it did."""
    rows = [
        labelled(Id=i, Event_Time=f"29.03.2026 {clock}")
        for i, clock in zip("abc", ("01:59:59", "02:30:00", "03:00:00"), strict=True)
    ]
    bring_in(write_csv("labels.csv", *rows), export_time_zone="Europe/Berlin")
    assert times(ask) == ["2026-03-29 00:59:59", "2026-03-29 01:00:00"]
    assert ask("SELECT line, reason FROM rejects") == [(3, "a time that the clocks in Europe/Berlin skipped")]


def test_a_time_that_the_clocks_showed_twice_is_the_first(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """Half past two on 25 October 2026 came twice in Berlin: it counts as summer time, and the report says so."""
    rows = [
        labelled(Id=i, Event_Time=f"25.10.2026 {clock}")
        for i, clock in zip("abc", ("01:59:59", "02:30:00", "03:00:00"), strict=True)
    ]
    report = bring_in(write_csv("labels.csv", *rows), export_time_zone="Europe/Berlin")
    assert times(ask) == ["2026-10-24 23:59:59", "2026-10-25 00:30:00", "2026-10-25 02:00:00"]
    assert any("showed twice" in note.text for note in report.to_answer().notes)


def test_days_are_days_of_the_team(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """23:30 UTC on 13 July is 14 July in Berlin, two hours ahead; on the day of the change to winter, one."""
    rows = event(1, eventtime__c="2026-07-13T23:30:00Z"), event(2, eventtime__c="2026-10-25T22:30:00Z")
    bring_in(write_csv("events.csv", *rows), time_zone="Europe/Berlin")
    assert credits_per("day") == {"2026-07-14": Decimal(20), "2026-10-25": Decimal(20)}


def test_another_time_zone_rebuilds_the_days(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """The rows stay; their days follow the setting."""
    path = write_csv("events.csv", event(1, eventtime__c="2026-07-13T23:30:00Z"))
    bring_in(path)
    bring_in(path, time_zone="Asia/Tokyo")
    assert credits_per("day") == {"2026-07-14": Decimal(20)}
    bring_in(path, time_zone="America/Los_Angeles")
    assert credits_per("day") == {"2026-07-13": Decimal(20)}


def test_another_default_card_moves_use_but_no_grants(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """Usage follows the setting; once grants are on the former card, the setting is refused and nothing changes."""
    path = write_csv("events.csv", event(1, carddefinitiondevelopername__c=""))
    bring_in(path)
    bring_in(path, default_card="AgentCredits")
    assert credits_per("card") == {"AgentCredits": Decimal(20)}
    grant = {"Id": "g", "Quantity": "10", "Start Date": "2026-07-01", "Entitlement Transaction Type": "Add"}
    bring_in(write_csv("ledger.csv", grant), default_card="Agent Credits")
    with pytest.raises(ExportError, match=r"wallet\.default_card is FlexCredits.*Set it back to AgentCredits"):
        bring_in(path)
    assert credits_per("card") == {"AgentCredits": Decimal(20)}


def test_a_time_zone_that_does_not_exist_names_the_setting(bring_in: Importer, write_csv: CsvWriter) -> None:
    """The refusal of Europe/Atlantis names the setting."""
    with pytest.raises(ExportError, match=r"wallet\.export_time_zone is 'Europe/Atlantis'"):
        bring_in(write_csv("labels.csv", labelled(Event_Time="13.07.2026 14:37:03")), export_time_zone="Europe/Atlantis")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1.234,50"], "1234.50"),
        (["1,234.50"], "1234.50"),
        (["20,00"], "20"),
        (["20.00"], "20"),
        (["1,234", "0.5"], "1234.5"),
        (["1.234", "0,5"], "1234.5"),
        (["1,234,567"], "1234567"),
        (["20"], "20"),
    ],
)
def test_the_decimal_mark_is_decided_from_the_whole_file(
    bring_in: Importer, write_csv: CsvWriter, total_credits: Callable[[], Decimal], texts: list[str], expected: str
) -> None:
    """One unambiguous number decides for the ambiguous ones."""
    rows = [labelled(Id=str(n), Event_Time="13.07.2026 14:37:03", Units_Consumed=text) for n, text in enumerate(texts)]
    bring_in(write_csv("labels.csv", *rows, delimiter=";"))
    assert total_credits() == Decimal(expected)


@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_numbers_with_two_readings_are_refused(bring_in: Importer, write_csv: CsvWriter, text: str) -> None:
    """1,234 is a thousand or a bit over one: the refusal names wallet.decimal."""
    with pytest.raises(ExportError, match=r"wallet\.decimal"):
        bring_in(write_csv("labels.csv", labelled(Event_Time="13.07.2026 14:37:03", Units_Consumed=text), delimiter=";"))


@pytest.mark.parametrize(("mark", "expected"), [(",", "1.234"), (".", "1234")])
def test_the_setting_decides_the_decimal_mark(
    bring_in: Importer, write_csv: CsvWriter, total_credits: Callable[[], Decimal], mark: str, expected: str
) -> None:
    """Each value of wallet.decimal reads the file its way."""
    bring_in(
        write_csv("labels.csv", labelled(Event_Time="13.07.2026 14:37:03", Units_Consumed="1,234"), delimiter=";"), decimal=mark
    )
    assert total_credits() == Decimal(expected)


def test_amounts_finer_than_a_millionth_are_rounded_and_told_of(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """0.12345678 credits become 0.123457, and a note says that a row was rounded."""
    report = bring_in(write_csv("events.csv", event(1, unitsconsumed__c="0.12345678")))
    assert total_credits() == Decimal("0.123457")
    assert any("finer than a millionth" in note.text for note in report.to_answer().notes)


def test_credits_are_exact(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """Ten times a tenth is one, and a billion and a millionth stay exact."""
    rows = [event(n, unitsconsumed__c="0.1") for n in range(10)]
    bring_in(write_csv("events.csv", *rows, event(10, unitsconsumed__c="1000000000.000001")))
    assert total_credits() == Decimal("1000000001.000001")


def test_the_hour_shown_twice_is_found_also_by_a_frozen_clock() -> None:
    """Transitions of a zone are computed once per process, so a test that freezes time may be the first to need them."""
    with freeze_time("2026-11-21"):
        found = clock_changes.__wrapped__(ZoneInfo("Europe/Berlin"))
    assert datetime(2026, 10, 25, 1) in [change.at for change in found]  # noqa: DTZ001 - naive UTC, as the record has it
