"""The statement for a table of every column, as each engine's SQL."""

from datetime import UTC, date, datetime
from pathlib import Path

import ibis
import ibis.expr.datatypes as dt

from core.config import WalletSettings
from core.wallet.ingest.profiles import recognise
from core.wallet.sources.dialects import dialect_of
from core.wallet.sources.statement import Wanted, roll_up_events
from tests.fakes.lakes.events import COLUMNS

GOLDENS = Path(__file__).parents[2] / "golden" / "sources"
DIALECTS = {
    "spark": "pyspark",
    "databricks": "databricks",
    "trino": "trino",
    "bigquery": "bigquery",
    "snowflake": "snowflake",
    "clickhouse": "clickhouse",
    "postgresql": "postgres",
}
# The others ran here (test_equal_to_files); these are held by their text.
HELD_BY_TEXT = ("databricks", "trino", "bigquery", "snowflake", "clickhouse")
KINDS = {"text": dt.string, "timestamptz": dt.Timestamp(timezone="UTC"), "decimal(18,6)": dt.Decimal(38, 18)}
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def statement_of(engine: str) -> str:
    """Return the statement of a later import, of days in Berlin, as an engine's SQL."""
    table = ibis.table({column: KINDS[kind] for column, kind in COLUMNS.items()}, name="tenant_enriched_usage_event")
    wallet = WalletSettings(time_zone="Europe/Berlin")
    match = recognise("source lake", table.columns, wallet)
    wanted = Wanted(date(2026, 7, 1), date(2028, 1, 1), SINCE)
    return f"{ibis.to_sql(roll_up_events(table, match, wallet, wanted, dialect_of(engine)), dialect=DIALECTS[engine])}\n"
