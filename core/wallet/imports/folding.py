# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""Old events and sessions folded into sums: no answer changes, and details that are no longer needed are deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.answer import group_digits
from core.errors import MachineError
from core.pseudonyms import PREFIX, Pseudonyms
from core.records import NamedTuple
from core.wallet.ingest import require_checks, roll_up_interactions, roll_up_touched_days
from core.wallet.ingest.names import NAMES_IN

if TYPE_CHECKING:
    from datetime import date

    from core.config import WalletSettings
    from core.warehouse import Session, Value

ROLLUPS = ("usage_rollup", "user_rollup", "interaction_rollup", "grain_days", "grain_gaps")
EVENTS, SESSIONS = (
    "day IN (SELECT day FROM closing_days WHERE table_name = '" + table + "')" for table in ("usage_events", "ai_usage")
)
GOING = {
    "usage_events": EVENTS,
    "superseded_usage_events": EVENTS,
    "ai_usage": (
        f"{SESSIONS} AND EXISTS (SELECT 1 FROM closing_interactions AS c"
        " WHERE c.session_id IS NOT DISTINCT FROM ai_usage.session_id"
        " AND c.interaction_id IS NOT DISTINCT FROM ai_usage.interaction_id)"
    ),
    "superseded_ai_usage": SESSIONS,
}
"""The rows of each table that are folded or, if they do not count, dropped."""
OLD = "(import_id IS NULL OR day < $before)"
"""Sums old enough for pseudonyms of people: all folded ones, and those of a source's equally old days."""


class Folded(NamedTuple):
    """What was folded, or would be. before: the first day that stays open. rows: of events and of sessions, counted or not.

    people: how many people's ids are replaced by pseudonyms.
    """

    before: date
    days: int = 0
    rows: int = 0
    people: int = 0


def count_foldable(session: Session, before: date, *, pseudonymises: bool) -> Folded:
    """Return what folding the days before a day would do; nothing is changed."""
    _find_closing(session, before)
    rows = sum(int(session.value(f"SELECT count(*) FROM {table} WHERE {where}")) for table, where in GOING.items())
    old = f"SELECT user_id FROM folded_events WHERE {OLD} UNION SELECT user_id FROM usage_events WHERE " + GOING["usage_events"]
    people = f"SELECT count(DISTINCT user_id) FROM ({old}) WHERE NOT starts_with(user_id, '{PREFIX}')"
    days = session.value("SELECT count(DISTINCT day) FROM closing_days")
    return Folded(before, int(days), rows, int(session.value(people, {"before": before})) if pseudonymises else 0)


def fold_old_rows(session: Session, settings: WalletSettings, before: date, *, pseudonymises: bool) -> Folded:
    """Fold the events and sessions of the days before a day into sums, in the caller's transaction.

    The rollups must be shaped by these settings. Raises: MachineError, if an answer would change or a check fails.
    """
    found = count_foldable(session, before, pseudonymises=pseudonymises)
    if not found.rows and not found.people:
        return found
    for table in ROLLUPS:
        session.execute(f"CREATE OR REPLACE TEMP TABLE {table}_before AS SELECT * FROM {table}")
    _fold(session)
    if pseudonymises:
        _pseudonymise(session, before)
    roll_up_touched_days(session, settings)
    roll_up_interactions(session)
    for table in ROLLUPS:
        _require_same(session, table)
    require_checks(session)
    return found


def _find_closing(session: Session, before: date) -> None:
    """Fill the temporary tables `closing_days` and `closing_interactions`."""
    session.execute("CREATE OR REPLACE TEMP TABLE closing_days (table_name VARCHAR, day DATE, amount DECIMAL(38, 6))")
    session.execute("CREATE OR REPLACE TEMP TABLE closing_interactions (session_id VARCHAR, interaction_id VARCHAR)")
    session.run("find_closing_interactions", before=before)
    session.run("find_closing_days", before=before)


def _fold(session: Session) -> None:
    """Replace the closing rows by sums; the temporary table `touched_days` holds the days of the events afterwards."""
    session.run("find_folded_imports")
    session.run("fold_events")
    session.run("fold_interactions")
    label, developer_name, agents = NAMES_IN["usage_events"]
    for table in ("usage_events", "superseded_usage_events"):
        session.execute(
            f"INSERT INTO folded_names SELECT coalesce({label}, ''), coalesce({developer_name}, ''),"
            f" coalesce(bool_or({agents}), false) FROM {table} WHERE {GOING[table]} GROUP BY ALL"
            " EXCEPT SELECT label, developer_name, has_agents FROM folded_names"
        )
    session.execute("CREATE OR REPLACE TEMP TABLE touched_days AS SELECT day FROM closing_days WHERE table_name = 'usage_events'")
    session.execute(f"DELETE FROM repeated_rows WHERE grain = 'event' AND {GOING['usage_events']}")
    for table, where in GOING.items():
        session.execute(f"DELETE FROM {table} WHERE {where}")
    session.execute("INSERT INTO closed_days SELECT table_name, day, amount FROM closing_days")


def _people(session: Session, before: date) -> list[str]:
    """Return the ids of people in old folded events."""
    rows = session.execute(
        f"SELECT DISTINCT user_id FROM folded_events WHERE user_id IS NOT NULL AND {OLD} ORDER BY user_id", {"before": before}
    )
    return [user_id for (user_id,) in rows if not user_id.startswith(PREFIX)]


def _pseudonymise(session: Session, before: date) -> None:
    """Replace people in folded events with pseudonyms; the days are added to the temporary table `touched_days`."""
    pseudonyms = Pseudonyms(session)
    for user_id in _people(session, before):
        old: dict[str, Value] = {"user_id": user_id, "before": before}
        here = f"user_id = $user_id AND {OLD}"
        session.execute(
            f"INSERT INTO touched_days SELECT DISTINCT day FROM folded_events WHERE {here} EXCEPT SELECT day FROM touched_days",
            old,
        )
        values: dict[str, Value] = {**old, "pseudonym": pseudonyms.made_of(user_id)}
        session.execute(f"UPDATE folded_events SET user_id = $pseudonym WHERE {here}", values)


def _require_same(session: Session, table: str) -> None:
    """Raise MachineError, if a rollup differs from before; names of people may differ."""
    columns = [name for (name,) in session.execute(f"SELECT column_name FROM (DESCRIBE {table})")]
    by = ", ".join(name for name in columns if name not in {"user_id", "row_count", "actions", "credits"})
    rows = f"SELECT {by}, sum(row_count), sum(actions), sum(credits)" if table == "user_rollup" else "SELECT *"
    grouped = f" GROUP BY {by}" if table == "user_rollup" else ""
    for one, other in ((table, f"{table}_before"), (f"{table}_before", table)):
        differ = session.value(f"SELECT count(*) FROM ({rows} FROM {one}{grouped} EXCEPT ALL {rows} FROM {other}{grouped})")
        if differ:
            raise MachineError(f"Folding would change {group_digits(differ)} rows of {table}, so nothing was folded.")
