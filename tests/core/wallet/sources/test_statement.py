"""The statement in each engine's SQL: some engines run it (test_equal_to_files), for the others its text is compared."""

import pytest
import sqlglot
from sqlglot import exp

from tests.fakes.lakes.statements import DIALECTS, GOLDENS, HELD_BY_TEXT, statement_of

READ_BY = {"pyspark": "spark"}
FLOATING = {exp.DataType.Type.FLOAT, exp.DataType.Type.DOUBLE}


@pytest.mark.parametrize("engine", HELD_BY_TEXT)
def test_statement_is_the_one_that_was_read(engine: str) -> None:
    """A change of the statement shows up; python -m tests.tools.write_source_goldens renews it."""
    assert statement_of(engine) == (GOLDENS / f"{engine}.sql").read_bytes().decode()


@pytest.mark.parametrize("engine", DIALECTS)
def test_statement_is_one_and_reads_only(engine: str) -> None:
    """It parses in the engine's dialect, selects from one table, and uses no floating-point number."""
    dialect = READ_BY.get(DIALECTS[engine], DIALECTS[engine])
    (statement,) = sqlglot.parse(statement_of(engine), read=dialect)
    assert isinstance(statement, exp.Query)
    own = {one.alias_or_name for one in statement.find_all(exp.CTE)}
    assert {table.name for table in statement.find_all(exp.Table)} - own == {"tenant_enriched_usage_event"}
    assert [cast for cast in statement.find_all(exp.Cast) if cast.to.this in FLOATING] == []
    ranks = [window for window in statement.find_all(exp.Window) if isinstance(window.this, exp.RowNumber)]
    assert {column.name for rank in ranks for part in rank.args["partition_by"] for column in part.find_all(exp.Column)} == {"id"}


@pytest.mark.parametrize(("engine", "said"), [("trino", "AT_TIMEZONE("), ("snowflake", "CONVERT_TIMEZONE('UTC', ")])
def test_days_are_cut_by_utc_where_instants_keep_a_zone(engine: str, said: str) -> None:
    """Trino and Snowflake would otherwise use the zone in which the instant was written."""
    assert said in statement_of(engine).upper().replace("'UTC',", "'UTC',")


def test_texts_are_ordered_by_their_bytes_in_postgresql() -> None:
    """Of two versions that differ in text only, the same one counts under any collation."""
    assert "CONVERT_TO(" in statement_of("postgresql").upper()
