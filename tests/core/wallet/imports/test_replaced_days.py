"""A file imported as the truth replaces its days, downwards too, in any order, and no longer once it is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from core.config.wallet import WalletSettings
from core.errors import ExportError
from core.wallet.deliveries import ReplacedDays
from core.wallet.imports import undo_imports
from core.wallet.ingest.pipeline import import_files

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from core.warehouse.database import Warehouse

Bring = Callable[..., tuple[str, ...]]
JULY_13 = ReplacedDays(date(2026, 7, 13), date(2026, 7, 13))
NOW = datetime(2026, 8, 1, tzinfo=UTC)


def daily(path: Path, *rows: tuple[str, object], card: str = "FlexCredits") -> Path:
    """Write a daily export: day and credits, each row with an id for its day, card and environment."""
    lines = [f"{card}-{day}-{nth},{day},{card},{used}" for nth, (day, used) in enumerate(rows)]
    path.write_text("\n".join(["id__c,utilizationdate__c,carddefinitiondevelopername__c,unitsconsumed__c", *lines]))
    return path


def events(path: Path, *rows: tuple[str, str, str, int]) -> Path:
    """Write events: id, time, agent, credits."""
    lines = [f"{key},{at},{agent},{used}" for key, at, agent, used in rows]
    path.write_text("\n".join(["id__c,eventtime__c,rootresourceidorapiname__c,unitsconsumed__c", *lines]))
    return path


@pytest.fixture
def bring(warehouse: Warehouse) -> Callable[..., tuple[str, ...]]:
    """Import a file, as the truth or not, and return its doubts."""

    def import_file(path: Path, replaces: ReplacedDays | None = None, **settings: Any) -> tuple[str, ...]:  # noqa: ANN401 - any setting
        return import_files(warehouse, [path], WalletSettings(**settings), replaces=replaces).files[0].doubts

    return import_file


def by_day(warehouse: Warehouse) -> dict[date, Decimal]:
    """Return the credits that count for each day."""
    return dict(warehouse.execute("SELECT day, sum(credits) FROM usage GROUP BY day ORDER BY day"))


@pytest.mark.parametrize("order", ["first", "last"])
def test_a_correction_downwards_wins_in_either_order(warehouse: Warehouse, bring: Bring, tmp_path: Path, order: str) -> None:
    """100 on 13 July become 80; the 50 of 14 July, which the file does not name, merge as usual."""
    high = daily(tmp_path / "high.csv", ("2026-07-13", 100), ("2026-07-14", 50))
    right = daily(tmp_path / "right.csv", ("2026-07-13", 80), ("2026-07-14", 40))
    for path in (right, high) if order == "first" else (high, right):
        bring(path, JULY_13 if path == right else None)
    assert by_day(warehouse) == {date(2026, 7, 13): 80, date(2026, 7, 14): 50}


def test_what_it_replaced_counts_again_when_it_is_taken_back(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """100 is replaced by 80, which is undone: 100 again, and the list of imports is one shorter."""
    bring(daily(tmp_path / "high.csv", ("2026-07-13", 100)))
    bring(daily(tmp_path / "right.csv", ("2026-07-13", 80)), JULY_13)
    undo_imports(warehouse, [2], WalletSettings(), who="kim", now=NOW)
    assert by_day(warehouse) == {date(2026, 7, 13): 100}
    assert warehouse.execute("SELECT count(*) FROM replaced_days") == [(0,)]


def test_the_last_of_two_truths_holds(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """Replaced by 80 and then by 70: 70; without the second: 80."""
    bring(daily(tmp_path / "a.csv", ("2026-07-13", 80)), JULY_13)
    bring(daily(tmp_path / "b.csv", ("2026-07-13", 70)), JULY_13)
    assert by_day(warehouse) == {date(2026, 7, 13): 70}
    undo_imports(warehouse, [2], WalletSettings(), who="kim", now=NOW)
    assert by_day(warehouse) == {date(2026, 7, 13): 80}


def test_a_file_that_came_before_can_be_said_to_be_the_truth(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """Imported plainly, 80 lost to 100; imported again as the truth it wins."""
    bring(daily(tmp_path / "high.csv", ("2026-07-13", 100)))
    right = daily(tmp_path / "right.csv", ("2026-07-13", 80))
    assert "--replaces" in bring(right)[0]
    bring(right, JULY_13)
    assert by_day(warehouse) == {date(2026, 7, 13): 80}


def test_daily_rows_replace_events_of_their_days(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """Events of 60 on 13 July and 20 on the 14th; the daily export has 30 for the 13th: 30 and 20."""
    bring(events(tmp_path / "e.csv", ("e1", "2026-07-13T10:00:00Z", "A", 60), ("e2", "2026-07-14T10:00:00Z", "A", 20)))
    bring(daily(tmp_path / "d.csv", ("2026-07-13", 30)), JULY_13)
    assert by_day(warehouse) == {date(2026, 7, 13): 30, date(2026, 7, 14): 20}


def test_events_replace_coarser_rows_of_their_days(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """The daily export has 100 and the true events 60: the 40 that only the daily export has do not count."""
    bring(daily(tmp_path / "d.csv", ("2026-07-13", 100)))
    bring(events(tmp_path / "e.csv", ("e1", "2026-07-13T10:00:00Z", "A", 60)), JULY_13)
    assert by_day(warehouse) == {date(2026, 7, 13): 60}


def test_one_agent_is_replaced_and_the_others_stay(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """Of agents A 60 and B 20 the file has A 40, in another spelling: 40 and 20."""
    bring(events(tmp_path / "e.csv", ("e1", "2026-07-13T10:00:00Z", "My_A", 60), ("e2", "2026-07-13T10:00:00Z", "B", 20)))
    corrected = events(tmp_path / "a.csv", ("e9", "2026-07-13T10:00:00Z", "My_A", 40))
    bring(corrected, ReplacedDays(JULY_13.first_day, JULY_13.last_day, "my a"))
    assert warehouse.execute("SELECT agent, sum(credits) FROM usage GROUP BY agent ORDER BY agent") == [("B", 20), ("My_A", 40)]


def test_an_agent_beside_coarser_rows_is_refused_and_changes_nothing(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """The daily export has 80, so a lower A would only move credits to no agent."""
    bring(events(tmp_path / "e.csv", ("e1", "2026-07-13T10:00:00Z", "A", 60), ("e2", "2026-07-13T10:00:00Z", "B", 20)))
    bring(daily(tmp_path / "d.csv", ("2026-07-13", 80)))
    corrected = events(tmp_path / "a.csv", ("e9", "2026-07-13T10:00:00Z", "A", 40))
    with pytest.raises(ExportError, match=r"a\.csv cannot be authoritative for 13 Jul 2026 of agent A: .*import .*2 \(d\.csv\)"):
        bring(corrected, ReplacedDays(JULY_13.first_day, JULY_13.last_day, "A"))
    assert by_day(warehouse) == {date(2026, 7, 13): 80}
    assert warehouse.execute("SELECT count(*) FROM imports") == [(2,)]


def test_other_cards_stay(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """The file has one card's rows; another card's usage of that day stays, and the import says so."""
    bring(daily(tmp_path / "other.csv", ("2026-07-13", 7), card="DataServices"))
    bring(daily(tmp_path / "high.csv", ("2026-07-13", 100)))
    report = import_files(warehouse, [daily(tmp_path / "right.csv", ("2026-07-13", 80))], WalletSettings(), replaces=JULY_13)
    assert by_day(warehouse) == {date(2026, 7, 13): 87}
    assert any("7 credits of DataServices in these days stay" in note for note in report.files[0].notes)


def test_rows_that_come_late_for_the_truth_are_told(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """An event of 20 that the truth lacks does not count; its import says so and warns."""
    bring(events(tmp_path / "right.csv", ("e1", "2026-07-13T10:00:00Z", "A", 60)), JULY_13)
    late = events(tmp_path / "late.csv", ("e1", "2026-07-13T10:00:00Z", "A", 60), ("e2", "2026-07-13T11:00:00Z", "A", 20))
    (doubt,) = bring(late)
    assert by_day(warehouse) == {date(2026, 7, 13): 60}
    assert doubt.startswith("1 row lies in days that import 1 (right.csv) is authoritative for, which does not have it: 20")
    undo_imports(warehouse, [1], WalletSettings(), who="kim", now=NOW)
    assert by_day(warehouse) == {date(2026, 7, 13): 80}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("2026-07-20", 5)], "has no row of 13 Jul 2026, so nothing would be left of it"),
        ([("2026-07-13", "many"), ("2026-07-13", 80)], r"has 1 row that cannot be read \(line 2"),
    ],
)
def test_what_cannot_be_the_truth_is_refused(
    warehouse: Warehouse, bring: Bring, tmp_path: Path, rows: list[tuple[str, object]], message: str
) -> None:
    """A file without a row for these days, or that was not read completely."""
    bring(daily(tmp_path / "high.csv", ("2026-07-13", 100)))
    with pytest.raises(ExportError, match=message):
        bring(daily(tmp_path / "right.csv", *rows), JULY_13)
    assert by_day(warehouse) == {date(2026, 7, 13): 100}


def test_grants_are_not_of_days(bring: Bring, tmp_path: Path) -> None:
    """A ledger replaces no days."""
    path = tmp_path / "ledger.csv"
    path.write_text("id__c,quantity__c,startdate__c,entitlementtransactiontype__c\ng,100,2026-07-13,Add\n")
    with pytest.raises(ExportError, match="not of days of use"):
        bring(path, JULY_13)


def test_days_are_the_teams_for_events_and_utc_for_daily_rows(warehouse: Warehouse, bring: Bring, tmp_path: Path) -> None:
    """In Berlin 13 July ends at 22:00 UTC: the event at 22:30 belongs to the 14th and stays."""
    berlin = {"time_zone": "Europe/Berlin"}
    bring(events(tmp_path / "e.csv", ("e1", "2026-07-13T10:00:00Z", "A", 60), ("e2", "2026-07-13T22:30:00Z", "A", 20)), **berlin)
    bring(events(tmp_path / "right.csv", ("e1", "2026-07-13T10:00:00Z", "A", 40)), JULY_13, **berlin)
    assert by_day(warehouse) == {date(2026, 7, 13): 40, date(2026, 7, 14): 20}
