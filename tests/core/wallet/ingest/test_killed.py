"""Killed at any moment, interrupted or run twice at once: a file is wholly in or wholly out, and no row is in twice."""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.config.wallet import WalletSettings
from core.errors import WarehouseBusyError
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import Session, open_warehouse

HARNESS = Path(__file__).parents[3] / "harness" / "kill_harness.py"
IMPORT = (
    "import sys; from core.warehouse.database import open_warehouse; from core.wallet.ingest.pipeline import import_files;"
    "from core.config.wallet import WalletSettings\n"
    "with open_warehouse(sys.argv[1], wait_seconds=60) as warehouse:\n"
    "    print('open', flush=True)\n"
    "    print(import_files(warehouse, sys.argv[2:], WalletSettings()).total('rows_new'))"
)


def importing(warehouse: Path, *paths: Path) -> subprocess.Popen[str]:
    """Start a process that imports the files."""
    command = [sys.executable, "-c", IMPORT, str(warehouse), *map(str, paths)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def counts(warehouse: Path) -> object:
    """Return the number of events and of distinct ids."""
    with open_warehouse(warehouse, wait_seconds=10) as opened:
        return opened.execute("SELECT count(*), count(DISTINCT id) FROM usage_events")[0]


def test_killed_two_hundred_times(tmp_path: Path) -> None:
    """After each of 200 kills at random moments the file is wholly in or wholly out; importing again completes it."""
    for side in ("a", "b"):
        (tmp_path / side).mkdir()
    running = [
        subprocess.Popen([sys.executable, HARNESS, tmp_path / side, "100"], stdout=subprocess.PIPE, text=True)
        for side in ("a", "b")
    ]
    found = [json.loads(process.communicate()[0]) for process in running]
    assert sum(entry["kills"] for entry in found) >= 200
    assert sum(entry["broken"] for entry in found) == 0
    assert all(entry["whole"] and entry["absent"] for entry in found)


def test_two_processes_at_once_both_land(tmp_path: Path) -> None:
    """The second waits for the first; of 600 and 600 rows with 600 in common none is in twice."""
    for number, seed in enumerate((1, 1)):
        write_events(tmp_path / f"{number}.csv", 600 + number, seed=seed, days=3)
    running = [importing(tmp_path / "w.duckdb", tmp_path / f"{number}.csv") for number in (0, 1)]
    assert [process.wait() for process in running] == [0, 0]
    for process in running:
        process.communicate()
    assert counts(tmp_path / "w.duckdb") == (601, 601)


def test_two_threads_at_once_both_land(tmp_path: Path) -> None:
    """Within one process our own lock lets one transaction write at a time."""
    paths = [tmp_path / f"{number}.csv" for number in range(4)]
    for number, path in enumerate(paths):
        write_events(path, 300 + number, seed=1, days=3)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        threads = [threading.Thread(target=import_files, args=(warehouse, [path], WalletSettings())) for path in paths + paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert warehouse.execute("SELECT count(*), count(DISTINCT id) FROM usage_events") == [(303, 303)]
        assert warehouse.execute("SELECT count(*) FROM imports") == [(4,)]


def test_who_holds_the_file_is_named(tmp_path: Path) -> None:
    """Without waiting, the error has the file, the program and its process id."""
    write_events(tmp_path / "a.csv", 60_000, seed=1, days=3)
    holder = importing(tmp_path / "w.duckdb", tmp_path / "a.csv")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    with (
        pytest.raises(WarehouseBusyError, match=rf"w\.duckdb is in use by agentcost \(process {holder.pid}\)"),
        open_warehouse(tmp_path / "w.duckdb"),
    ):
        pass
    holder.communicate()


def test_interrupted_by_the_keyboard_leaves_nothing_half_done(tmp_path: Path) -> None:
    """Ctrl-C during an import ends the process; nothing of the file is in, and the next import is complete."""
    write_events(tmp_path / "a.csv", 200_000, seed=1, days=3)
    process = importing(tmp_path / "w.duckdb", tmp_path / "a.csv")
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    time.sleep(0.4)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=30)
    assert process.returncode != 0
    assert printed == ""
    assert counts(tmp_path / "w.duckdb") == (0, 0)
    finished = importing(tmp_path / "w.duckdb", tmp_path / "a.csv")
    assert finished.communicate()[0].split() == ["open", "200000"]


def test_what_fails_before_the_commit_undoes_the_file(tmp_path: Path) -> None:
    """A hook that raises inside the transaction undoes the file's rows, rollups and ledger entry."""
    write_events(tmp_path / "a.csv", 300, seed=1, days=3)

    def refuse(session: Session, _: object) -> None:
        assert session.value("SELECT count(*) FROM usage_events") == 300
        raise LookupError

    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        with pytest.raises(LookupError):
            import_files(warehouse, [tmp_path / "a.csv"], WalletSettings(), before_commit=refuse)
        tables = ("usage_events", "usage_rollup", "user_rollup", "imports", "tag_sets")
        assert [warehouse.execute(f"SELECT count(*) FROM {table}")[0][0] for table in tables] == [0] * 5
        assert import_files(warehouse, [tmp_path / "a.csv"], WalletSettings()).total("rows_new") == 300
