"""The record of a table of exports agrees with the schema, the checks and the choices of users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.wallet.export_tables import EXPORT_TABLES, ExportTable
from core.warehouse import statement

if TYPE_CHECKING:
    from core.warehouse import Warehouse

CHECKS = ("no_row_twice", "rows_know_their_import")
BY_ITSELF = {("no_row_twice", "usage_events"): "no_event_twice"}
each_table = pytest.mark.parametrize("table", EXPORT_TABLES, ids=lambda table: table.kind)


@each_table
def test_the_schema_has_what_the_record_says(warehouse: Warehouse, table: ExportTable) -> None:
    """Delivered columns, ids, the amount and the time are columns of the table and of its superseded rows."""
    columns, superseded = (
        [name for (name,) in warehouse.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = $t", {"t": name})]
        for name in (table.name, f"superseded_{table.name}")
    )
    assert superseded == columns
    merged = {"department", "use_case", "is_deleted"}  # go into the tags, and into what counts
    wanted = {field.column for field in table.fields} - merged | {"id", "import_id", "version", table.amount}
    assert wanted | ({table.time} if table.time else set()) <= {*columns}


@each_table
def test_its_sql_is_of_the_table(warehouse: Warehouse, table: ExportTable) -> None:
    """Every piece of SQL in the record runs against the table."""
    pieces = [table.counts, table.through, table.shown_card, *table.record_ids, *(noted.condition for noted in table.noted)]
    pieces += [text.format(row="t") for text in (table.begins, table.card)]
    pieces += [f"t.{table.agent}" if table.agent else "", *(table.card_names or ())]
    for piece in filter(None, pieces):
        assert warehouse.execute(f"SELECT {piece} FROM {table.name} AS t WHERE false GROUP BY ALL") in ([], [(None,)])


@each_table
@pytest.mark.parametrize("check", CHECKS)
def test_checks_look_at_it(table: ExportTable, check: str) -> None:
    """A table that no check covers could hold a row twice, or a row of no import."""
    assert f" {table.name}" in statement(BY_ITSELF.get((check, table.name), check)).text


def test_ranks_and_kinds_are_told_apart() -> None:
    """Kinds are tried in a total order."""
    assert len({table.rank for table in EXPORT_TABLES}) == len({table.kind for table in EXPORT_TABLES}) == len(EXPORT_TABLES)
