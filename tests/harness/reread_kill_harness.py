"""Kill -9, at random moments, what replaces rows that are in: reading an import again, and a file that is authoritative for days.

Usage: reread_kill_harness.py FOLDER KILLS again|replaces. A decimal comma is read as such or as a mark of thousands, by turns;
or a file says less of its days than the one before, and is taken back again. After each kill the credits are exactly those of
before or of after. Prints one JSON object: kills, states found before, found after, broken.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from core.config.wallet import WalletSettings
from core.wallet.deliveries import ReplacedDays
from core.wallet.imports import undo_imports
from core.wallet.ingest import find_broken_checks
from core.wallet.ingest.pipeline import import_files, read_again
from core.warehouse.database import Warehouse, open_warehouse
from tests.harness.children import in_child, status_of

ROWS = 400
BEFORE, AFTER, BROKEN = 10, 11, 12
POINT, COMMA = WalletSettings(decimal="."), WalletSettings(decimal=",")
DAYS = ReplacedDays(date(2026, 7, 1), date(2026, 7, 3))
TOTALS = {
    "again": {BEFORE: ROWS * Decimal(1_200), AFTER: ROWS * Decimal("1.2")},
    "replaces": {BEFORE: ROWS * Decimal(1_200), AFTER: ROWS * Decimal(7)},
}


def write(path: Path, amount: str) -> None:
    """Write an export of so many events in three days, all of one amount."""
    rows = [f'e{nth},2026-07-0{nth % 3 + 1}T10:{nth % 60:02}:00Z,"{amount}",Agent {nth % 7}\n' for nth in range(ROWS)]
    path.write_text("Id,Event Time,Units Consumed,Agent\n" + "".join(rows))


def number_of(warehouse: Warehouse, name: str) -> int:
    """Return the number of the import of a file."""
    return int(warehouse.execute("SELECT import_id FROM imports WHERE file_name = $name", {"name": name})[0][0])


def step(folder: Path, way: str, *, forth: bool) -> int:
    """Do what is to be killed, or undo it."""
    with open_warehouse(folder / "warehouse.duckdb", wait_seconds=10) as warehouse:
        if way == "again":
            read_again(warehouse, [number_of(warehouse, "a.csv")], COMMA if forth else POINT)
        elif forth:
            import_files(warehouse, [folder / "less.csv"], POINT, replaces=DAYS)
        else:
            undo_imports(warehouse, [number_of(warehouse, "less.csv")], POINT, who="kim", now=datetime.now(UTC))
    return 0


def look(folder: Path, way: str) -> int:
    """Say whether the credits are those of before or of after, or of neither; every check must hold as well."""
    with open_warehouse(folder / "warehouse.duckdb", wait_seconds=10) as warehouse:
        if find_broken_checks(warehouse):
            return BROKEN
        used = warehouse.execute("SELECT sum(credits) FROM usage")[0][0]
    return next((state for state, total in TOTALS[way].items() if total == used), BROKEN)


def main(folder: Path, kills: int, way: str) -> None:
    """Kill so many of them and print what was found after each."""
    chance = random.Random(20260713)
    found = {"kills": 0, "before": 0, "after": 0, "broken": 0}
    write(folder / "a.csv", "1,200")
    write(folder / "less.csv", "7")
    status_of(in_child(lambda: bring(folder)))
    longest, forth = 0.0, True
    while found["kills"] < kills:
        started = time.monotonic()
        child = in_child(partial(step, folder, way, forth=forth))
        if longest:
            time.sleep(chance.uniform(0, longest))
            os.kill(child, signal.SIGKILL)
        found["kills"] += status_of(child) == -signal.SIGKILL
        longest = longest or (time.monotonic() - started) * 1.1
        state = status_of(in_child(lambda: look(folder, way)))
        found[{BEFORE: "before", AFTER: "after"}.get(state, "broken")] += 1
        forth = state != AFTER
    sys.stdout.write(json.dumps(found))


def bring(folder: Path) -> int:
    """Import the first file."""
    with open_warehouse(folder / "warehouse.duckdb", wait_seconds=10) as warehouse:
        import_files(warehouse, [folder / "a.csv"], POINT)
    return 0


main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
