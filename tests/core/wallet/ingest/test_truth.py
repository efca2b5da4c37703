"""Every export of the same usage imports to exactly the same truth."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.errors import ExportError
from core.wallet.ingest.report import ImportReport

Importer = Callable[..., ImportReport]
Asker = Callable[[str], list[Any]]

LATER, FIRST = "events_overlapping_later_months.csv", "events_first_months.csv"
DELIVERIES = {
    "API names": ["events_api_names.csv"],
    "US labels": ["events_report_labels_us.csv"],
    "German labels": ["events_report_labels_german.csv"],
    "overlapping halves": [FIRST, LATER],
    "overlapping halves, later first": [LATER, FIRST],
    "all of them, some twice": [
        "events_report_labels_german.csv",
        FIRST,
        "events_api_names.csv",
        LATER,
        FIRST,
        "events_report_labels_us.csv",
    ],
}
KEYS = {"by_agent": "agent", "by_action": "action", "by_department": "department", "by_env": "environment", "by_day_utc": "day"}


@pytest.mark.parametrize("names", DELIVERIES.values(), ids=DELIVERIES)
@pytest.mark.parametrize(("entry", "column"), KEYS.items())
def test_credits_equal_the_truth(
    bring_in: Importer,
    exports: Path,
    truth: dict[str, Any],
    credits_per: Callable[[str], dict[str, Decimal]],
    names: list[str],
    entry: str,
    column: str,
) -> None:
    """Credits by agent, action, department, environment and day equal the truth to the last credit."""
    bring_in(*(exports / name for name in names))
    assert credits_per(column) == truth[entry]


@pytest.mark.parametrize("names", DELIVERIES.values(), ids=DELIVERIES)
def test_counts_equal_the_truth(bring_in: Importer, exports: Path, truth: dict[str, Any], ask: Asker, names: list[str]) -> None:
    """Actions, credits and events equal the truth."""
    bring_in(*(exports / name for name in names))
    assert ask("SELECT sum(actions), sum(credits), sum(row_count) FROM usage") == [
        (truth["actions"], truth["credits"], truth["events"])
    ]


@pytest.mark.parametrize("names", DELIVERIES.values(), ids=DELIVERIES)
def test_data_goes_through_to_the_latest_processed_time(
    bring_in: Importer, exports: Path, truth: dict[str, Any], names: list[str]
) -> None:
    """Data through equals the truth; label exports have whole seconds only."""
    report = bring_in(*(exports / name for name in names))
    expected = datetime.fromisoformat(truth["data_through"])
    assert report.data_through is not None
    assert timedelta(0) <= expected - report.data_through < timedelta(seconds=1)


def test_the_same_file_again_changes_nothing(bring_in: Importer, exports: Path, ask: Asker) -> None:
    """The second import reads 5,191 known rows and adds none."""
    bring_in(exports / "events_api_names.csv")
    report = bring_in(exports / "events_api_names.csv")
    assert [report.total(c) for c in ("rows_read", "rows_new", "rows_changed", "rows_same", "rows_rejected")] == [
        5191,
        0,
        0,
        5191,
        0,
    ]
    assert ask("SELECT count(*) FROM usage_events") == [(5191,)]


def test_daily_rows_alone_equal_the_truth(
    bring_in: Importer, exports: Path, truth: dict[str, Any], credits_per: Callable[[str], dict[str, Decimal]]
) -> None:
    """The daily export, without its storage levels, gives the same credits per environment and UTC day."""
    bring_in(exports / "daily.csv")
    assert credits_per("environment") == truth["by_env"]
    assert credits_per("day") == truth["by_day_utc"]


def test_the_ledger_grants_what_the_truth_says(bring_in: Importer, exports: Path, truth: dict[str, Any], ask: Asker) -> None:
    """Adds and reimbursements minus reductions; the Reparenting row is recorded but not counted."""
    report = bring_in(exports / "ledger.csv")
    assert ask("SELECT sum(credits) FROM grants") == [(truth["granted_excluding_reparenting"],)]
    assert Decimal(1_000_000 + 200_000 - 15_000 + 4_000) == truth["granted_excluding_reparenting"]
    assert report.total("rows_new") == 5
    assert any("Reparenting" in note.text for note in report.to_answer().notes)


def test_the_stated_balance_is_reconciled(bring_in: Importer, exports: Path, truth: dict[str, Any]) -> None:
    """Imported production credits and grants equal what computeConsumption states."""
    report = bring_in(exports / "events_api_names.csv", exports / "ledger.csv", exports / "compute_consumption.json")
    (row,) = report.reconciliations
    assert (row.card, row.environment) == ("FlexCredits", "production")
    assert row.used_credits == row.stated_used == truth["by_env"]["production"]
    assert row.ledger_credits == row.stated_granted == truth["granted_excluding_reparenting"]


def test_faulty_rows_are_rejected_with_their_place(bring_in: Importer, exports: Path, ask: Asker) -> None:
    """Four rows are rejected with line, column, reason and text."""
    report = bring_in(exports / "events_with_faults.csv")
    found = ask(
        "SELECT line, column_name, reason, original_text LIKE '%,' || said || ',%' FROM rejects JOIN (VALUES"
        " (5, 'abc'), (12, '2026-13-45T00:00:00Z'), (62, 'NaN'), (63, '1e400')) AS v(place, said)"
        " ON line = place ORDER BY line"
    )
    assert found == [
        (5, "unitsconsumed__c", "not a number", True),
        (12, "eventtime__c", "not a time", True),
        (62, "unitsconsumed__c", "not a number", True),
        (63, "unitsconsumed__c", "not a number", True),
    ]
    assert [report.total(c) for c in ("rows_read", "rows_new", "rows_same", "rows_rejected")] == [200, 195, 1, 4]


def test_oddities_are_kept_and_counted(bring_in: Importer, exports: Path, ask: Asker) -> None:
    """Formulas and pings are names; rows without id, without environment or with broken tags are kept and reported."""
    report = bring_in(exports / "events_with_faults.csv")
    assert ask(
        "SELECT count(*) FROM usage_events WHERE id LIKE '#%' OR environment IS NULL OR root_resource_tags = '{broken json'"
    ) == [(3,)]
    assert ask("SELECT sum(row_count) FROM usage WHERE environment = 'unknown'") == [(1,)]
    agents = {row[0] for row in ask("SELECT agent FROM usage")}
    assert {'=HYPERLINK("http://evil.example","x")', "<!channel> *Bold* Agent"} <= agents
    notes = " ".join(note.text for note in report.to_answer().notes)
    assert all(words in notes for words in ("carries no id", "tags in no known shape", "does not say production or sandbox"))


def test_a_file_cut_off_in_a_row_loses_that_row_only(bring_in: Importer, exports: Path, ask: Asker) -> None:
    """All 111 complete rows are in, and the truncated one is rejected with its line."""
    report = bring_in(exports / "truncated.csv")
    assert [report.total(c) for c in ("rows_new", "rows_rejected")] == [111, 1]
    assert ask("SELECT line, reason, original_text LIKE 'teue-7-0000112,%' FROM rejects") == [
        (113, "it has 24 columns, the header has 28", True)
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [("empty.csv", "empty.csv is empty"), ("not_an_export.csv", "name, colour"), ("truth.json", "truth.json")],
)
def test_what_is_no_export_is_refused(bring_in: Importer, exports: Path, ask: Asker, name: str, words: str) -> None:
    """The refusal names the file and what it contains, and nothing is imported."""
    with pytest.raises(ExportError, match=words):
        bring_in(exports / name)
    assert ask("SELECT count(*) FROM imports") == [(0,)]


def test_a_folder_is_imported_file_by_file(
    bring_in: Importer, exports: Path, truth: dict[str, Any], total_credits: Callable[[], Decimal]
) -> None:
    """Readable files of a folder are imported; the others are reported as refused and stop nothing."""
    report = bring_in(exports)
    assert {file.name for file in report.refused} == {"empty.csv", "not_an_export.csv", "truth.json"}
    assert total_credits() == truth["credits"]
