# ruff: noqa: S608 -- names of tables are ours; values are bound
"""Imports taken back: rows, rollups, rejects and ledger as if they had never come."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Figure, Note, number
from core.errors import ExportError
from core.wallet.deliveries import UNSETTLED, covers_sql, row_table, settle
from core.wallet.ingest import (
    DayChange,
    changes_of_days,
    days_table,
    forget_names,
    newest_by_of,
    prune_tags,
    rebuild_if_settings_changed,
    require_checks,
    roll_up_interactions,
    roll_up_touched_days,
    touch_every_day,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from core.config import WalletSettings
    from core.warehouse import Session, Value, Warehouse

MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """An import that was taken back."""

    import_id: int
    file_name: str
    profile: str
    imported_at: datetime
    rows_read: int


@dataclass(frozen=True, slots=True)
class Undone:
    """Imports that were taken back, and what that did to each day."""

    imports: tuple[UndoneImport, ...]
    days: tuple[DayChange, ...]

    def to_answer(self, today: date) -> Answer:
        """Return what was taken back as an answer."""
        numbers = " ".join(str(one.import_id) for one in self.imports)
        return Answer(
            question=f"import --undo {numbers}",
            title="Taken back",
            headline=self._headline(),
            as_of=today,
            figures=(
                Figure("imports", "Imports taken back", Decimal(len(self.imports)), "count"),
                Figure("days_touched", "Days touched", Decimal(len({change.day for change in self.days})), "days"),
            ),
            tables=(days_table(self.days),) if self.days else (),
            notes=(
                Note(
                    "assumption", "What teams were told before stays told; what no longer holds is put right with the next look."
                ),
            ),
        )

    def _headline(self) -> str:
        named = " and ".join(f"import {one.import_id} ({one.file_name})" for one in self.imports[:MAX_NAMED])
        more = f" and {len(self.imports) - MAX_NAMED} more" if len(self.imports) > MAX_NAMED else ""
        difference = sum((change.difference for change in self.days), Decimal(0))
        changed = (
            f"{number(abs(difference))} credits {'fewer' if difference < 0 else 'more'} count"
            if difference
            else "no credits change"
        )
        verb = "is" if len(self.imports) == 1 else "are"
        return f"{named[0].upper()}{named[1:]}{more} {verb} taken back: {changed}."


def undo_imports(  # noqa: PLR0913 -- what to take back, and who does when
    warehouse: Warehouse,
    import_ids: Sequence[int],
    settings: WalletSettings,
    *,
    who: str,
    now: datetime,
    before_commit: Callable[[Session, Undone], None] | None = None,
) -> Undone:
    """Take imports back in one transaction, and return what that changed.

    The wallet is then what the other imports alone come to, whatever their order. before_commit: called inside the
    transaction, after its checks. Raises: ExportError, if there is no such import, or what it displaced is not known;
    MachineError, if a check fails.
    """
    rebuild_if_settings_changed(warehouse, settings)
    with warehouse.writing() as session:
        undone = take_out(session, import_ids, settings)
        for one in undone.imports:
            session.run("enter_undone_import", **_entry(one), undone_at=now, undone_by=who)
        require_checks(session)
        if before_commit:
            before_commit(session, undone)
    return undone


def take_out(session: Session, import_ids: Sequence[int], settings: WalletSettings) -> Undone:
    """Take what imports brought out of the wallet, in the caller's transaction. Raises: ExportError, as `undo_imports`."""
    imports = tuple(_find_import(session, import_id) for import_id in dict.fromkeys(import_ids))
    session.execute("CREATE OR REPLACE TEMP TABLE leaving (import_id INTEGER)")
    for one in imports:
        session.execute("INSERT INTO leaving VALUES ($import_id)", {"import_id": one.import_id})
    _require_remembered(session)
    tables = _find_touched_rows(session)
    for name in ("deliveries", "replaced_days", "rejects", "imports"):
        session.execute(f"DELETE FROM {name} WHERE import_id IN (SELECT import_id FROM leaving)")
    session.execute("CREATE OR REPLACE TEMP TABLE touched_days (day DATE)")
    for table in tables:
        session.execute(
            f"CREATE OR REPLACE TEMP TABLE {UNSETTLED} AS SELECT id FROM left_behind WHERE table_name = $table", {"table": table}
        )
        settle(session, row_table(session, table, newest_by_of(table)))
    return Undone(imports, _roll_up(session, tables, settings))


def _entry(one: UndoneImport) -> dict[str, Value]:
    return {
        "import_id": one.import_id,
        "file_name": one.file_name,
        "profile": one.profile,
        "imported_at": one.imported_at,
        "rows_read": one.rows_read,
    }


def _find_import(session: Session, import_id: int) -> UndoneImport:
    found = session.query("import_by_id", import_id=import_id)
    if found:
        row = found[0]
        return UndoneImport(row["import_id"], row["file_name"], row["profile"], row["imported_at"], row["rows_read"])
    undone = session.query("undone_import_by_id", import_id=import_id)
    if undone:
        row = undone[0]
        raise ExportError(
            f"Import {import_id} ({row['file_name']}) was taken back on {row['undone_at']:%Y-%m-%d %H:%M} UTC"
            f" by {row['undone_by']}."
        )
    raise ExportError(f"There is no import {import_id}. `agentcost imports` lists the numbers.")


def _require_remembered(session: Session) -> None:
    """Refuse where another import of before deliveries were kept may hold, or have lost, the same rows."""
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

    It holds the ids of rows that count as the leaving imports', or that their replaced days kept from counting.
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


def _roll_up(session: Session, tables: Sequence[str], settings: WalletSettings) -> tuple[DayChange, ...]:
    """Bring the rollups up to date, and return what became of the days."""
    if "usage_events" in tables:
        prune_tags(session)
    if forget_names(session, settings):
        touch_every_day(session)
    if "ai_usage" in tables:
        roll_up_interactions(session)
    before = session.query("touched_day_credits")
    roll_up_touched_days(session, settings)
    return changes_of_days(before, session.query("touched_day_credits"))
