# ruff: noqa: S608 -- names of tables are ours; values are bound
"""Removes what imports delivered: rows, rollups, rejects and ledger are as if they had never happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import ExportError
from core.wallet.deliveries import UNSETTLED, covers_sql, require_unfolded, row_table, settle
from core.wallet.ingest.counted_grants import recount_grants
from core.wallet.ingest.names import forget_names, shorten_ids
from core.wallet.ingest.profiles import newest_by_of
from core.wallet.ingest.report import DayChange, changes_of_days
from core.wallet.ingest.rollups import prune_tags, roll_up_interactions, roll_up_touched_days, touch_every_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.config import WalletSettings
    from core.warehouse import Session

MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """An import that was taken back."""

    import_id: int
    file_name: str
    profile: str
    imported_at: datetime
    rows_read: int


def take_out(
    session: Session, import_ids: Sequence[int], settings: WalletSettings
) -> tuple[tuple[UndoneImport, ...], tuple[DayChange, ...]]:
    """Remove what imports delivered, in the caller's transaction; return them, and the change for each day.

    Raises: ExportError, if there is no such import, or what it displaced is not known.
    """
    imports = tuple(_undone(find_import(session, import_id)) for import_id in dict.fromkeys(import_ids))
    session.execute("CREATE OR REPLACE TEMP TABLE leaving (import_id INTEGER)")
    for one in imports:
        session.execute("INSERT INTO leaving VALUES ($import_id)", {"import_id": one.import_id})
    require_unfolded(session, import_ids)
    _require_remembered(session)
    tables = _find_touched_rows(session)
    ids_changed = shorten_ids(session)
    for name in ("deliveries", "replaced_days", "rejects", "imports"):
        session.execute(f"DELETE FROM {name} WHERE import_id IN (SELECT import_id FROM leaving)")
    session.execute("CREATE OR REPLACE TEMP TABLE touched_days (day DATE)")
    sources = _take_out_sources(session)
    for table in tables:
        session.execute(
            f"CREATE OR REPLACE TEMP TABLE {UNSETTLED} AS SELECT id FROM left_behind WHERE table_name = $table", {"table": table}
        )
        settle(session, row_table(session, table, newest_by_of(table)))
    return imports, _roll_up(session, [*tables, *sources], settings, all_days=ids_changed)


def _undone(row: dict[str, Any]) -> UndoneImport:
    return UndoneImport(row["import_id"], row["file_name"], row["profile"], row["imported_at"], row["rows_read"])


def find_import(session: Session, import_id: int) -> dict[str, Any]:
    """Return the import of that number, a row of `import_by_id`. Raises: ExportError, if there is none, or it was taken back."""
    found = session.query("import_by_id", import_id=import_id)
    if found:
        return found[0]
    undone = session.query("undone_import_by_id", import_id=import_id)
    if undone:
        row = undone[0]
        raise ExportError(
            f"Import {import_id} ({row['file_name']}) was taken back on {row['undone_at']:%Y-%m-%d %H:%M} UTC"
            f" by {row['undone_by']}."
        )
    raise ExportError(f"There is no import {import_id}. `agentcost imports` lists the numbers.")


def _require_remembered(session: Session) -> None:
    """Refuse if another import from before deliveries were recorded may hold, or have lost, the same rows."""
    found = session.query("unremembered_imports")
    if found:
        named = ", ".join(f"{row['import_id']} ({row['file_name']})" for row in found[:MAX_NAMED])
        more = f" and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
        raise ExportError(
            "What came in before this version does not say which imports deliver the same rows, so what would be left is not "
            f"known. Import the files of {'import' if len(found) == 1 else 'imports'} {named}{more} once more, then take it back."
        )


def _find_touched_rows(session: Session) -> list[str]:
    """Fill the temporary table `left_behind`, and return the tables whose rows are in it.

    It holds the ids of rows that count for the leaving imports, or that their replaced days overruled.
    """
    session.execute("CREATE OR REPLACE TEMP TABLE left_behind (table_name VARCHAR, id VARCHAR)")
    tables = [row[0] for row in session.execute("SELECT DISTINCT table_name FROM deliveries ORDER BY table_name")]
    for name in tables:
        for rows in (name, f"superseded_{name}"):
            session.execute(
                f"INSERT INTO left_behind SELECT $table, id FROM {rows} WHERE import_id IN (SELECT import_id FROM leaving)",
                {"table": name},
            )
        covers = covers_sql(name, "t", "r")
        if covers:
            session.execute(
                f"INSERT INTO left_behind SELECT $table, t.id FROM superseded_{name} AS t JOIN replaced_days AS r ON {covers}"
                " WHERE r.import_id IN (SELECT import_id FROM leaving)",
                {"table": name},
            )
    return [row[0] for row in session.execute("SELECT DISTINCT table_name FROM left_behind ORDER BY table_name")]


def _take_out_sources(session: Session) -> list[str]:
    """Remove the sums of leaving sources; return the table that the sums stand for, nothing if there are none."""
    here = "FROM folded_events WHERE import_id IN (SELECT import_id FROM leaving)"
    session.execute(f"INSERT INTO touched_days SELECT DISTINCT day {here}")
    gone = session.value(f"SELECT count(*) {here}")
    session.execute(f"DELETE {here}")
    session.execute("DELETE FROM source_tables WHERE import_id IN (SELECT import_id FROM leaving)")
    return ["usage_events"] if gone else []


def _roll_up(session: Session, tables: Sequence[str], settings: WalletSettings, *, all_days: bool) -> tuple[DayChange, ...]:
    """Update the rollups, and return the changes by day."""
    if "usage_events" in tables:
        prune_tags(session)
    if forget_names(session, settings) or all_days:
        touch_every_day(session)
    if "ai_usage" in tables:
        roll_up_interactions(session)
    if "entitlements" in tables:
        recount_grants(session, settings)
    before = session.query("touched_day_credits")
    roll_up_touched_days(session, settings)
    return changes_of_days(before, session.query("touched_day_credits"))
