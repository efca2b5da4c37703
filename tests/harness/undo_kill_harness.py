"""Take an import back again and again, kill -9 at a random moment each time, and look at what is left.

Usage: undo_kill_harness.py FOLDER KILLS. Two files share half of their rows; the first is taken back. It is then wholly
in, or the wallet is as if it had never come. Prints one JSON object: kills, imports found in, found out, broken states.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from core.config.wallet import WalletSettings
from core.wallet.imports import undo_imports
from core.wallet.ingest import find_broken_checks
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import open_warehouse
from tests.harness.children import in_child, status_of

ROWS = 400
IN, OUT, BROKEN = 10, 11, 12
TABLES = (
    "usage_events",
    "superseded_usage_events",
    "deliveries",
    "imports",
    "rejects",
    "usage_rollup",
    "user_rollup",
    "grain_days",
)


def bring(folder: Path, name: str) -> int:
    """Import a file, unless it is in."""
    with open_warehouse(folder / "warehouse.duckdb", wait_seconds=10) as warehouse:
        import_files(warehouse, [folder / f"{name}.csv"], WalletSettings())
    return 0


def take_back(folder: Path) -> int:
    """Take the first file back."""
    with open_warehouse(folder / "warehouse.duckdb", wait_seconds=10) as warehouse:
        (number,) = warehouse.execute("SELECT import_id FROM imports WHERE file_name = 'a.csv'")[0]
        undo_imports(warehouse, [number], WalletSettings(), who="kim", now=datetime.now(UTC))
    return 0


def look(folder: Path) -> int:
    """Say whether the first file is wholly in, wholly out, or neither; every check must hold as well."""
    with open_warehouse(folder / "warehouse.duckdb", wait_seconds=10) as warehouse:
        counts = {name: warehouse.execute(f"SELECT count(*) FROM {name}")[0][0] for name in TABLES}
        credits_used = str(warehouse.execute("SELECT sum(credits) FROM usage")[0][0])
        is_broken = bool(find_broken_checks(warehouse))
    state = json.dumps([counts, credits_used])
    known = folder / "states.json"
    states = json.loads(known.read_text()) if known.exists() else {}
    found = states.setdefault(str(counts["imports"]), state)
    known.write_text(json.dumps(states))
    return BROKEN if is_broken or found != state else IN if counts["imports"] > 1 else OUT


def main(folder: Path, kills: int) -> None:
    """Kill so many of them and print what was found after each."""
    chance = random.Random(20260713)
    found = {"kills": 0, "in": 0, "out": 0, "broken": 0}
    write_events(folder / "a.csv", ROWS, seed=1, first_day=date(2026, 7, 1), days=3)
    lines = (folder / "a.csv").read_text().splitlines(keepends=True)
    (folder / "b.csv").write_text("".join(lines[: ROWS // 2]))
    for name in ("b", "a"):
        status_of(in_child(partial(bring, folder, name)))
    status_of(in_child(lambda: look(folder)))
    longest = 0.0
    while found["kills"] < kills:
        started = time.monotonic()
        child = in_child(lambda: take_back(folder))
        if longest:
            time.sleep(chance.uniform(0, longest))
            os.kill(child, signal.SIGKILL)
        found["kills"] += status_of(child) == -signal.SIGKILL
        longest = longest or (time.monotonic() - started) * 1.1
        state = status_of(in_child(lambda: look(folder)))
        found[{IN: "in", OUT: "out"}.get(state, "broken")] += 1
        if state == OUT:
            status_of(in_child(lambda: bring(folder, "a")))
            found["broken"] += status_of(in_child(lambda: look(folder))) != IN
    sys.stdout.write(json.dumps(found))


main(Path(sys.argv[1]), int(sys.argv[2]))
