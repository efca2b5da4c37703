"""Under other settings the same file is read anew, as the same import; kept exports are read again without the file."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from core.config.wallet import WalletSettings
from core.errors import ExportError
from core.wallet.imports import undo_imports
from core.wallet.ingest.pipeline import import_files, read_again

if TYPE_CHECKING:
    from pathlib import Path

    from core.warehouse.database import Warehouse

HEADER = "id__c,eventtime__c,rootresourceidorapiname__c,unitsconsumed__c"
HONOLULU, UTC_TIMES = WalletSettings(export_time_zone="Pacific/Honolulu"), WalletSettings(export_time_zone="UTC")
NOW = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two events without a time zone, 20 and 40 credits, late on 13 and 14 July."""
    path = tmp_path / "usage.csv"
    path.write_text(f"{HEADER}\ne1,2026-07-13 20:00:00,A,20\ne2,2026-07-14 20:00:00,A,40\n")
    return path


def by_day(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """Return the credits that count for each day."""
    return warehouse.execute("SELECT day, sum(credits) FROM usage GROUP BY day ORDER BY day")


RIGHT = [(date(2026, 7, 13), 20), (date(2026, 7, 14), 40)]


def test_the_same_file_by_another_setting_is_read_anew(warehouse: Warehouse, export: Path) -> None:
    """In Honolulu's time the events fall a day later; with the right zone the same file corrects them, as the same import."""
    import_files(warehouse, [export], HONOLULU)
    assert by_day(warehouse) == [(date(2026, 7, 14), 20), (date(2026, 7, 15), 40)]
    (report,) = import_files(warehouse, [export], UTC_TIMES).files
    assert (report.outcome, report.rows_same) == ("read again", 2)
    assert by_day(warehouse) == RIGHT
    assert warehouse.execute("SELECT import_id FROM imports") == [(1,)]
    assert import_files(warehouse, [export], UTC_TIMES).files[0].outcome == "already imported"


def test_a_kept_export_is_read_again_without_its_file(warehouse: Warehouse, export: Path) -> None:
    """The file is gone; its kept copy is read by the current settings only."""
    import_files(warehouse, [export], HONOLULU)
    export.unlink()
    (report,) = read_again(warehouse, [1], UTC_TIMES).files
    assert (report.name, report.outcome) == ("usage.csv", "read again")
    assert by_day(warehouse) == RIGHT
    assert "nothing is different" in read_again(warehouse, [1], UTC_TIMES).files[0].notes[0]


def test_one_file_of_an_archive_is_read_again(warehouse: Warehouse, export: Path, tmp_path: Path) -> None:
    """Only the second of an archive's two files."""
    other = export.read_text().replace("e1", "f1").replace("e2", "f2").replace("2026-07", "2026-06")
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.writestr("a.csv", other)
        archive.writestr("b.csv", export.read_text())
    import_files(warehouse, [tmp_path / "both.zip"], HONOLULU)
    (report,) = read_again(warehouse, [2], UTC_TIMES).files
    assert report.name == "both.zip/b.csv"
    assert by_day(warehouse) == [(date(2026, 6, 14), 20), (date(2026, 6, 15), 40), *RIGHT]


def test_a_reading_that_is_refused_leaves_what_was_there(warehouse: Warehouse, export: Path) -> None:
    """A setting under which the file cannot be read changes nothing."""
    export.write_text(f'{HEADER}\ne1,2026-07-13 20:00:00,A,"1,200"\n')
    import_files(warehouse, [export], WalletSettings(decimal="."))
    with pytest.raises(ExportError):
        import_files(warehouse, [export], WalletSettings(decimal=".", export_time_zone="Nowhere/Else"))
    assert warehouse.execute("SELECT sum(credits) FROM usage") == [(1200,)]


def test_what_is_taken_back_is_not_kept(warehouse: Warehouse, export: Path) -> None:
    """The kept copy is deleted with its import, at the latest by the next import; reading it again is refused."""
    import_files(warehouse, [export], UTC_TIMES)
    folder = warehouse.path.with_name(f"{warehouse.path.name}.exports")
    assert len(list(folder.iterdir())) == 1
    undo_imports(warehouse, [1], UTC_TIMES, who="kim", now=NOW)
    assert list(folder.iterdir()) == []
    with pytest.raises(ExportError, match=r"Import 1 \(usage.csv\) was taken back on 2026-08-01 00:00 UTC by kim"):
        read_again(warehouse, [1], UTC_TIMES)


def test_an_export_that_was_changed_on_the_disk_is_not_read_again(warehouse: Warehouse, export: Path) -> None:
    """A kept copy must be what was imported."""
    import_files(warehouse, [export], UTC_TIMES)
    (kept,) = warehouse.path.with_name(f"{warehouse.path.name}.exports").iterdir()
    kept.write_text("something else")
    with pytest.raises(ExportError, match=r"The export of import 1 \(usage.csv\) is not kept"):
        read_again(warehouse, [1], UTC_TIMES)
