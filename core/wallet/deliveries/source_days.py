# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""Days and orgs whose events a source holds: they come only from there, because repeats in a file could not be recognised."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.answer import day as shown_day
from core.answer import group_digits
from core.errors import ExportError
from core.wallet.deliveries.versions import STAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.warehouse import Session

MAX_NAMED = 10
HELD = "SELECT import_id, substr(reporting_org, 1, 15) AS org, day FROM folded_events WHERE import_id IS NOT NULL"
SAME_ORG = "(h.org IS NULL OR e.reporting_org IS NULL OR h.org = substr(e.reporting_org, 1, 15))"


def require_no_source(session: Session, name: str) -> None:
    """Raise ExportError, if staged events of a file are of days and orgs that a source holds: they would count twice.

    A source holds all days from its first one on, future days included.
    """
    if not session.value("SELECT count(*) FROM source_tables"):
        return
    found = session.execute(
        f"SELECT t.name, t.import_id, count(*), min(e.day), max(e.day) FROM {STAGE} AS e, source_tables AS t"
        f" WHERE e.fault IS NULL AND e.day >= (SELECT min(day) FROM ({HELD}) WHERE import_id = t.import_id)"
        f" AND EXISTS (SELECT 1 FROM (SELECT DISTINCT import_id, org FROM ({HELD})) AS h"
        f" WHERE h.import_id = t.import_id AND {SAME_ORG}) GROUP BY ALL ORDER BY t.import_id"
    )
    if found:
        source, import_id, count, first, last = found[0]
        raise ExportError(
            f"{name} has {_events(count)} of {_days(first, last)}, and source {source} holds the events of those days and orgs:"
            " they would count twice. Leave them out of the file, or take the source back first (agentcost import --undo"
            f" {import_id}). Nothing was imported."
        )


def require_only_source(session: Session, source: str, import_id: int) -> None:
    """Raise ExportError, if files or other sources hold events of a source's days and orgs, as staged or as stored before."""
    own = {"own": import_id}
    session.execute(
        "CREATE OR REPLACE TEMP TABLE of_source AS"
        f" SELECT DISTINCT substr(reporting_org, 1, 15) AS org, day FROM {STAGE}"
        f" UNION SELECT DISTINCT org, day FROM ({HELD}) WHERE import_id = $own",
        own,
    )
    same_org = f"EXISTS (SELECT 1 FROM (SELECT DISTINCT org FROM of_source) AS h WHERE {SAME_ORG})"
    meets = f"e.day >= (SELECT min(day) FROM of_source) AND {same_org}"
    found = session.execute(
        f"SELECT import_id, count(*), min(day), max(day) FROM usage_events AS e WHERE {meets} GROUP BY import_id"
        f" UNION ALL SELECT import_id, sum(row_count), min(day), max(day) FROM folded_events AS e WHERE {meets}"
        " AND import_id IS DISTINCT FROM $own GROUP BY import_id ORDER BY import_id",
        own,
    )
    if found:
        raise ExportError(_counted_twice(source, found))


def _counted_twice(source: str, found: Sequence[tuple[Any, ...]]) -> str:
    """Return a sentence on which imports hold events that a source also holds, and what to do."""
    numbers = [str(row[0]) for row in found if row[0] is not None]
    count, first, last = sum(int(row[1]) for row in found), min(row[2] for row in found), max(row[3] for row in found)
    undo = f"take these imports back (agentcost import --undo {' '.join(numbers[:MAX_NAMED])}), or " if numbers else ""
    return (
        f"{_events(count)} of {_days(first, last)} came in another way, and source {source} also has events of those days and"
        f" orgs: they would count twice. To continue, {undo}let the source begin after them: sources.{source}.first_day,"
        f" {last + timedelta(days=1)} or later. Nothing was imported."
    )


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{group_digits(count)} events"


def _days(first: Any, last: Any) -> str:  # noqa: ANN401 -- days, as the warehouse gives them
    return shown_day(first) if first == last else f"{shown_day(first)} to {shown_day(last)}"
