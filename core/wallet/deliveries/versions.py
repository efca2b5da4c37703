# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""Versions of rows, and which imports delivered them: which version of an id counts follows from its deliveries alone.

A row as delivered is a version of its id. Imports that deliver the same row share a version; the wallet table holds the one
version of an id that counts, the superseded table all others. So after any removal, the version that then counts is available.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.wallet.deliveries.replaced_days import covers_sql
from core.wallet.export_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.warehouse import Session, Value

BEFORE_ALL = "TIMESTAMP '1900-01-01'"
KEYS = frozenset({"id", "import_id", "version"})
DERIVED = {"entitlements": frozenset({"card"}), "balance_snapshots": frozenset({"card"})}
UNSETTLED = "unsettled"
STAGE = "incoming"
"""The temporary view of the current file's rows, with all columns of their table."""
STAGED_ROWS = "incoming_rows"
"""The temporary table behind it, which is written to; it lacks the columns that the file lacks."""


@dataclass(frozen=True, slots=True)
class RowTable:
    """A wallet table: its columns, and which of them rank two deliveries of a row before the file's own age."""

    name: str
    columns: tuple[str, ...]
    newest_by: tuple[str, ...]

    @property
    def superseded(self) -> str:
        """The table of the versions that do not count."""
        return f"superseded_{self.name}"

    @property
    def amount(self) -> str:
        """The column of a row's amount."""
        return TABLES[self.name].amount

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns that a delivery states, in which two may differ; the others are derived from the whole wallet."""
        derived = DERIVED.get(self.name, frozenset())
        return tuple(column for column in self.columns if column not in derived)

    def same_sql(self, one: str, other: str) -> str:
        """Return SQL for whether nothing differs between two deliveries."""
        return " AND ".join(f"{one}.{column} IS NOT DISTINCT FROM {other}.{column}" for column in self.compared)

    def rank_parts(self, side: str, through: str) -> list[str]:
        """Return SQL parts that, compared in order, rank one delivery of a row against another.

        through: SQL for the newest data of the delivery's file.
        """
        newest = [
            f"coalesce({side}.{part}, {BEFORE_ALL})" if part.endswith("_time") else f"coalesce({side}.{part}, false)"
            for part in self.newest_by
        ]
        filled = " + ".join(f"({side}.{column} IS NOT NULL)::INTEGER" for column in self.compared)
        text = ", ".join(f"coalesce(CAST({side}.{column} AS VARCHAR), '')" for column in self.compared)
        return [
            *newest,
            f"coalesce({through}, {BEFORE_ALL})",
            f"{side}.{self.amount}",
            f"({filled})",
            f"concat_ws(chr(31), {text})",
        ]


def create_stage(
    session: Session, select: str, parameters: Mapping[str, Value] | None = None, blank: Mapping[str, str] | None = None
) -> None:
    """Put the rows of a SELECT into the stage. blank: further columns and their types, in which no row has a value.

    Blank columns cost 16 bytes a row in a table and nothing in a view.
    """
    drop_stage(session)
    session.execute(f"CREATE TEMP TABLE {STAGED_ROWS} AS {select}", parameters)
    blanks = "".join(f", CAST(NULL AS {kind}) AS {name}" for name, kind in (blank or {}).items())
    session.execute(f"CREATE TEMP VIEW {STAGE} AS SELECT rowid, r.*{blanks} FROM {STAGED_ROWS} AS r")


def drop_stage(session: Session) -> None:
    """Free what the stage takes: some 300 bytes for each event."""
    session.execute(f"DROP VIEW IF EXISTS {STAGE}")
    session.execute(f"DROP TABLE IF EXISTS {STAGED_ROWS}")


def row_table(session: Session, name: str, newest_by: tuple[str, ...]) -> RowTable:
    """Return a wallet table with its columns in the order of the schema."""
    rows = session.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = $table AND database_name = current_database()"
        " ORDER BY column_index",
        {"table": name},
    )
    return RowTable(name, tuple(column for (column,) in rows if column not in KEYS), newest_by)


def next_version(session: Session, table: RowTable) -> int:
    """Return the number from which a table's new versions are counted."""
    return int(
        session.value(
            "SELECT coalesce(max(version_after_last), 0) FROM deliveries WHERE table_name = $table", {"table": table.name}
        )
    )


def record_range(session: Session, table: RowTable, import_id: int, first: int, after_last: int) -> None:
    """Record that an import delivered these versions; does nothing if there are none."""
    if first < after_last:
        session.execute(
            "INSERT INTO deliveries VALUES ($table, $import_id, $first, $after_last)",
            {"table": table.name, "import_id": import_id, "first": first, "after_last": after_last},
        )


def record_repeats(session: Session, table: RowTable, import_id: int, versions: str) -> None:
    """Record that an import delivered versions that already exist. versions: SQL for their numbers, as `version`."""
    session.execute(
        "INSERT INTO deliveries SELECT $table, $import_id, min(version), max(version) + 1 FROM ("
        f" SELECT version, version - row_number() OVER (ORDER BY version) AS island FROM ({versions})"
        ") GROUP BY island ORDER BY min(version)",
        {"table": table.name, "import_id": import_id},
    )


def settle(session: Session, table: RowTable) -> None:
    """Decide again which version counts for each id in the temporary table `unsettled`, and drop versions without a delivery.

    Among versions delivered by imports that are not overruled (see `replaced_days`) the highest ranked counts. Days that change
    go into the temporary table `touched_days`, which must exist.
    """
    columns = ", ".join(table.columns)
    here = f"WHERE id IN (SELECT id FROM {UNSETTLED})"
    session.execute(
        "CREATE OR REPLACE TEMP TABLE contested AS"
        f" SELECT id, version, true AS was_counted, {columns} FROM {table.name} {here}"
        f" UNION ALL SELECT id, version, false AS was_counted, {columns} FROM {table.superseded} {here}"
    )
    _find_holders(session, table)
    rank = ", ".join(f"{part} DESC" for part in table.rank_parts("c", "h.data_through"))
    session.execute(
        "CREATE OR REPLACE TEMP TABLE settled AS SELECT c.version, h.import_id, h.is_heard AND row_number() OVER"
        f" (PARTITION BY c.id ORDER BY h.is_heard DESC, {rank}, h.sha256 DESC, c.version) = 1 AS is_counted"
        " FROM contested AS c JOIN holders AS h USING (version)"
    )
    if "day" in table.columns:
        session.execute(
            "INSERT INTO touched_days SELECT DISTINCT c.day FROM contested AS c LEFT JOIN settled AS s USING (version)"
            " WHERE c.was_counted <> coalesce(s.is_counted, false) EXCEPT SELECT day FROM touched_days"
        )
    for name, test in ((table.name, "s.is_counted"), (table.superseded, "NOT s.is_counted")):
        session.execute(f"DELETE FROM {name} {here}")
        session.execute(
            f"INSERT INTO {name} (id, import_id, version, {columns}) SELECT c.id, s.import_id, c.version,"
            f" {', '.join(f'c.{column}' for column in table.columns)}"
            f" FROM contested AS c JOIN settled AS s USING (version) WHERE {test} ORDER BY c.version"
        )


def _find_holders(session: Session, table: RowTable) -> None:
    """Fill the temporary table `holders`: per contested version the import that it counts for, and whether it is heard."""
    session.execute("CREATE OR REPLACE TEMP TABLE truths (version BIGINT, import_id INTEGER)")
    covers = covers_sql(table.name, "c", "r")
    if covers and session.value("SELECT count(*) FROM replaced_days"):
        session.execute(
            "INSERT INTO truths SELECT c.version, max(r.import_id) FROM contested AS c JOIN replaced_days AS r"
            f" ON {covers} GROUP BY c.version"
        )
    session.execute(
        "CREATE OR REPLACE TEMP TABLE holders AS"
        " SELECT c.version, d.import_id, i.data_through, i.sha256, coalesce(t.import_id = d.import_id, true) AS is_heard"
        " FROM contested AS c JOIN deliveries AS d ON d.table_name = $table"
        " AND c.version >= d.first_version AND c.version < d.version_after_last"
        " JOIN imports AS i ON i.import_id = d.import_id LEFT JOIN truths AS t ON t.version = c.version"
        " QUALIFY row_number() OVER (PARTITION BY c.version"
        f" ORDER BY is_heard DESC, coalesce(i.data_through, {BEFORE_ALL}) DESC, i.sha256 DESC, d.import_id DESC) = 1",
        {"table": table.name},
    )
