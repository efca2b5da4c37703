"""`import --explain` says what a file is and how each column is read, and imports nothing; sample exports are consistent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.config.wallet import WalletSettings
from core.errors import ExportError
from core.wallet.ingest.dry_run import explain_file
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.report import ImportReport
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import Warehouse

Importer = Callable[..., ImportReport]
Asker = Callable[[str], list[Any]]


def test_every_column_is_explained(exports: Path) -> None:
    """Each header with its field and its first value."""
    answer = explain_file(exports / "events_report_labels_german.csv", WalletSettings())
    assert answer.headline.startswith(
        "events_report_labels_german.csv is enriched usage events: 5,191 rows, all of which can be read"
    )
    assert ("Units Consumed", "credits", "exact number", "20,00", "events_report_labels_german.csv") in answer.table(
        "columns"
    ).rows
    assert len(answer.table("columns").rows) == 14
    assert any("decimal comma" in note.text for note in answer.notes)


def test_faults_are_counted(exports: Path) -> None:
    """The rows that an import would reject are counted, with the first line."""
    answer = explain_file(exports / "events_with_faults.csv", WalletSettings())
    assert answer.figure("rows_rejected").value == 4
    assert ("not a number", "unitsconsumed__c", 3, "events_with_faults.csv", 5) in answer.table("rejects").rows


def test_what_import_refuses_explain_refuses(exports: Path) -> None:
    """Both refuse in the same sentence."""
    with pytest.raises(ExportError, match="name, colour"):
        explain_file(exports / "not_an_export.csv", WalletSettings())


def test_the_same_seed_invents_the_same_events(tmp_path: Path) -> None:
    """Two files with one seed are equal; another seed shares no id."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_events(tmp_path / name, 1_000, seed=seed, days=10)
    texts = {name: (tmp_path / name).read_text() for name in "abc"}
    assert texts["a"] == texts["b"]
    ids = {name: {line.split(",")[0] for line in text.splitlines()[1:]} for name, text in texts.items()}
    assert len(ids["a"]) == 1_000
    assert not ids["a"] & ids["c"]


def test_invented_events_import_without_a_reject(bring_in: Importer, tmp_path: Path, ask: Asker) -> None:
    """All rows are imported, on all days."""
    write_events(tmp_path / "invented.csv", 2_000, days=20)
    assert bring_in(tmp_path / "invented.csv").total("rows_rejected") == 0
    assert ask("SELECT count(*), count(DISTINCT day), count(DISTINCT agent) FROM usage_events JOIN usage USING (day)")[0][1] == 20


def test_progress_ends_at_the_number_of_rows(warehouse: Warehouse, tmp_path: Path) -> None:
    """The progress never exceeds the number of rows, and ends at it."""
    write_events(tmp_path / "invented.csv", 150_000, days=20)
    told: list[tuple[int, int | None]] = []
    import_files(
        warehouse, [tmp_path / "invented.csv"], WalletSettings(), progress=lambda done, total: told.append((done, total))
    )
    assert told[-1] == (150_000, 150_000)
    assert all(total and 0 <= done <= total for done, total in told)
    assert len(told) > 1
