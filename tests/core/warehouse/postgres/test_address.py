"""A database is named by its address, whose password nobody is shown; one that will not do is refused with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import InputError, MachineError
from core.warehouse import PostgresAddress, open_warehouse, read_address
from tests.fakes.ports import free_port

if TYPE_CHECKING:
    from tests.fakes.postgres import Cluster


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("postgresql://ada:s3:cr@et@db/wallet", "postgresql://ada:***@db/wallet"),
        (
            "postgres://ada@db:5433/wallet?password=s3cret&sslmode=require",
            "postgres://ada@db:5433/wallet?password=***&sslmode=require",
        ),
        ("postgresql://db/wallet", "postgresql://db/wallet"),
    ],
)
def test_the_password_is_not_shown(said: str, shown: str) -> None:
    """Wherever libpq lets a password stand, sentences have three stars, and so has what a traceback prints of a value."""
    address = read_address(said)
    assert (str(address), repr(address)) == (shown, f"PostgresAddress({shown!r})")


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    """The sentence says which database, that it cannot be reached and what to see to."""
    pytest.importorskip("duckdb_extension_postgres_scanner")
    address = PostgresAddress(f"postgresql://ada:s3cret@127.0.0.1:{free_port()}/wallet")
    with pytest.raises(MachineError, match="cannot be reached: Connection refused") as refused, open_warehouse(address):
        pass
    assert "s3cret" not in str(refused.value)
    assert "ada:***@127.0.0.1" in str(refused.value)


def test_a_database_that_orders_texts_by_a_language_is_refused(cluster: Cluster) -> None:
    """DuckDB compares bytes: what PostgreSQL sorts for it must come out alike, so another collation is refused."""
    address = cluster.create("sorted_by_icu", provider="icu")
    with pytest.raises(InputError, match=r"orders texts otherwise .* createdb --template=template0"), open_warehouse(address):
        pass


def test_no_column_lost_its_type(cluster: Cluster) -> None:
    """No figure is kept as a float: PostgreSQL has no HUGEINT, for which DuckDB would take DOUBLE."""
    with open_warehouse(cluster.create()) as warehouse:
        floats = warehouse.execute(
            "SELECT table_name, column_name FROM duckdb_columns()"
            " WHERE schema_name = 'public' AND data_type IN ('DOUBLE', 'FLOAT')"
        )
        known = {
            name for (name,) in warehouse.execute("SELECT DISTINCT data_type FROM duckdb_columns() WHERE schema_name = 'public'")
        }
    assert floats == []
    assert "DECIMAL(38,6)" in known
