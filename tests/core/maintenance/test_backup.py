"""Backups: what they contain, and restoring them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from core.alerts import outbox
from core.answer.model import Answer
from core.config.loader import Config
from core.config.teams import Address
from core.config.wallet import WalletSettings
from core.context import Context
from core.errors import AgentcostError, InputError, MachineError, WarehouseBusyError
from core.language.commands import COMMANDS
from core.maintenance.backup import back_up, restore
from core.questions.asking import ask
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import open_warehouse

ROOT = Path(__file__).parents[3]
EVENTS = 3_000
HOLDER = """
import sys
from core.warehouse.database import open_warehouse

with open_warehouse(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.read()
"""
EXAMPLES = [example for command in COMMANDS.values() for example in command.examples]


@pytest.fixture
def wallet(tmp_path: Path) -> Path:
    """A warehouse file with an invented wallet."""
    file = tmp_path / "wallet.duckdb"
    write_events(tmp_path / "export.csv", EVENTS, days=100)
    with open_warehouse(file) as warehouse:
        import_files(warehouse, [tmp_path / "export.csv"], WalletSettings())
    return file


@pytest.fixture
def holder(wallet: Path) -> Iterator[None]:
    """Keep the warehouse open in another process during the test."""
    program = [sys.executable, "-c", HOLDER, str(wallet)]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield
        process.communicate("")


def answers(file: Path) -> dict[str, Any]:
    """Return the answer to every documented question, or its refusal."""
    with open_warehouse(file) as warehouse:
        context = Context(date(2026, 10, 12), Config(), lambda: nullcontext(warehouse), has_warehouse=True)
        return {example: answer(example, context) for example in EXAMPLES}


def answer(question: str, context: Context) -> object:
    """Return an answer as JSON, or the sentence of its refusal."""
    try:
        return ask(question, context).to_json()
    except AgentcostError as error:
        return str(error)


def empty(file: Path) -> None:
    """Delete every event of a warehouse, as an accident might."""
    with open_warehouse(file) as warehouse, warehouse.writing() as session:
        session.execute("DELETE FROM usage_events")
        session.execute("DELETE FROM usage_rollup")
        session.execute("DELETE FROM imports")


def test_every_answer_comes_back(wallet: Path, tmp_path: Path) -> None:
    """After an accident and a restore, every documented question has its former answer."""
    before = answers(wallet)
    with open_warehouse(wallet) as warehouse:
        back_up(warehouse, tmp_path / "backup.duckdb")
    empty(wallet)
    assert answers(wallet) != before
    restore(tmp_path / "backup.duckdb", wallet)
    assert answers(wallet) == before


def test_a_backup_is_made_while_others_read(wallet: Path, tmp_path: Path) -> None:
    """An open question of another reader does not delay a backup, which is complete."""
    with open_warehouse(wallet) as warehouse, warehouse.reading() as session:
        session.execute("BEGIN TRANSACTION")
        session.execute("SELECT count(*) FROM usage_events")
        back_up(warehouse, tmp_path / "backup.duckdb")
    assert answers(tmp_path / "backup.duckdb") == answers(wallet)


def test_a_backup_overwrites_nothing(wallet: Path, tmp_path: Path) -> None:
    """An existing file stays as it is."""
    (tmp_path / "backup.duckdb").write_text("precious", encoding="utf-8")
    with open_warehouse(wallet) as warehouse, pytest.raises(InputError, match="already exists"):
        back_up(warehouse, tmp_path / "backup.duckdb")
    assert (tmp_path / "backup.duckdb").read_text(encoding="utf-8") == "precious"


def test_two_backups_at_once_do_not_hinder_each_other(wallet: Path, tmp_path: Path) -> None:
    """Both names are written and hold everything; of three that are to have one name, one is written and two are refused."""
    names = ["one.duckdb", "other.duckdb", *["same.duckdb"] * 3]
    (tmp_path / "backups").mkdir()
    with open_warehouse(wallet) as warehouse, ThreadPoolExecutor(len(names)) as threads:
        done = [threads.submit(back_up, warehouse, tmp_path / "backups" / name) for name in names]
        refused = [error for error in (one.exception() for one in done) if error]
    assert [type(error) for error in refused] == [InputError] * 2
    assert all("already exists" in str(error) for error in refused)
    written = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert written == sorted({*names})
    assert [answers(tmp_path / "backups" / name) == answers(wallet) for name in written] == [True] * 3


def test_the_replaced_warehouse_is_kept(wallet: Path, tmp_path: Path) -> None:
    """A restore deletes nothing: the previous warehouse stays beside the new one."""
    with open_warehouse(wallet) as warehouse:
        back_up(warehouse, tmp_path / "backup.duckdb")
    before = answers(wallet)
    aside = restore(tmp_path / "backup.duckdb", wallet)
    assert aside is not None
    assert answers(aside) == before


def test_a_damaged_warehouse_is_replaced(wallet: Path, tmp_path: Path) -> None:
    """A damaged warehouse is the very reason for a restore."""
    before = answers(wallet)
    with open_warehouse(wallet) as warehouse:
        back_up(warehouse, tmp_path / "backup.duckdb")
    wallet.write_bytes(b"damaged" * 10_000)
    restore(tmp_path / "backup.duckdb", wallet)
    assert answers(wallet) == before


def test_what_is_no_backup_replaces_nothing(wallet: Path, tmp_path: Path) -> None:
    """A file that is not a warehouse is refused, and the warehouse stays."""
    (tmp_path / "notes.txt").write_text("notes" * 5_000, encoding="utf-8")
    before = answers(wallet)
    with pytest.raises(MachineError):
        restore(tmp_path / "notes.txt", wallet)
    assert answers(wallet) == before


@pytest.mark.usefixtures("holder")
def test_a_warehouse_in_use_is_not_replaced(wallet: Path, tmp_path: Path) -> None:
    """While another process has the warehouse open, a restore is refused and leaves nothing behind."""
    (tmp_path / "backup.duckdb").write_bytes(wallet.read_bytes())
    before = set(tmp_path.iterdir())
    with pytest.raises(WarehouseBusyError):
        restore(tmp_path / "backup.duckdb", wallet)
    assert set(tmp_path.iterdir()) == before


def test_what_waits_in_a_backup_is_looked_up_before_it_is_sent(wallet: Path, tmp_path: Path) -> None:
    """A pending message may have been sent after the backup; delivered ones stay delivered."""
    now = datetime(2026, 9, 1, 6, tzinfo=UTC)
    told = Answer("wallet", "Credits used", "Half is used.", date(2026, 9, 1))
    with open_warehouse(wallet) as warehouse:
        with warehouse.writing() as session:
            outbox.enqueue(session, outbox.OutboxMessage("a", Address("channel", "C1"), "Service", told), now)
        back_up(warehouse, tmp_path / "backup.duckdb")
    restore(tmp_path / "backup.duckdb", wallet)
    with open_warehouse(wallet) as warehouse, warehouse.writing() as session:
        assert [one.was_tried for one in outbox.claim(session, now, "service", 5)] == [True]
