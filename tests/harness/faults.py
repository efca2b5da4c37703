"""A disk that refuses, a lock that is lost, a clock that jumps: at the n-th call, for every n until the operation passes.

The n-th write, fsync, rename or open fails; the lock file goes just before the n-th write; the n-th look at the clock sees
another time. Usage: python -m tests.harness.faults [OPERATION…] [--step N] [--sample] [--only KIND]. Needs gcc. After each fault
the operation must have said in a sentence why it was not done, or have been done; the warehouse must hold exactly what it held
before or what it holds afterwards; and done once more without faults, it must come to the same as if nothing had happened;
messages arrive once.
step: only each N-th call fails. sample: each kind of call but once, on a full disk that has room again afterwards. only: one of
write, fsync, rename, open, lock and clock.
Prints one JSON object: faults injected by operation, and what was broken, in words.
"""

from __future__ import annotations

import asyncio
import ctypes
import errno
import json
import mmap
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.delivery import Dispatcher
from bot.observability import Metrics, MetricState
from core.config import Config, Team, WalletSettings
from core.config.alerts import AlertSettings
from core.config.loader import Contract, GrantInput
from core.context import Context
from core.errors import AgentcostError
from core.ingestion import evaluate, ingest
from core.maintenance import back_up, restore
from core.wallet.ingest import find_broken_checks
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse import database, open_warehouse, prune, verify
from core.warehouse.statements import migrations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.alerts import OutboxMessage
    from core.config import Address

SHIM = Path(__file__).with_name("fault_shim.c")
KINDS = {"write": 1, "fsync": 2, "rename": 4, "open": 8, "lock": 16, "clock": 32}
DISK = ("write", "fsync", "rename", "open")
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO}
JUMPS = {f"{days:+d} days": days * 86_400 for days in (400, -400, 10, -10)}
SAMPLED_JUMPS = 2
DONE, REFUSED, BROKEN = 0, 3, 4
BEFORE, MORE = 300, 200
NOW = datetime(2026, 7, 20, 12, tzinfo=UTC)
GRANTED = Decimal(20_000)
CONFIG = Config(
    contract=Contract(date(2026, 7, 1), date(2027, 7, 1), grants=(GrantInput(GRANTED, date(2026, 7, 1), date(2027, 7, 1)),)),
    alerts=AlertSettings(levels=tuple(range(10, 60, 10))),
    teams=(Team("Service", channels=("C0123ABCDEF",)),),
)


class Plan(ctypes.Structure):
    """What the shim is told, and what it tells; laid out as in fault_shim.c."""

    _fields_ = [
        ("kind", ctypes.c_int),
        ("nth", ctypes.c_int),
        ("error", ctypes.c_int),
        ("stays", ctypes.c_int),
        ("seen", ctypes.c_int),
        ("fired", ctypes.c_int),
        ("jump", ctypes.c_long),
        ("under", ctypes.c_char * 256),
    ]


class Fault(NamedTuple):
    """What happens at the n-th call of a kind. what: the error, or how the clock jumps. stays: whether it does from then on."""

    kind: str
    what: str
    stays: bool = False

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.what}{' and after' if self.stays else ''}"


class Operation(NamedTuple):
    """Something that is done in a folder. prepare: lays the folder out. wrong: says what is wrong with it afterwards.

    by_clock: whether it goes by the real clock, which then jumps; else the disk refuses, and the lock is lost.
    """

    prepare: Callable[[Path], None]
    do: Callable[[Path], None]
    wrong: Callable[[Path, bool], Iterator[str]]
    by_clock: bool = False

    def faults(self, *, is_sample: bool) -> list[Fault]:
        """Return the faults to try."""
        if self.by_clock:
            jumps = [Fault("clock", jump, stays) for jump in JUMPS for stays in (True, False)]
            return jumps[: SAMPLED_JUMPS * 2 : 2] if is_sample else jumps
        ways = [("ENOSPC", False)] if is_sample else [(error, stays) for error in ERRORS for stays in (False, True)]
        return [*(Fault(kind, *way) for kind in DISK for way in ways), Fault("lock", "lost")]


def events_in(file: Path) -> int:
    """Return how many events a warehouse holds, its checks passed and its credits those of its events."""
    with open_warehouse(file) as warehouse:
        for check, rows in find_broken_checks(warehouse).items():
            raise AssertionError(f"{check} found {len(rows)} rows")
        events, spent = warehouse.execute("SELECT count(*), coalesce(sum(credits), 0) FROM usage_events")[0]
        rolled_up = warehouse.execute("SELECT coalesce(sum(credits), 0) FROM usage")[0][0]
    if spent != rolled_up:
        raise AssertionError(f"the events hold {spent} credits, the rollups {rolled_up}")
    return int(events)


def prepare_import(folder: Path) -> None:
    """Lay out a warehouse and one more export."""
    write_events(folder / "before.csv", BEFORE, days=10)
    write_events(folder / "more.csv", MORE, seed=2, days=10)
    with open_warehouse(folder / "w.duckdb") as warehouse:
        import_files(warehouse, [folder / "before.csv"], WalletSettings())


def do_import(folder: Path) -> None:
    """Import the export and decide what is news."""
    with open_warehouse(folder / "w.duckdb") as warehouse:
        context = Context(NOW.date(), CONFIG, lambda: nullcontext(warehouse))
        ingest(warehouse, [folder / "more.csv"], context, who="kim", source="test", clock=lambda: NOW)


def wrong_after_import(folder: Path, is_done: bool) -> Iterator[str]:  # noqa: FBT001 - as Operation has it
    """The file is in wholly or not at all; once done, wholly."""
    events = events_in(folder / "w.duckdb")
    if events not in ((BEFORE + MORE,) if is_done else (BEFORE, BEFORE + MORE)):
        yield f"{events} events"


def do_backup(folder: Path) -> None:
    """Back up, and ask the warehouse once more."""
    with open_warehouse(folder / "w.duckdb") as warehouse:
        try:
            back_up(warehouse, folder / "backup.duckdb")
        finally:
            if warehouse.execute("SELECT count(*) FROM usage_events") != [(BEFORE,)]:
                raise AssertionError("the warehouse does not answer after its backup")


def wrong_after_backup(folder: Path, is_done: bool) -> Iterator[str]:  # noqa: FBT001 - as above
    """There is a whole backup or none, and nothing half done."""
    if (folder / "backup.duckdb").exists():
        if events_in(folder / "backup.duckdb") != BEFORE:
            yield "the backup is not whole"
    elif is_done:
        yield "there is no backup"
    yield from (f"{path.name} is left" for path in folder.glob("*unfinished*"))
    if events_in(folder / "w.duckdb") != BEFORE:
        yield "the warehouse changed"


def prepare_restore(folder: Path) -> None:
    """Lay out a warehouse, and a backup with more in it."""
    prepare_import(folder)
    shutil.copyfile(folder / "w.duckdb", folder / "backup.duckdb")
    with open_warehouse(folder / "backup.duckdb") as warehouse:
        import_files(warehouse, [folder / "more.csv"], WalletSettings())


def do_restore(folder: Path) -> None:
    """Put the backup in the warehouse's place."""
    restore(folder / "backup.duckdb", folder / "w.duckdb")


def wrong_after_restore(folder: Path, is_done: bool) -> Iterator[str]:  # noqa: FBT001 - as above
    """The one warehouse or the other lies there, whole; what was replaced is kept, and the backup as it was."""
    if not (folder / "w.duckdb").exists():
        yield "there is no warehouse"
        return
    events = events_in(folder / "w.duckdb")
    if events not in ((BEFORE + MORE,) if is_done else (BEFORE, BEFORE + MORE)):
        yield f"{events} events"
    kept = [events_in(path) for path in folder.glob("w.duckdb.replaced-*") if not path.name.endswith((".lock", ".wal"))]
    if events == BEFORE + MORE and BEFORE not in kept:
        yield "the warehouse before is gone"
    if events_in(folder / "backup.duckdb") != BEFORE + MORE:
        yield "the backup changed"
    yield from (f"{path.name} is left" for path in folder.glob("*unfinished*"))


def prepare_migration(folder: Path) -> None:
    """Lay out a warehouse of an older schema."""
    write_events(folder / "before.csv", BEFORE, days=10)
    with open_warehouse(folder / "w.duckdb") as warehouse:
        import_files(warehouse, [folder / "before.csv"], WalletSettings())
    (folder / "old").mkdir()
    older = migrations()[:1]
    setattr(database, "migrations", lambda: older)  # noqa: B010 - what the module imports is not its to export
    with open_warehouse(folder / "old" / "w.duckdb"):
        pass
    setattr(database, "migrations", migrations)  # noqa: B010 - as above
    (folder / "old" / "w.duckdb").replace(folder / "w.duckdb")


def do_migration(folder: Path) -> None:
    """Open the warehouse, and bring something in."""
    with open_warehouse(folder / "w.duckdb") as warehouse:
        import_files(warehouse, [folder / "before.csv"], WalletSettings())


def wrong_after_migration(folder: Path, is_done: bool) -> Iterator[str]:  # noqa: FBT001 - as above
    """Nothing or everything is in, in the newest schema."""
    events = events_in(folder / "w.duckdb")
    if events not in ((BEFORE,) if is_done else (0, BEFORE)):
        yield f"{events} events"


def prepare_delivery(folder: Path) -> None:
    """Lay out a warehouse with messages to send, and a place that has none yet."""
    prepare_import(folder)
    do_import(folder)
    Path(f"{folder}.place").write_text("", encoding="utf-8")


class Place:
    """A place for messages, in a file that the faults do not reach."""

    delivers_batch = False

    def __init__(self, file: Path) -> None:
        """Hold what the file holds."""
        self.file = file

    @property
    def keys(self) -> list[str]:
        """The messages that arrived, by key, in order."""
        return self.file.read_text(encoding="utf-8").split()

    async def find(self, message: OutboxMessage, since: datetime) -> str | None:  # noqa: ARG002 - as a channel has it
        """Return what it calls a message."""
        return message.key if message.key in self.keys else None

    async def history(self, address: Address, since: datetime) -> dict[str, str]:  # noqa: ARG002 - as above
        """Return every message."""
        return {key: key for key in self.keys}

    async def put(self, message: OutboxMessage) -> str:
        """Take a message."""
        with self.file.open("a", encoding="utf-8") as file:
            file.write(f"{message.key}\n")
        return message.key


def do_delivery(folder: Path) -> None:
    """Send everything that is due."""
    send_all(folder, lambda waited: NOW + waited)


def send_all(folder: Path, now: Callable[[timedelta], datetime]) -> None:
    """Send everything that is due, two hours later each time that something waits. now: the instant after so much waiting."""
    place = Place(Path(f"{folder}.place"))
    waited = [timedelta()]
    metrics = Metrics(lambda: MetricState(is_open=True, data_through=None, messages={}))

    async def send(sender: Dispatcher) -> None:
        await sender.begin()
        for _ in range(3):
            await sender.send_due()
            waited[0] += timedelta(hours=2)

    with open_warehouse(folder / "w.duckdb") as warehouse:
        asyncio.run(send(Dispatcher(warehouse, {"channel": place}, lambda: now(waited[0]), metrics)))
        waiting = warehouse.execute("SELECT count(*) FROM outbox WHERE delivered_at IS NULL AND withdrawn_at IS NULL")[0][0]
    if waiting:
        raise AgentcostError(f"{waiting} messages wait")


def wrong_after_delivery(folder: Path, is_done: bool) -> Iterator[str]:  # noqa: FBT001 - as above
    """Nothing arrives twice; once done, everything has arrived."""
    keys = Place(Path(f"{folder}.place")).keys
    with open_warehouse(folder / "w.duckdb") as warehouse:
        queued = {key for (key,) in warehouse.execute("SELECT key FROM outbox")}
    if len(set(keys)) != len(keys):
        yield f"messages twice: {keys}"
    if is_done and set(keys) != queued:
        yield f"{len(queued)} messages queued, {len(set(keys))} arrived"
    if not queued:
        yield "nothing was queued"


def config_of_now() -> Config:
    """Return settings with a contract around the day that it really is."""
    today = datetime.now(UTC).date()
    start, end = today - timedelta(days=40), today + timedelta(days=300)
    return CONFIG._replace(contract=Contract(start, end, grants=(GrantInput(GRANTED, start, end),)))


def prepare_day(folder: Path) -> None:
    """Lay out a warehouse up to yesterday, of which it is decided what is news, and one more export."""
    first = datetime.now(UTC).date() - timedelta(days=10)
    write_events(folder / "before.csv", BEFORE, first_day=first, days=10)
    write_events(folder / "more.csv", MORE, seed=2, first_day=first, days=10)
    _import_now(folder, "before.csv")
    Path(f"{folder}.place").write_text("", encoding="utf-8")


def do_day(folder: Path) -> None:
    """Import the export, decide what is news, send it and prune the audit, all by the real clock."""
    _import_now(folder, "more.csv")
    with open_warehouse(folder / "w.duckdb") as warehouse, warehouse.writing() as session:
        prune(session, datetime.now(UTC), CONFIG.alerts.audit_days)
    send_all(folder, lambda waited: datetime.now(UTC) + waited)


def _import_now(folder: Path, name: str) -> None:
    with open_warehouse(folder / "w.duckdb") as warehouse:
        context = Context(datetime.now(UTC).date(), config_of_now(), lambda: nullcontext(warehouse))
        ingest(warehouse, [folder / name], context, who="kim", source="test")
        evaluate(warehouse, context, datetime.now(UTC))


def wrong_after_day(folder: Path, is_done: bool) -> Iterator[str]:  # noqa: FBT001 - as Operation has it
    """Totals are exact, nothing arrives twice; by a right clock every level that is passed was told, and the audit holds."""
    events = events_in(folder / "w.duckdb")
    if events not in ((BEFORE + MORE,) if is_done else (BEFORE, BEFORE + MORE)):
        yield f"{events} events"
    keys = Place(Path(f"{folder}.place")).keys
    if len(set(keys)) != len(keys):
        yield f"messages twice: {keys}"
    with open_warehouse(folder / "w.duckdb") as warehouse:
        used = warehouse.execute("SELECT sum(credits) FROM usage")[0][0] * 100
        told = warehouse.execute(
            "SELECT CAST(level AS INTEGER) FROM alerts JOIN outbox ON outbox.alert_key = alerts.key"
            " WHERE rule = 'level' AND direction = 'up' AND delivered_at IS NOT NULL"
        )
        with warehouse.reading() as session:
            yield from verify(session).wrong
    levels = {level for level in CONFIG.alerts.levels if level * GRANTED <= used}
    if is_done and not levels & {level for (level,) in told}:
        yield f"of the levels {sorted(levels)} none was told"


OPERATIONS = {
    "import": Operation(prepare_import, do_import, wrong_after_import),
    "backup": Operation(prepare_import, do_backup, wrong_after_backup),
    "restore": Operation(prepare_restore, do_restore, wrong_after_restore),
    "migration": Operation(prepare_migration, do_migration, wrong_after_migration),
    "delivery": Operation(prepare_delivery, do_delivery, wrong_after_delivery),
    "day": Operation(prepare_day, do_day, wrong_after_day, by_clock=True),
}


class Faults:
    """A run: its plan, shared with every process of it, and what it found."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        """Find nothing yet."""
        self.folder, self.plan = folder, plan
        self.injected: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.wrong: list[str] = []

    def run(self, name: str, step: int, only: str, *, is_sample: bool) -> None:
        """Try an operation with every fault. step: 1 for each call, more to leave calls out. only: a kind, or empty for all."""
        operation = OPERATIONS[name]
        base = self.folder / f"{name}-base"
        base.mkdir()
        self._in_child(lambda: operation.prepare(base))
        for fault in operation.faults(is_sample=is_sample):
            nth = 1
            while only in {"", fault.kind} and self._try(name, base, fault, nth) and not is_sample:
                nth += step

    def _try(self, name: str, base: Path, fault: Fault, nth: int) -> bool:
        """Inject one fault, look at what is left, and do it again; return whether the fault was met at all."""
        operation, box = OPERATIONS[name], self.folder / "box"
        shutil.rmtree(box, ignore_errors=True)
        shutil.copytree(base, box)
        shutil.copyfile(f"{base}.place", f"{box}.place") if Path(f"{base}.place").exists() else None
        self.plan.seen = self.plan.fired = 0
        self.plan.nth, self.plan.stays = nth, int(fault.stays)
        self.plan.error, self.plan.jump = ERRORS.get(fault.what, 0), JUMPS.get(fault.what, 0)
        self.plan.under = str(box).encode() + b"/"
        self.plan.kind = KINDS[fault.kind]
        status, said = self._in_child(lambda: operation.do(box))
        self.plan.kind = 0
        if not self.plan.fired:
            return False
        self.injected[name] += 1
        self.refused[name] += status == REFUSED
        what = f"{name}, {fault.kind} {nth} {fault}"
        if status not in {DONE, REFUSED}:
            self._tell(f"{what}: broke with {status}: {said}")
        for is_done in (False, True):
            if is_done:
                status, said = self._in_child(lambda: operation.do(box))
                if status != DONE and "already exists" not in said:
                    self._tell(f"{what}: cannot be done afterwards: {said}")
            status, said = self._in_child(lambda: _require_right(operation, box, is_done=is_done))  # noqa: B023 - run at once
            if status != DONE:
                self._tell(f"{what}, {'done again' if is_done else 'at once'}: {said}")
        return True

    def _tell(self, wrong: str) -> None:
        """Write down what is wrong, and say it at once: a run takes long."""
        self.wrong.append(wrong)
        sys.stderr.write(f"{wrong}\n")

    def _in_child(self, work: Callable[[], None]) -> tuple[int, str]:
        """Run work in a forked process; return its status and what it was refused with."""
        note = self.folder / "said"
        child = os.fork()
        if not child:
            status = BROKEN
            try:
                os.dup2(os.open(self.folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
                try:
                    work()
                    status = DONE
                except AgentcostError as refusal:
                    note.write_text(str(refusal), encoding="utf-8")
                    status = REFUSED
                except BaseException:  # noqa: BLE001 - whatever it is, it is what is looked for
                    note.write_text(traceback.format_exc(), encoding="utf-8")
            finally:
                os._exit(status)
        note.unlink(missing_ok=True)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return status, note.read_text(encoding="utf-8") if note.exists() else ""


def _require_right(operation: Operation, box: Path, *, is_done: bool) -> None:
    wrong = list(operation.wrong(box, is_done))
    if wrong:
        raise AssertionError("; ".join(wrong))


def compile_shim(folder: Path) -> Path | None:
    """Return the shim, compiled; None where there is no gcc."""
    gcc = shutil.which("gcc")
    if gcc is None:
        return None
    subprocess.run([gcc, "-shared", "-fPIC", "-O1", "-o", folder / "fault_shim.so", SHIM, "-ldl"], check=True)
    return folder / "fault_shim.so"


def start(arguments: list[str]) -> dict[str, object]:
    """Run the harness in a process into which the shim is loaded, and return what it found."""
    with tempfile.TemporaryDirectory(prefix="agentcost-faults-") as folder:
        shim = compile_shim(Path(folder))
        if shim is None:
            sys.exit("There is no gcc, which compiles the shim.")
        plan = Path(folder) / "plan"
        plan.write_bytes(bytes(mmap.PAGESIZE))
        variables = {**os.environ, "LD_PRELOAD": str(shim), "FAULT_PLAN": str(plan)}
        program = [sys.executable, "-m", "tests.harness.faults", "--in", folder, *arguments]
        run = subprocess.run(program, env=variables, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parents[2])
        found: dict[str, object] = json.loads(run.stdout)
        return found


def main(folder: Path, arguments: list[str]) -> None:
    """Run operations, and print what was found."""
    step = int(arguments[arguments.index("--step") + 1]) if "--step" in arguments else 1
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
    names = [name for name in arguments if name in OPERATIONS] or list(OPERATIONS)
    with (folder / "plan").open("r+b") as file:
        shared = mmap.mmap(file.fileno(), mmap.PAGESIZE)
    faults = Faults(folder, Plan.from_buffer(shared))
    for name in names:
        faults.run(name, step, only, is_sample="--sample" in arguments)
    sys.stdout.write(json.dumps({"injected": faults.injected, "refused": faults.refused, "wrong": faults.wrong}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--in"]:
        main(Path(sys.argv[2]), sys.argv[3:])
    else:
        sys.stdout.write(json.dumps(start(sys.argv[1:]), indent=2) + "\n")
