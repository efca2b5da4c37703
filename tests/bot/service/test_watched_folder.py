"""The watched folder: a dropped file is imported once it is complete, and moved away with its report."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.service.watched_folder import WatchedFolder
from core.config.wallet import WalletSettings
from core.errors import MachineError, WarehouseBusyError
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.report import ImportReport
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import Warehouse, open_warehouse


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
    """Copy an export into the folder."""
    write_events(watched.folder / name, events, first_day=date(2026, 7, 1), days=5)
    return watched.folder / name


def names(folder: Path) -> list[str]:
    """Return the names in a folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_is_imported_when_it_has_stopped_growing(watched: WatchedFolder, warehouse: Warehouse) -> None:
    """The first look notices it; a look at which it has grown waits; the next one imports it whole."""
    path = drop(watched, "usage.csv")
    whole = path.read_bytes()
    path.write_bytes(whole[:2_000])
    assert watched.poll() == []
    path.write_bytes(whole)
    assert watched.poll() == []
    assert watched.poll() == [watched.folder / "done" / "usage.csv"]
    assert warehouse.execute("SELECT count(*) FROM usage_events") == [(100,)]


def test_links_are_not_followed(watched: WatchedFolder, tmp_path: Path, warehouse: Warehouse) -> None:
    """A link may lead to what its author may not read: it stays, and nothing of it is imported. So does the warehouse."""
    write_events(tmp_path / "elsewhere.csv", 10, first_day=date(2026, 7, 1), days=5)
    (watched.folder / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    (watched.folder / "wallet.csv").hardlink_to(warehouse.path)
    assert [watched.poll(), watched.poll(), watched.poll()] == [[], [], []]
    assert names(watched.folder) == ["link.csv", "wallet.csv"]
    assert warehouse.execute("SELECT count(*) FROM usage_events") == [(0,)]


def test_the_report_lies_beside_the_file(watched: WatchedFolder) -> None:
    """The report of a file is found where the file went."""
    drop(watched, "usage.csv")
    watched.poll()
    watched.poll()
    assert names(watched.folder / "done") == ["usage.csv", "usage.csv.report.txt"]
    assert "100" in (watched.folder / "done" / "usage.csv.report.txt").read_text(encoding="utf-8").splitlines()[0]


def test_what_is_refused_says_why_and_is_kept(watched: WatchedFolder) -> None:
    """A picture named .csv is moved to rejected/ unchanged, with the reason."""
    (watched.folder / "usage.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    watched.poll()
    watched.poll()
    assert (watched.folder / "rejected" / "usage.csv").read_bytes().startswith(b"\x89PNG")
    assert "PNG" in (watched.folder / "rejected" / "usage.csv.report.txt").read_text(encoding="utf-8")


def test_a_folder_of_the_old_name_is_used_on(watched: WatchedFolder) -> None:
    """If refused/ exists and rejected/ does not, rejected files still go to the known folder."""
    (watched.folder / "refused").mkdir()
    (watched.folder / "usage.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    watched.poll()
    watched.poll()
    assert names(watched.folder / "refused") == ["usage.csv", "usage.csv.report.txt"]
    assert not (watched.folder / "rejected").exists()


def test_a_name_that_comes_again_overwrites_nothing(watched: WatchedFolder) -> None:
    """Every export of a month may have the same name."""
    for events in (100, 200):
        drop(watched, "usage.csv", events)
        watched.poll()
        watched.poll()
    assert names(watched.folder / "done") == [
        "usage (2).csv",
        "usage (2).csv.report.txt",
        "usage.csv",
        "usage.csv.report.txt",
    ]


def test_hidden_files_and_folders_are_nobody_s_exports(watched: WatchedFolder) -> None:
    """Temporary names with a leading dot and folders stay."""
    (watched.folder / ".usage.csv.part").write_text("half", encoding="utf-8")
    (watched.folder / "archive").mkdir()
    assert (watched.poll(), watched.poll()) == ([], [])
    assert names(watched.folder) == [".usage.csv.part", "archive"]


def test_a_file_that_is_replaced_during_its_import_is_imported_too(tmp_path: Path, warehouse: Warehouse) -> None:
    """The next export takes the name while the first is read: both are imported, and nothing goes to done/ unread."""

    def take(path: Path) -> ImportReport:
        report = import_files(warehouse, [path], WalletSettings())
        if (tmp_path / "next.csv").exists():
            (tmp_path / "next.csv").rename(path)
        return report

    (tmp_path / "in").mkdir()
    watched = WatchedFolder(tmp_path / "in", take)
    write_events(tmp_path / "next.csv", 150, first_day=date(2026, 8, 1), days=5)
    drop(watched, "usage.csv")
    looks = [watched.poll() for _ in range(4)]
    assert looks == [[], [], [], [watched.folder / "done" / "usage.csv"]]
    assert warehouse.execute("SELECT count(*) FROM usage_events") == [(150,)]


def test_a_file_that_grows_during_its_import_is_read_to_its_end(tmp_path: Path, warehouse: Warehouse) -> None:
    """Rows appended meanwhile are imported two looks later."""
    write_events(tmp_path / "whole.csv", 100, first_day=date(2026, 7, 1), days=5)
    lines = (tmp_path / "whole.csv").read_bytes().splitlines(keepends=True)

    def take(path: Path) -> ImportReport:
        report = import_files(warehouse, [path], WalletSettings())
        if report.files[0].rows_read < 100:
            path.write_bytes(b"".join(lines))
        return report

    (tmp_path / "in").mkdir()
    watched = WatchedFolder(tmp_path / "in", take)
    (watched.folder / "usage.csv").write_bytes(b"".join(lines[:61]))
    for _ in range(4):
        watched.poll()
    assert warehouse.execute("SELECT count(*) FROM usage_events") == [(100,)]


def name_that_is_not_utf8(folder: Path) -> None:
    """Drop a file with a name from another system."""
    path = os.fsencode(folder) + b"/Verbrauch-M\xe4rz.csv"
    os.close(os.open(path, os.O_CREAT))


def name_without_room_for_its_report(folder: Path) -> None:
    """Drop a file with the longest possible name."""
    (folder / ("ä" * 120 + "a" * 11 + ".csv")).write_text("a,b\n1,2\n")


def link_to_itself(folder: Path) -> None:
    """Drop a link to itself."""
    (folder / "loop.csv").symlink_to("loop.csv")


@pytest.mark.parametrize("dropped", [name_that_is_not_utf8, name_without_room_for_its_report, link_to_itself])
def test_a_name_that_cannot_be_taken_keeps_no_other_waiting(
    watched: WatchedFolder, warehouse: Warehouse, dropped: Callable[[Path], None]
) -> None:
    """The file behind it is imported; the rejected one is in rejected/ once, with its report."""
    dropped(watched.folder)
    drop(watched, "zz.csv")
    for _ in range(4):
        watched.poll()
    assert names(watched.folder / "done") == ["zz.csv", "zz.csv.report.txt"]
    assert warehouse.execute("SELECT count(*) FROM usage_events") == [(100,)]
    assert len(names(watched.folder / "rejected")) == (0 if dropped is link_to_itself else 2)


def test_a_file_that_breaks_something_keeps_no_other_waiting(tmp_path: Path, warehouse: Warehouse) -> None:
    """An error with one file is raised after the others were imported."""

    def take(path: Path) -> ImportReport:
        if path.name == "a.csv":
            raise MachineError("The check found rows that must not be.")
        return import_files(warehouse, [path], WalletSettings())

    (tmp_path / "in").mkdir()
    watched = WatchedFolder(tmp_path / "in", take)
    drop(watched, "a.csv")
    drop(watched, "b.csv")
    watched.poll()
    with pytest.raises(MachineError):
        watched.poll()
    assert names(watched.folder / "done") == ["b.csv", "b.csv.report.txt"]


def test_what_cannot_be_moved_is_imported_once_and_moved_when_it_can_be(tmp_path: Path, warehouse: Warehouse) -> None:
    """A file named done is in the way: no report is left behind, and nothing is imported again."""
    taken = []

    def take(path: Path) -> ImportReport:
        taken.append(path.name)
        return import_files(warehouse, [path], WalletSettings())

    (tmp_path / "in").mkdir()
    watched = WatchedFolder(tmp_path / "in", take)
    drop(watched, "usage.csv")
    (watched.folder / "done").symlink_to("nowhere")
    for _ in range(4):
        watched.poll()
    assert (names(watched.folder), taken) == (["done", "usage.csv"], ["usage.csv"])
    (watched.folder / "done").unlink()
    assert watched.poll() == [watched.folder / "done" / "usage.csv"]
    assert taken == ["usage.csv"]


def test_a_file_that_cannot_be_renamed_leaves_no_report(watched: WatchedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is read-only: done/ does not fill with reports, look after look."""

    def not_permitted(_: Path, __: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", not_permitted)
    drop(watched, "usage.csv")
    for _ in range(4):
        watched.poll()
    assert names(watched.folder / "done") == []


def test_trouble_of_the_machine_leaves_the_file_for_later(tmp_path: Path) -> None:
    """A busy warehouse is not the file's fault, so the file stays."""

    def take(path: Path) -> ImportReport:
        raise WarehouseBusyError(path, "another process")

    (tmp_path / "in").mkdir()
    watched = WatchedFolder(tmp_path / "in", take)
    path = drop(watched, "usage.csv")
    watched.poll()
    with pytest.raises(WarehouseBusyError):
        watched.poll()
    assert path.exists()
