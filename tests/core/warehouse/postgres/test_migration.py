"""A warehouse moves between a file and PostgreSQL: wholly, into nothing that holds anything, and every cell is compared."""

from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.config import Config, WalletSettings
from core.context import Context
from core.errors import InputError, MachineError
from core.maintenance import migrate_warehouse
from core.questions import ask
from core.wallet.deliveries import exports_folder
from core.wallet.ingest.pipeline import import_files
from core.warehouse import Warehouse, local_path, open_warehouse

if TYPE_CHECKING:
    from tests.fakes.postgres import Cluster

EXPORTS = Path(__file__).resolve().parents[3] / "data" / "exports"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A warehouse file with some of everything."""
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as warehouse:
        names = ("events_with_faults.csv", "daily.csv", "ledger.csv", "compute_consumption.json")
        import_files(warehouse, [EXPORTS / name for name in names], WalletSettings())
    return path


def wallet(warehouse: Warehouse) -> object:
    """Return the wallet's answer."""
    return ask("wallet", Context(date(2026, 11, 21), Config(), lambda: nullcontext(warehouse), has_warehouse=True)).to_json()


def test_there_and_back_nothing_changes(cluster: Cluster, file: Path, tmp_path: Path) -> None:
    """The database answers what the file did, and so does the file that it is copied back into; kept exports come along."""
    database, back = cluster.create(), tmp_path / "back.duckdb"
    there = migrate_warehouse(file, database)
    again = migrate_warehouse(database, back)
    answers = []
    for place in (file, database, back):
        with open_warehouse(place) as warehouse:
            answers.append(wallet(warehouse))
            counted = warehouse.execute("SELECT sum(credits) FROM usage")[0][0]
        assert counted == there.credits
    assert there == again
    assert answers[0] == answers[1] == answers[2]
    assert len({len([*exports_folder(local_path(place)).iterdir()]) for place in (file, database, back)}) == 1


def test_what_holds_anything_is_not_written_into(cluster: Cluster, file: Path) -> None:
    """A database that holds a warehouse is refused, named with what it holds, and stays as it is."""
    database = cluster.create()
    migrate_warehouse(file, database)
    with pytest.raises(InputError, match=r"is not empty: \w+ has [\d,]+ rows"):
        migrate_warehouse(file, database)


def test_a_file_goes_into_a_database_and_back_only(file: Path, tmp_path: Path) -> None:
    """From a file into a file is what a backup is for."""
    with pytest.raises(InputError, match="Name a file and a database"):
        migrate_warehouse(file, tmp_path / "other.duckdb")


def test_a_copy_that_comes_out_differently_is_not_kept(cluster: Cluster, file: Path) -> None:
    """A database that changes what it is given, here by a trigger, gets nothing: no table is half there."""
    database = cluster.create()
    with open_warehouse(database):
        pass
    with cluster.connect(database.url.rpartition("/")[2]) as connection:
        connection.execute(
            "CREATE FUNCTION round_it() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.credits := NEW.credits + 0.000001; RETURN NEW; END $$"
        )
        connection.execute("CREATE TRIGGER round_it BEFORE INSERT ON usage_events FOR EACH ROW EXECUTE FUNCTION round_it()")
    with pytest.raises(MachineError, match=re.escape("usage_events came out differently")):
        migrate_warehouse(file, database)
    with open_warehouse(database) as warehouse, warehouse.reading() as session:
        held = {table: session.value(f"SELECT count(*) FROM {table}") for table in session.tables()}
    assert {table for table, count in held.items() if count} == {"schema_migrations", "audit_anchor", "evaluations"}
