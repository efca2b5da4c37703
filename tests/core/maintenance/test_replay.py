"""A warehouse as of an instant: the newest backup before it, and the kept exports imported since."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.config.wallet import WalletSettings
from core.errors import InputError
from core.maintenance import add_backup, restore_until
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse import Value, Warehouse, open_warehouse

START = datetime.now(UTC).replace(microsecond=0)
ROWS = {"first": 10, "kept": 20, "lost": 30, "later": 40}


def bring(warehouse: Warehouse, path: Path, hours: int) -> None:
    """Import an export of its own, that many hours after the start."""
    write_events(path, ROWS[path.stem], seed=hours + 10, first_day=date(2026, 7, 10), days=5)
    import_files(warehouse, [path], WalletSettings())
    values: dict[str, Value] = {"at": START + timedelta(hours=hours), "name": path.name}
    warehouse.execute("UPDATE imports SET imported_at = $at WHERE file_name = $name", values)


@pytest.fixture
def wallet(tmp_path: Path) -> Path:
    """A warehouse with a backup after its first import, and three later imports, two of whose files were kept."""
    (tmp_path / "done").mkdir()
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        bring(warehouse, tmp_path / "done" / "first.csv", 0)
        add_backup(warehouse, tmp_path / "backups", START + timedelta(hours=1), keep=9)
        bring(warehouse, tmp_path / "done" / "kept.csv", 2)
        bring(warehouse, tmp_path / "lost.csv", 3)
        bring(warehouse, tmp_path / "done" / "later.csv", 4)
    return tmp_path / "w.duckdb"


def events(file: Path) -> int:
    """Return how many events a warehouse holds."""
    with open_warehouse(file) as warehouse:
        return int(warehouse.execute("SELECT count(*) FROM usage_events")[0][0])


def test_what_came_in_since_the_backup_is_found(wallet: Path) -> None:
    """Kept exports are imported, missing ones named, later ones left out; the previous warehouse is kept."""
    folder = wallet.parent
    restored = restore_until(folder / "backups", wallet, START + timedelta(hours=3), [folder / "done"])
    assert (restored.exports, restored.missing, restored.is_known) == ((folder / "done" / "kept.csv",), ("lost.csv",), True)
    assert restored.aside is not None
    assert (events(wallet), events(restored.aside)) == (10, 10 + 20 + 30 + 40)


def test_a_warehouse_that_cannot_be_read_does_not_say_what_came_in(wallet: Path) -> None:
    """The missing imports are unknown then, and the answer says so."""
    wallet.write_bytes(b"damaged" * 10_000)
    restored = restore_until(wallet.parent / "backups", wallet, START + timedelta(hours=3), [wallet.parent / "done"])
    assert (restored.is_known, restored.exports, events(wallet)) == (False, (), 10)


def test_without_a_backup_before_nothing_is_touched(wallet: Path) -> None:
    """There is no backup before an instant that lies before the first."""
    with pytest.raises(InputError, match="no backup"):
        restore_until(wallet.parent / "backups", wallet, START, [wallet.parent / "done"])
    assert events(wallet) == 10 + 20 + 30 + 40
