"""A warehouse in PostgreSQL holds and answers what a file does, whatever came and went."""

from __future__ import annotations

import csv
import re
import tempfile
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.config import Config, RetentionSettings, WalletSettings
from core.context import Context
from core.errors import AgentcostError
from core.maintenance import apply_retention, forget_user
from core.questions import ask
from core.wallet.deliveries import ReplacedDays
from core.wallet.imports import undo_imports
from core.wallet.ingest.pipeline import import_files, read_again
from core.warehouse import AuditEntry, Session, Warehouse, open_warehouse
from tests.fakes.postgres import Cluster, database_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXPORTS = Path(__file__).resolve().parents[3] / "data" / "exports"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HEADER = (
    *("id__c", "eventtime__c", "processedtime__c", "unitsconsumed__c", "usagevalue__c", "usagetypedevelopername__c"),
    *("rootresourceidorapiname__c", "rootresourcetags__c", "usageuserid__c", "usagebusinessenvtype__c"),
)
UNLIKE = {"imported_at", "applied_at", "undone_at", "noted_at", "hash", "digest", "made_at", "issued_at", "secret", "fingerprint"}
"""Columns that say when, or at random."""
INSTANT = re.compile(r"2\d{3}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d\.\d{6})?(?=Z| UTC)")
QUESTIONS = (
    "wallet", "usage by agent", "usage by department", "usage by day", "usage by use case", "usage by user",
    "variance last 28 days", "forecast", "scorecard", "pilot last 90 days", "actions", "costs", "reconcile", "alerts",
)  # fmt: skip


def everything(warehouse: Warehouse, pseudonym: str = "none") -> dict[str, list[str]]:
    """Return the rows of every table, in order, without what says when and who somebody is now."""
    with warehouse.reading() as session:
        return {table: sorted(row.replace(pseudonym, "somebody") for row in _rows(session, table)) for table in session.tables()}


def _rows(session: Session, table: str) -> list[str]:
    names = session.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = $table ORDER BY 1", {"table": table})
    columns = [name for (name,) in names if name not in UNLIKE] or ["count(*)"]
    return [repr(row) for row in session.execute(f"SELECT {', '.join(columns)} FROM {table}")]


@contextmanager
def both(cluster: Cluster, folder: Path) -> Iterator[tuple[Warehouse, Warehouse]]:
    """Give an empty warehouse in a file, and one in PostgreSQL."""
    address = database_of(cluster, folder / "warehouse.duckdb")
    with open_warehouse(folder / "warehouse.duckdb") as file, open_warehouse(address) as database:
        yield file, database


def said(do: Callable[[], object]) -> str:
    """Return what came of something, or what it was refused with."""
    try:
        return INSTANT.sub("then", repr(do()))
    except AgentcostError as refused:
        return f"{type(refused).__name__}: {refused}"


def answers(warehouse: Warehouse, config: Config) -> dict[str, str]:
    """Return what each question is answered, or refused, as JSON."""
    context = Context(date(2026, 11, 21), config, lambda: nullcontext(warehouse), has_warehouse=True)
    return {question: said(lambda: ask(question, context).to_json()) for question in QUESTIONS}  # noqa: B023 - called at once


def test_the_invented_wallet_is_the_same(cluster: Cluster, tmp_path: Path) -> None:
    """Every table and answer is equal after all exports came, one was read again, one taken back, and a person forgotten."""
    names = (
        "events_first_months.csv",
        "events_overlapping_later_months.csv",
        "daily.csv",
        "ledger.csv",
        "compute_consumption.json",
    )
    with both(cluster, tmp_path) as warehouses:
        outcomes = []
        for warehouse in warehouses:
            report = import_files(warehouse, [EXPORTS / name for name in names], WalletSettings())
            first, second = report.files[0].import_id, report.files[1].import_id
            again = read_again(warehouse, [first], WalletSettings()).files
            undone = undo_imports(warehouse, [second], WalletSettings(), who="ada", now=NOW)
            person = warehouse.execute("SELECT min(user_id) FROM usage_events")[0][0]
            forgotten = forget_user(warehouse, person, (), AuditEntry(NOW, "ada", "forgot", "", "command line"))
            # The pseudonym is made with a secret of the warehouse's own.
            outcomes.append([repr(one).replace(forgotten.pseudonym, "somebody") for one in (
                report.to_answer().to_json(), again, undone.days, [(one.table, one.rows) for one in forgotten.rows],
                everything(warehouse, forgotten.pseudonym), answers(warehouse, Config()),
            )])  # fmt: skip
        for one, other in zip(*outcomes, strict=True):
            assert one == other


event = st.builds(
    lambda number, day, late, amount, agent, user: (
        *(f"e-{number}" if number else "", f"2026-07-{13 + day}T10:00:00Z", f"2026-07-{20 + late}T11:00:00Z", str(amount), "1"),
        *("Agentforce_StandardAction", agent, f'{{"Department": "{agent}"}}' if agent else "", user, "production"),
    ),
    st.integers(0, 4),
    st.integers(0, 3),
    st.integers(0, 1),
    st.sampled_from([16, 20, 40]),
    st.sampled_from(["A", "b", "Ä", "日本", "A\tB", ""]),
    st.sampled_from(["005000000000001", "005000000000001AAA", "u-1", ""]),
)
step = st.one_of(
    st.lists(event, min_size=1, max_size=6),
    st.tuples(st.just("truth for"), st.lists(event, min_size=1, max_size=3)),
    st.tuples(st.just("undo"), st.integers(1, 4)),
    st.tuples(st.just("read again"), st.integers(1, 4)),
    st.just("fold"),
)


def take(warehouse: Warehouse, folder: Path, nth: int, what: Any) -> object:  # noqa: ANN401 - what `step` draws
    """Do one thing to a warehouse and return what came of it."""
    if what == "fold":
        config = Config(retention=RetentionSettings(events=2))
        return apply_retention(warehouse, config, (), AuditEntry(NOW, "ada", "deleted", "", "service"))
    if what[0] == "undo":
        return undo_imports(warehouse, [what[1]], WalletSettings(), who="ada", now=NOW).days
    if what[0] == "read again":
        return read_again(warehouse, [what[1]], WalletSettings()).files
    is_truth = what[0] == "truth for"
    path = folder / f"{nth}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *(what[1] if is_truth else what)])
    replaces = ReplacedDays(date(2026, 7, 13), date(2026, 7, 14)) if is_truth else None
    return import_files(warehouse, [path], WalletSettings(), replaces=replaces).files


@given(st.lists(step, min_size=2, max_size=6))
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_deliveries_come_out_the_same(cluster: Cluster, steps: list[Any]) -> None:
    """New rows, changed ones, truths for days, undoing, reading again and folding end in equal tables, reports and refusals."""
    with tempfile.TemporaryDirectory() as place, both(cluster, Path(place)) as (file, database):
        for nth, what in enumerate(steps):
            one, other = (said(lambda: take(warehouse, Path(place), nth, what)) for warehouse in (file, database))  # noqa: B023
            assert one == other
        assert everything(file) == everything(database)


def test_a_question_is_asked_with_one_thread(cluster: Cluster) -> None:
    """With several, a caller spins while another thread waits for the database, and services on one machine slow each other."""
    with open_warehouse(cluster.create()) as warehouse:
        assert warehouse.execute("SELECT current_setting('threads')") == [(1,)]
