"""Import files again and again, kill -9 at a random moment each time, and look at what is left.

Usage: kill_harness.py FOLDER KILLS [alerts]. With `alerts` each import decides what is news after its file, and each file
passes a level. Either deciding is still due, and the next look makes up for it, or it is done: then what was used must be
what the files hold, and the level that it passed the last that was told.
Prints one JSON object: kills, files found whole, files found absent, broken states.
The importing process is a fork of this one, which itself never opens the warehouse.
"""

import json
import os
import random
import signal
import sys
import time
from contextlib import nullcontext
from datetime import UTC, date, datetime
from decimal import ROUND_FLOOR, Decimal
from functools import partial
from pathlib import Path

from core.config.alerts import AlertSettings
from core.config.loader import Config, Contract, GrantInput
from core.config.teams import Team
from core.config.wallet import WalletSettings
from core.context import Context
from core.ingestion import evaluate, ingest
from core.wallet.ingest import find_broken_checks
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import Warehouse, open_warehouse
from tests.harness.children import in_child, status_of

ROWS = 400
WHOLE, ABSENT, BROKEN = 10, 11, 12
WITH_ALERTS = sys.argv[3:] == ["alerts"]
GRANTED, FIRST_DAY, NOW = Decimal(500_000), date(2026, 7, 1), datetime(2026, 7, 10, tzinfo=UTC)
TOO_MUCH = Decimal(10**9)
CONFIG = Config(
    contract=Contract(FIRST_DAY, date(2027, 7, 1), grants=(GrantInput(GRANTED, FIRST_DAY, date(2027, 7, 1)),)),
    alerts=AlertSettings(levels=tuple(range(1, 201)), pace_percent=TOO_MUCH, min_usd=TOO_MUCH, stale_days=300),
    teams=(Team("Service", channels=("C0123ABCDEF",)),),
)


def bring(folder: Path, number: int) -> int:
    """Import one file."""
    with open_warehouse(folder / "warehouse.duckdb", wait_seconds=10) as warehouse:
        if not WITH_ALERTS:
            import_files(warehouse, [folder / f"{number}.csv"], WalletSettings())
            return 0
        context = Context(FIRST_DAY, CONFIG, lambda: nullcontext(warehouse))
        ingest(warehouse, [folder / f"{number}.csv"], context, who="kim", source="test", clock=lambda: NOW)
    return 0


def alerts_agree(warehouse: Warehouse) -> bool:
    """Whether what was decided is what the files hold; what is due is decided first."""
    context = Context(FIRST_DAY, CONFIG, lambda: nullcontext(warehouse))
    evaluate(warehouse, context, NOW, only_if_due=True)
    used = warehouse.execute("SELECT coalesce(sum(credits), 0) FROM usage")[0][0]
    percent = used / GRANTED * 100
    before = warehouse.execute("SELECT coalesce(max(used_percent), 0) FROM previous_levels")[0][0]
    told = {
        row[0] for row in warehouse.execute("SELECT CAST(level AS INTEGER) FROM alerts JOIN outbox ON alert_key = alerts.key")
    }
    return before == percent.quantize(before, ROUND_FLOOR) and max(told, default=0) == int(percent)


def look(folder: Path, number: int) -> int:
    """Say whether the file is wholly in, wholly out, or neither; every check must hold as well."""
    with open_warehouse(folder / "warehouse.duckdb", wait_seconds=10) as warehouse:
        if find_broken_checks(warehouse):
            return BROKEN
        if WITH_ALERTS and not alerts_agree(warehouse):
            return BROKEN
        pattern = {"pattern": f"teue-{number}-%"}
        rows = warehouse.execute("SELECT count(*) FROM usage_events WHERE id LIKE $pattern", pattern)[0][0]
        entries = warehouse.execute("SELECT count(*) FROM imports WHERE file_name = $name", {"name": f"{number}.csv"})[0][0]
    return {(ROWS, 1): WHOLE, (0, 0): ABSENT}.get((rows, entries), BROKEN)


def killed_once(folder: Path, number: int, seconds: float) -> bool:
    """Start an import, kill it after so many seconds, and return whether the kill came before it was done."""
    child = in_child(lambda: bring(folder, number))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return status_of(child) == -signal.SIGKILL


def main(folder: Path, kills: int) -> None:
    """Kill so many imports and print what was found after each."""
    chance = random.Random(20260713)
    found = {"kills": 0, "whole": 0, "absent": 0, "broken": 0}
    number = 0
    write_events(folder / "0.csv", ROWS, seed=0, first_day=date(2026, 7, 1), days=3)
    started = time.monotonic()
    status_of(in_child(lambda: bring(folder, number)))
    longest = (time.monotonic() - started) * 1.1
    while found["kills"] < kills:
        if not (folder / f"{number}.csv").exists():
            write_events(folder / f"{number}.csv", ROWS, seed=number, first_day=date(2026, 7, 1), days=3)
        after = chance.uniform(0, longest)
        if killed_once(folder, number, after):
            found["kills"] += 1
        else:  # it was done by then: the first import makes the schema too, perhaps on a busier machine
            longest = min(longest, after * 1.1)
        state = status_of(in_child(partial(look, folder, number)))
        found[{WHOLE: "whole", ABSENT: "absent"}.get(state, "broken")] += 1
        number += state == WHOLE
    for again in range(number + 1):
        if (folder / f"{again}.csv").exists():
            status_of(in_child(partial(bring, folder, again)))
            found["broken"] += status_of(in_child(partial(look, folder, again))) != WHOLE
    sys.stdout.write(json.dumps(found))


main(Path(sys.argv[1]), int(sys.argv[2]))
