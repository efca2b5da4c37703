"""Machines that open one database at a time: whoever opens it while another makes its tables knows them as they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.config.wallet import WalletSettings
from core.errors import MachineError
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse import database, open_warehouse, postgres
from core.warehouse.audit_log import AuditEntry, append, verify
from core.warehouse.statements import migrations

if TYPE_CHECKING:
    from pathlib import Path

    from core.warehouse import PostgresAddress
    from core.warehouse.database import Session
    from tests.fakes.postgres import Cluster

DEED = AuditEntry(datetime(2026, 11, 30, tzinfo=UTC), "Kim", "asked", "wallet", "Slack")


def bring_to(address: PostgresAddress, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the first so many migrations, as another machine does."""
    with monkeypatch.context() as older:
        older.setattr(database, "migrations", lambda: migrations()[:count])
        with open_warehouse(address):
            pass


@pytest.mark.parametrize("missing", [0, 1, 6], ids=["all", "all but the last", "half of what was missing"])
def test_tables_that_another_machine_made_meanwhile_are_known(
    missing: int, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a machine opens an older database, another brings it up to date, or a part of the way: it imports and notes deeds."""
    address, newest, prepare = cluster.create(), len(migrations()), postgres._prepare
    bring_to(address, 8, monkeypatch)

    def overtaken(session: Session, name: str) -> None:
        prepare(session, name)
        session.value("SELECT count(*) FROM duckdb_columns() WHERE database_name = 'wallet'")
        monkeypatch.setattr(postgres, "_prepare", prepare)
        bring_to(address, newest - missing, monkeypatch)

    monkeypatch.setattr(postgres, "_prepare", overtaken)
    write_events(tmp_path / "usage.csv", 50)
    with open_warehouse(address) as warehouse:
        import_files(warehouse, [tmp_path / "usage.csv"], WalletSettings())
        with warehouse.writing() as session:
            append(session, DEED)
        with warehouse.reading() as session:
            assert verify(session)[:2] == (1, 0)
            assert verify(session).wrong == ()
        assert warehouse.execute("SELECT count(*) FROM usage_events") == [(50,)]


def test_an_older_program_writes_nothing_into_a_newer_schema(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that runs on while a newer agentcost brings the database up to date reads, and is refused when it writes."""
    address, newer = cluster.create(), tmp_path / "9999_newer.sql"
    newer.write_text("CREATE TABLE newer (number BIGINT NOT NULL);", encoding="utf-8")
    with open_warehouse(address) as warehouse:
        with warehouse.writing() as session:
            append(session, DEED)
        with monkeypatch.context() as of_newer:
            of_newer.setattr(database, "migrations", lambda: [*migrations(), newer])
            with open_warehouse(address):
                pass
        refused = pytest.raises(MachineError, match=r"a newer agentcost \(this one does not know its schema 9999_newer\)")
        with refused, warehouse.writing() as session:
            append(session, DEED)
        with pytest.raises(MachineError, match="newer agentcost"), warehouse.writing_if_free():
            pass
        assert warehouse.execute("SELECT count(*) FROM audit") == [(1,)]
