"""Three machines import into one PostgreSQL at a time, and are killed, cut off and left without their database.

Usage: postgres_harness.py FOLDER KILLS. In each round two machines import the same file and one the next, and decide what is
news; each is killed -9 at a moment of its own. In some rounds the database is stopped as in a crash and started again, in
others the way of one machine to it goes dead for a while, and then breaks. After some rounds every check must hold, every file
be wholly in or wholly out, and, once what is due was decided, every level that the credits passed be told exactly once.
Prints one JSON object: kills, crashes of the database, cuts, rounds, files that are in at the end, and broken
states. The importing processes are forks of this one, which itself never opens the warehouse.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from contextlib import nullcontext, suppress
from datetime import UTC, date, datetime
from decimal import ROUND_FLOOR, Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import Config, Team
from core.config.alerts import AlertSettings
from core.config.loader import Contract, GrantInput
from core.context import Context
from core.ingestion import evaluate, ingest
from core.wallet.ingest import find_broken_checks
from core.wallet.ingest.sample_data import write_events
from core.warehouse import PostgresAddress, open_warehouse
from tests.fakes.ports import free_port
from tests.fakes.postgres import run_cluster
from tests.harness.children import in_child, status_of

if TYPE_CHECKING:
    from core.warehouse import Warehouse
    from tests.fakes.postgres import Cluster

ROWS = 200
GRANTED, FIRST_DAY, NOW = Decimal(500_000), date(2026, 7, 1), datetime(2026, 7, 10, tzinfo=UTC)
TOO_MUCH = Decimal(10**9)
CONFIG = Config(
    contract=Contract(FIRST_DAY, date(2027, 7, 1), grants=(GrantInput(GRANTED, FIRST_DAY, date(2027, 7, 1)),)),
    alerts=AlertSettings(levels=tuple(range(1, 201)), pace_percent=TOO_MUCH, min_usd=TOO_MUCH, stale_days=300),
    teams=(Team("Service", channels=("C0123ABCDEF",)),),
)
SOUND, BROKEN = 10, 12
EVERY_CRASH, EVERY_CUT, EVERY_LOOK = 10, 7, 5
DEAD_SECONDS = 3.0
WHILE_AT_WORK = 0.6  # of the time that an undisturbed round takes: later most are done


def bring(address: PostgresAddress, file: Path) -> int:
    """Import one file, and decide what is news."""
    os.chdir(file.parent)
    with open_warehouse(address) as warehouse:
        ingest(warehouse, [file], context_of(warehouse), who="kim", source="test", clock=lambda: NOW)
    return 0


def context_of(warehouse: Warehouse) -> Context:
    """Return what answers rest on."""
    return Context(FIRST_DAY, CONFIG, lambda: nullcontext(warehouse))


def look(address: PostgresAddress, files: int) -> int:
    """Say whether all that must hold does; files: how many there are so far, of which some may be in."""
    with open_warehouse(address) as warehouse:
        checks = [*find_broken_checks(warehouse)]
        rows = warehouse.execute("SELECT split_part(id, '-', 2), count(*) FROM usage_events GROUP BY 1 ORDER BY 1")
        entries = warehouse.execute("SELECT file_name, count(*) FROM imports GROUP BY 1 ORDER BY 1")
        evaluate(warehouse, context_of(warehouse), NOW, only_if_due=True)
        is_sound = (
            not checks
            and {count for _, count in rows} <= {ROWS}
            and sorted(f"{number}.csv" for number, _ in rows) == [name for name, _ in entries]
            and {count for _, count in entries} <= {1}
            and len(entries) <= files
            and alerts_agree(warehouse)
        )
    if not is_sound:
        sys.stderr.write(f"{checks} {rows} {entries}\n")
    return SOUND if is_sound else BROKEN


def alerts_agree(warehouse: Warehouse) -> bool:
    """Whether every level up to what was used is told once, or was passed over by a higher one of the same file."""
    used = warehouse.execute("SELECT coalesce(sum(credits), 0) FROM usage")[0][0]
    percent = used / GRANTED * 100
    before = warehouse.execute("SELECT coalesce(max(used_percent), 0) FROM previous_levels")[0][0]
    told = [
        row[0]
        for row in warehouse.execute(
            "SELECT CAST(level AS INTEGER) FROM alerts JOIN outbox ON alert_key = alerts.key WHERE rule = 'level' ORDER BY 1"
        )
    ]
    return bool(before == percent.quantize(before, ROUND_FLOOR) and max(told, default=0) == int(percent)) and len(told) == len(
        {*told}
    )


class _Way:
    """A way to the database that can go dead: nothing passes for a while, then all connections break."""

    def __init__(self, port: int, target: int) -> None:
        self._port, self._target = port, target
        self._dead_until = 0.0
        self._writers: set[asyncio.StreamWriter] = set()

    async def run(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._die)
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)
        await server.serve_forever()

    def _die(self) -> None:
        self._dead_until = time.monotonic() + DEAD_SECONDS
        asyncio.get_running_loop().call_later(DEAD_SECONDS, self._break)

    def _break(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            others, other = await asyncio.open_connection("127.0.0.1", self._target)
            self._writers |= {writer, other}
            await asyncio.gather(self._copy(reader, other), self._copy(others, writer), return_exceptions=True)
            self._writers -= {writer, other}
            other.close()
        writer.close()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await asyncio.sleep(max(0.0, self._dead_until - time.monotonic()))
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()  # also where a killed machine resets its end: the database would wait for the rest of a COPY for good


def pass_on(port: int, target: int) -> int:
    """Be the way to the database until told to stop."""
    asyncio.run(_Way(port, target).run())
    return 0


def main(folder: Path, kills: int) -> dict[str, int]:
    """Kill so many imports, and return what happened and what was found."""
    chance = random.Random(20260713)
    with run_cluster() as cluster:
        address, port = cluster.create("shared"), free_port()
        way = in_child(partial(pass_on, port, cluster.port))
        far = PostgresAddress(address.url.replace(f":{cluster.port}/", f":{port}/"))
        try:
            return rounds(cluster, (address, address, far), way, folder, kills, chance)
        finally:
            os.kill(way, signal.SIGKILL)
            status_of(way)


def rounds(
    cluster: Cluster, machines: tuple[PostgresAddress, ...], way: int, folder: Path, kills: int, chance: random.Random
) -> dict[str, int]:
    """Let the machines import round after round."""
    found = {"kills": 0, "database crashed": 0, "cut off": 0, "rounds": 0, "files": 0, "broken": 0}
    number, longest = 0, 0.0
    status_of(in_child(partial(look, machines[0], 0)))  # makes the schema
    while found["kills"] < kills:
        started = time.monotonic()
        files = [file_of(folder, number), file_of(folder, number), file_of(folder, number + 1)]
        order = chance.sample(range(3), 3)
        children = [in_child(partial(bring, machines[nth], files[place])) for place, nth in enumerate(order)]
        if not longest:  # the first round is undisturbed, and tells how long one takes
            statuses = [status_of(child) for child in children]
            longest = time.monotonic() - started
        else:
            moments = sorted(chance.uniform(0, longest * WHILE_AT_WORK) for _ in children)
            for before, (moment, child) in zip(
                [0.0, *moments], zip(moments, chance.sample(children, 3), strict=True), strict=False
            ):
                time.sleep(moment - before)
                os.kill(child, signal.SIGKILL)
                disturb(cluster, way, found, is_first=not before)
            statuses = [status_of(child) for child in children]
        found["kills"] += statuses.count(-signal.SIGKILL)
        found["rounds"] += 1
        if found["rounds"] % EVERY_LOOK == 0:
            found["broken"] += status_of(in_child(partial(look, machines[0], number + 2))) != SOUND
        sys.stderr.write(f"{json.dumps(found)}\n")
        number += 1
    for again in range(number + 1):  # what was killed is imported anew, and counts once
        found["files"] += status_of(in_child(partial(bring, machines[0], file_of(folder, again)))) == 0
    found["broken"] += status_of(in_child(partial(look, machines[0], number + 1))) != SOUND
    return found


def disturb(cluster: Cluster, way: int, found: dict[str, int], *, is_first: bool) -> None:
    """Let the database crash, or the way to it go dead, once in every so many rounds."""
    if not is_first:
        return
    if found["rounds"] % EVERY_CRASH == EVERY_CRASH - 1:
        cluster.stop()
        cluster.start()
        found["database crashed"] += 1
    if found["rounds"] % EVERY_CUT == EVERY_CUT - 1:
        os.kill(way, signal.SIGUSR1)
        found["cut off"] += 1


def file_of(folder: Path, number: int) -> Path:
    """Return an export of its own rows, written when it is first asked for."""
    path = folder / f"{number}.csv"
    if not path.exists():
        write_events(path, ROWS, seed=number, first_day=FIRST_DAY, days=3)
    return path


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the database is stopped
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
