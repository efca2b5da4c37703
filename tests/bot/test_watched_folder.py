"""The watched folder: what is dropped in is imported once it is complete, and put away with its report."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.watched_folder import WatchedFolder
from core.errors import WarehouseBusyError
from core.wallet.importer import import_files
from core.wallet.invented import write_events
from core.wallet.report import ImportReport
from core.wallet.settings import WalletSettings
from core.warehouse import Warehouse, open_warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse."""
    with open_warehouse(tmp_path / "wallet.duckdb") as opened:
        yield opened


@pytest.fixture
def watched(tmp_path: Path, warehouse: Warehouse) -> WatchedFolder:
    """An empty watched folder."""
    (tmp_path / "in").mkdir()
    return WatchedFolder(tmp_path / "in", lambda path: import_files(warehouse, [path], WalletSettings()))


def drop(watched: WatchedFolder, name: str, events: int = 100) -> Path:
    """Put an export into the folder."""
    write_events(watched.folder / name, events, first_day=date(2026, 7, 1), days=5)
    return watched.folder / name


def names(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_is_imported_when_it_has_stopped_growing(watched: WatchedFolder, warehouse: Warehouse) -> None:
    """The first look only sees it; a look at which it has grown waits; the next one takes it whole."""
    path = drop(watched, "usage.csv")
    whole = path.read_bytes()
    path.write_bytes(whole[:2_000])
    assert watched.look() == []
    path.write_bytes(whole)
    assert watched.look() == []
    assert watched.look() == [watched.folder / "done" / "usage.csv"]
    assert warehouse.execute("SELECT count(*) FROM usage_events") == [(100,)]


def test_the_report_lies_beside_the_file(watched: WatchedFolder) -> None:
    """Whoever dropped it finds what came of it where the file went."""
    drop(watched, "usage.csv")
    watched.look()
    watched.look()
    assert names(watched.folder / "done") == ["usage.csv", "usage.csv.report.txt"]
    assert "100" in (watched.folder / "done" / "usage.csv.report.txt").read_text(encoding="utf-8").splitlines()[0]


def test_what_is_refused_says_why_and_is_kept(watched: WatchedFolder) -> None:
    """A picture named .csv goes to refused/ as it came, with the reason."""
    (watched.folder / "usage.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    watched.look()
    watched.look()
    assert (watched.folder / "refused" / "usage.csv").read_bytes().startswith(b"\x89PNG")
    assert "PNG" in (watched.folder / "refused" / "usage.csv.report.txt").read_text(encoding="utf-8")


def test_a_name_that_comes_again_overwrites_nothing(watched: WatchedFolder) -> None:
    """Every export of a month may be called the same."""
    for events in (100, 200):
        drop(watched, "usage.csv", events)
        watched.look()
        watched.look()
    assert names(watched.folder / "done") == [
        "usage (2).csv",
        "usage (2).csv.report.txt",
        "usage.csv",
        "usage.csv.report.txt",
    ]


def test_hidden_files_and_folders_are_nobody_s_exports(watched: WatchedFolder) -> None:
    """Temporary names with a leading dot and folders are left where they are."""
    (watched.folder / ".usage.csv.part").write_text("half", encoding="utf-8")
    (watched.folder / "archive").mkdir()
    assert (watched.look(), watched.look()) == ([], [])
    assert names(watched.folder) == [".usage.csv.part", "archive"]


def test_trouble_of_the_machine_leaves_the_file_for_later(tmp_path: Path) -> None:
    """A warehouse that is busy is no fault of the file's, which stays."""

    def take(path: Path) -> ImportReport:
        raise WarehouseBusyError(path, "another process")

    (tmp_path / "in").mkdir()
    watched = WatchedFolder(tmp_path / "in", take)
    path = drop(watched, "usage.csv")
    watched.look()
    with pytest.raises(WarehouseBusyError):
        watched.look()
    assert path.exists()
