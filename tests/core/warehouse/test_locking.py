"""One holder: a warehouse belongs to one process until that process ends or releases it, whatever files it opens and closes."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.config import WalletSettings
from core.errors import ExportError, InputError, MachineError, WarehouseBusyError
from core.maintenance.backup import back_up, restore
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse import locking
from core.warehouse.database import Warehouse, open_warehouse
from core.warehouse.locking import is_held, lock_file

ROOT = Path(__file__).parents[3]
HOLDER = """
import sys
from pathlib import Path
from core.warehouse.database import open_warehouse

with open_warehouse(sys.argv[1]) as warehouse:
    Path(sys.argv[1]).open("rb").close()  # DuckDB's own lock falls with this
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def wallet(tmp_path: Path) -> Path:
    """A warehouse of 100 events."""
    file = tmp_path / "wallet.duckdb"
    write_events(tmp_path / "export.csv", 100, days=10)
    with open_warehouse(file) as warehouse:
        import_files(warehouse, [tmp_path / "export.csv"], WalletSettings())
    return file


@contextmanager
def held_by_another(file: Path) -> Iterator[int]:
    """Start a process that holds the warehouse and has closed a descriptor of it; return its number."""
    program = [sys.executable, "-c", HOLDER, str(file)]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process.pid
        process.communicate("")


def epoch(file: Path) -> int:
    """Return the epoch in a lock file."""
    return int(json.loads(lock_file(file).read_text(encoding="utf-8"))["epoch"])


def test_a_closed_descriptor_lets_nobody_in(wallet: Path) -> None:
    """A second opening is refused with the holder's number, although the holder closed a descriptor of the file."""
    with held_by_another(wallet) as pid, pytest.raises(WarehouseBusyError, match=f"process {pid}"), open_warehouse(wallet):
        pass


def test_readers_are_kept_out_too(wallet: Path) -> None:
    """Reading beside a writer is refused."""
    with held_by_another(wallet), pytest.raises(WarehouseBusyError), open_warehouse(wallet, read_only=True):
        pass


def test_restore_is_refused_under_a_holder(wallet: Path, tmp_path: Path) -> None:
    """A held warehouse stays in place, and nothing is left beside it."""
    shutil.copyfile(wallet, tmp_path / "backup.duckdb")
    with held_by_another(wallet):
        before = {path.name: path.stat().st_ino for path in tmp_path.iterdir()}
        with pytest.raises(WarehouseBusyError):
            restore(tmp_path / "backup.duckdb", wallet)
        assert {path.name: path.stat().st_ino for path in tmp_path.iterdir()} == before


def test_a_damaged_warehouse_is_still_somebodys(wallet: Path, tmp_path: Path) -> None:
    """An unreadable file may still be held."""
    shutil.copyfile(wallet, tmp_path / "backup.duckdb")
    with held_by_another(wallet):
        wallet.write_bytes(b"damaged" * 10_000)
        with pytest.raises(WarehouseBusyError):
            restore(tmp_path / "backup.duckdb", wallet)


def test_a_backup_keeps_every_lock(wallet: Path, tmp_path: Path) -> None:
    """DuckDB's own lock on the file is still there after a backup."""
    with open_warehouse(wallet) as warehouse:
        back_up(warehouse, tmp_path / "backup.duckdb")
        assert f":{wallet.stat().st_ino} " in Path("/proc/locks").read_text(encoding="utf-8")


def test_each_holder_has_an_epoch_of_its_own(wallet: Path) -> None:
    """Opening counts the epoch up by one."""
    before = epoch(wallet)
    with open_warehouse(wallet):
        assert epoch(wallet) == before + 1


def test_without_its_lock_file_nothing_is_written(wallet: Path) -> None:
    """If the lock file is removed, another process may hold the warehouse: a write is refused and leaves nothing."""
    with open_warehouse(wallet) as warehouse:
        lock_file(wallet).unlink()
        with pytest.raises(MachineError, match="removed or taken over"), warehouse.writing() as session:
            session.execute("DELETE FROM usage_events")
        assert warehouse.execute("SELECT count(*) FROM usage_events") == [(100,)]


def test_a_lock_lost_during_a_write_undoes_it(wallet: Path) -> None:
    """A transaction whose holder changes before its commit is rolled back."""
    with open_warehouse(wallet) as warehouse:
        with pytest.raises(MachineError, match="removed or taken over"):
            lose_the_lock_while_writing(warehouse)
        assert warehouse.execute("SELECT count(*) FROM usage_events") == [(100,)]


def lose_the_lock_while_writing(warehouse: Warehouse) -> None:
    """Delete everything, and let another holder register before the commit."""
    with warehouse.writing() as session:
        session.execute("DELETE FROM usage_events")
        lock_file(warehouse.path).write_text(json.dumps({"epoch": 9999}), encoding="utf-8")


def test_the_warehouse_is_no_export(wallet: Path, tmp_path: Path) -> None:
    """The warehouse itself, by any name, is not opened as an export."""
    (tmp_path / "other.csv").hardlink_to(wallet)
    with open_warehouse(wallet) as warehouse:
        assert (is_held(wallet), is_held(tmp_path / "export.csv")) == (True, False)
        with pytest.raises(ExportError, match="the warehouse itself"):
            import_files(warehouse, [tmp_path / "other.csv"], WalletSettings())


def test_two_readers_may_read(wallet: Path) -> None:
    """Several processes may open it for reading, and cannot write then."""
    program = (
        "import sys; from core.warehouse.database import open_warehouse\nwith open_warehouse(sys.argv[1], read_only=True): pass"
    )
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    with open_warehouse(wallet, read_only=True) as warehouse:
        assert subprocess.run([sys.executable, "-c", program, wallet], env=variables, check=False).returncode == 0
        with pytest.raises(MachineError, match="reading only"), warehouse.writing():
            pass


def test_a_link_is_no_lock_file(wallet: Path, tmp_path: Path) -> None:
    """A lock file that is a link is not followed."""
    lock_file(wallet).unlink()
    lock_file(wallet).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MachineError, match="cannot be opened"), open_warehouse(wallet):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_files_are_their_owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Warehouse, log, lock, spool and backup are readable by their owner only, whatever the umask; older files are restricted."""
    monkeypatch.setattr(locking, "_held", {})  # other tests keep a warehouse open, and the mask is taken with the first one
    file = tmp_path / "private" / "wallet.duckdb"
    before = os.umask(0)
    try:
        with open_warehouse(file) as warehouse, warehouse.spool() as spool:
            back_up(warehouse, file.with_name("backup.duckdb"))
            assert stat.S_IMODE(spool.parent.stat().st_mode) == 0o700
            assert open_to_others(file.parent) == []
        assert os.umask(0) == 0
        file.chmod(0o644)
        with open_warehouse(file):
            assert open_to_others(file.parent) == []
    finally:
        os.umask(before)


def open_to_others(folder: Path) -> list[Path]:
    """Return the folder and files in it that other users may access."""
    return [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def test_a_backup_that_was_killed_leaves_nothing(wallet: Path, tmp_path: Path) -> None:
    """The next backup removes the leftovers of a dead process, not those of a living one."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left, living = (tmp_path / f"old.duckdb.{pid}.unfinished" for pid in (gone.pid, os.getppid()))
    for path in (left, left.with_name(f"{left.name}.wal"), living):
        path.write_bytes(b"half")
    with open_warehouse(wallet) as warehouse:
        back_up(warehouse, tmp_path / "new.duckdb")
    assert sorted(path.name for path in tmp_path.glob("*unfinished*")) == [living.name]


def test_a_folder_that_is_closed_is_named(wallet: Path, tmp_path: Path) -> None:
    """A backup that cannot be written says why, and the warehouse stays open."""
    with open_warehouse(wallet) as warehouse:
        with pytest.raises((InputError, MachineError), match="no/backup"):
            back_up(warehouse, tmp_path / "no" / "backup.duckdb")
        assert warehouse.execute("SELECT count(*) FROM usage_events") == [(100,)]
