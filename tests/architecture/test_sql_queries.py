"""Every query in sql/queries keeps the contract in its header, has a total order, and makes no floating-point number."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.config.wallet import WalletSettings
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import Warehouse, open_warehouse
from core.warehouse.statements import SQL_FOLDER, Statement, statement, statement_names

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPORTS = Path(__file__).resolve().parents[1] / "data" / "exports"
QUERIES = statement_names("queries")
SAMPLE: dict[str, Any] = {
    "card": "FlexCredits",
    "by": "agent",
    "before_first_day": date(2026, 7, 1),
    "first_day": date(2026, 8, 1),
    "day_after_last": date(2026, 9, 1),
}


@pytest.fixture(scope="module")
def wallet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The invented wallet."""
    names = ("events_api_names.csv", "daily.csv", "ledger.csv", "compute_consumption.json")
    with open_warehouse(tmp_path_factory.mktemp("queries") / "warehouse.duckdb") as warehouse:
        import_files(warehouse, [EXPORTS / name for name in names], WalletSettings())
        yield warehouse


def sample(found: Statement) -> dict[str, Any]:
    """Return values for a query's parameters: no filter, two months."""
    return {slot.name: SAMPLE.get(slot.name) for slot in found.parameters}


def body(found: Statement) -> str:
    """Return the statement without its comments."""
    return "\n".join(line.partition("--")[0] for line in found.text.splitlines())


@pytest.mark.parametrize("name", QUERIES)
def test_the_first_line_is_the_name_and_what_it_gives(name: str) -> None:
    """`-- usage_by_day: …`, and the file has that name."""
    assert re.match(rf"-- {name}: .+[.]$", statement(name).text.splitlines()[0])


@pytest.mark.parametrize("name", QUERIES)
def test_the_header_names_the_parameters_that_the_statement_takes(name: str) -> None:
    """No parameter is missing from the header, and none is there for nothing."""
    found = statement(name)
    assert set(re.findall(r"\$(\w+)", body(found))) == {slot.name for slot in found.parameters}


@pytest.mark.parametrize("name", QUERIES)
def test_the_header_names_the_columns_that_come_out(wallet: Warehouse, name: str) -> None:
    """The same names, types and order."""
    found = statement(name)
    with wallet.reading() as session:
        described = [(row[0], row[1]) for row in session.execute(f"DESCRIBE {body(found)}", sample(found))]
    assert described == [(slot.name, slot.sql_type) for slot in found.columns]


@pytest.mark.parametrize("name", QUERIES)
def test_every_slot_of_the_header_says_what_it_means(name: str) -> None:
    """Name and type alone are no contract."""
    found = statement(name)
    assert all(slot.meaning for slot in (*found.parameters, *found.columns))


@pytest.mark.parametrize("name", QUERIES)
def test_the_order_of_the_rows_is_total(wallet: Warehouse, name: str) -> None:
    """No two rows are alike in what the statement orders by, so every run gives the same order."""
    found = statement(name)
    order = [part.split()[0].rpartition(".")[2] for part in body(found).rpartition("ORDER BY")[2].split(",")]
    rows = wallet.query(name, **sample(found))
    assert len({tuple(row[column] for column in order) for row in rows}) == len(rows)


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_divides_or_averages(name: str) -> None:
    """In DuckDB `/` and `avg` make a DOUBLE out of exact decimals; quotients are Python's."""
    assert not re.search(r"/|\bavg\b|\bmean\b|\bDOUBLE\b|\bFLOAT\b|\bREAL\b", body(statement(name)), re.IGNORECASE)


@pytest.mark.parametrize("name", QUERIES)
def test_no_column_is_a_floating_point_number(name: str) -> None:
    """Money, credits and counts are exact."""
    assert not [slot.name for slot in statement(name).columns if slot.sql_type in {"DOUBLE", "FLOAT"}]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_only_reads(name: str) -> None:
    """One SELECT a file."""
    text = body(statement(name)).strip()
    assert re.match(r"(SELECT|WITH)\b[^;]*$", text)


@pytest.mark.parametrize("name", QUERIES)
def test_columns_are_named(name: str) -> None:
    """`SELECT *` would change with the schema."""
    assert not re.search(r"SELECT\s+\*|\.\*", body(statement(name)))


def test_a_name_is_used_once() -> None:
    """Queries, loads and checks are found by name alone."""
    names = [path.stem for path in SQL_FOLDER.rglob("*.sql")]
    assert len(names) == len(set(names))
