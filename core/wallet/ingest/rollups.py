# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""The daily rollups: rebuilt for touched days, and completely when a setting that shapes them changes."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from core.answer import group_digits
from core.errors import ExportError, MachineError
from core.wallet.export_tables import EXPORT_TABLES, ROLLED_UP
from core.wallet.ingest.counted_grants import recount_grants
from core.wallet.ingest.names import spell_cards
from core.wallet.ingest.staging import derive_columns
from core.wallet.ingest.tags import read_tags
from core.warehouse import statement, statement_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from core.config import WalletSettings
    from core.warehouse import Session, Value, Warehouse

SHAPED_BY = "rollup_shaped_by"
PUT_RIGHT = frozenset({"open_levels_are_passed"})
NEWEST_IMPORT = """
SELECT max_by(import_id, version_after_last), min(import_id) < max(import_id)
FROM deliveries
WHERE table_name = 'usage_events'
"""


def index_tags(session: Session, settings: WalletSettings, spool: Path) -> None:
    """Read the staged events' tag texts that are new."""
    _store_tags(session, (row["tags"] for row in session.query("new_tags")), settings, spool)


def prune_tags(session: Session) -> None:
    """Forget tag texts without events."""
    session.run("prune_tags")


def _store_tags(session: Session, texts: Iterable[str], settings: WalletSettings, spool: Path) -> None:
    read = ((text, read_tags(text, settings.department_tags, settings.use_case_tags)) for text in texts)
    load_rows(session, spool, "tag_sets", ((text, tags.department, tags.use_case, tags.is_understood) for text, tags in read))


def load_rows(session: Session, spool: Path, table: str, rows: Iterable[tuple[Value, ...]]) -> None:
    """Insert rows of Python values, in the order of the table's columns, through a file: fast for many rows.

    Line breaks of every kind are kept; an invalid character becomes `?`.
    """
    path = spool / f"{table}-rows"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        count = sum(1 for _ in map(writer.writerow, rows))
    if not count:
        return
    columns = session.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table ORDER BY column_index", {"table": table}
    )
    names = ", ".join(f"'{name}': 'VARCHAR'" for name, _ in columns)
    casts = ", ".join(f"CAST({name} AS {kind})" for name, kind in columns)
    source = f"""read_csv('{str(path).replace("'", "''")}', auto_detect = false, header = false, delim = ',', quote = '"',
        escape = '"', new_line = '\\n', allow_quoted_nulls = false, columns = {{{names}}})"""
    session.execute(f"INSERT INTO {table} SELECT {casts} FROM {source}")


def roll_up_touched_days(session: Session, settings: WalletSettings) -> None:
    """Rebuild the rollups of the days in the temporary table `touched_days`, and what counts of the coarser rows around them.

    Coarser rows are compared with finer ones on the wallet's own (UTC) days, each of which overlaps two of the team's days;
    afterwards the temporary table `compared_days` holds those days.
    """
    session.execute("CREATE OR REPLACE TEMP TABLE compared_days (utc_day DATE)")
    first_day, last_day = session.execute("SELECT min(day), max(day) FROM touched_days")[0]
    if first_day is None:
        return
    _find_repeated_rows(session)
    card = {"default_card": settings.default_card}
    days = {"first_day": first_day, "last_day": last_day}
    session.run("sum_events", **days, **card)
    _compare_grains(session, settings, **card)
    session.run("delete_usage_rollup")
    session.run("roll_up_events")
    session.run("roll_up_hours", **card)
    session.run("roll_up_days", **card)
    session.run("roll_up_gaps")
    session.run("delete_user_rollup")
    session.run("roll_up_users", **days, **card)


def _find_repeated_rows(session: Session) -> None:
    """Recompute which rows of the touched days repeat others; without keyless rows there are none."""
    session.run("forget_repeated_rows")
    events, event_sums = _count_keyless_rows(session, "usage_events")
    if events:
        session.run("find_repeated_events")
    if any(_count_keyless_rows(session, table)[0] for table in ("usage_hours", "usage_days")):
        session.run("find_repeated_sums")
    if event_sums:
        session.run("find_repeated_day_sums")


def _count_keyless_rows(session: Session, table: str) -> tuple[int, int]:
    """Return how many rows of the touched days are named by their content, and how many of these are sums of a day."""
    keyless, sums = session.execute(
        f"SELECT count(*), count(*) FILTER (starts_with(id, '#d')) FROM {table}"
        " WHERE starts_with(id, '#') AND day IN (SELECT day FROM touched_days)"
    )[0]
    return int(keyless), int(sums)


def touch_every_day(session: Session) -> None:
    """Fill the temporary table `touched_days` with all days that have rows, or had rows when the rollups were built."""
    days = " UNION ".join(f"SELECT DISTINCT day FROM {table}" for table in (*ROLLED_UP, "folded_events", "usage_rollup"))
    session.execute(f"CREATE OR REPLACE TEMP TABLE touched_days AS {days}")


def _compare_grains(session: Session, settings: WalletSettings, **rows: Value) -> None:
    """Recompute what finer rows lack on the days around the touched ones, and fill the temporary table `recounted_days`."""
    session.execute("CREATE OR REPLACE TEMP TABLE recounted_days (day DATE)")
    session.run("find_compared_days")  # as the touched days were, and then as they are
    session.run("delete_grain_days")
    session.run("count_grain_days", **rows)
    session.run("find_compared_days")
    session.run("find_recounted_days")
    session.run("delete_grain_gaps")
    for coarser in ("hour", "day"):
        session.run("compare_grains", coarser=coarser, tolerance_percent=settings.grain_tolerance_percent)


def roll_up_interactions(session: Session) -> None:
    """Rebuild the rollup of interactions."""
    session.run("delete_interaction_rollup")
    session.run("roll_up_interactions")


def require_checks(session: Session) -> None:
    """Raise MachineError if a statement in `sql/checks` returns a row, except for alerts, which the next evaluation fixes."""
    for name, rows in find_broken_checks(session, but=PUT_RIGHT).items():
        raise MachineError(
            f"The check {name} found {group_digits(len(rows))} rows that must not exist, the first: {rows[0]}. Nothing "
            f"was changed."
        )


def find_broken_checks(asked: Session | Warehouse, but: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that must not exist, by the statement in `sql/checks` that found them."""
    newest, has_others = asked.execute(NEWEST_IMPORT)[0]
    # Given as values, not looked up in the statements: DuckDB skips rows by them, and PostgreSQL sends only those.
    known = {"newest_import": newest, "has_others": bool(has_others)}
    found = {
        name: asked.query(name, **{slot.name: known[slot.name] for slot in statement(name).parameters})
        for name in statement_names("checks")
        if name not in but
    }
    return {name: rows for name, rows in found.items() if rows}


def rebuild_if_settings_changed(warehouse: Warehouse, settings: WalletSettings) -> bool:
    """Rebuild days, tags and rollups if a setting that shapes them has changed; return whether it had.

    Raises: ExportError, if the default card has changed and grants or balances may have the former one, or the time zone and
    days are closed.
    """
    tolerance = str(settings.grain_tolerance_percent.normalize())
    shaping = [settings.time_zone, settings.default_card, settings.department_tags, settings.use_case_tags, tolerance]
    shape = json.dumps([*shaping, *([settings.transaction_types] if settings.transaction_types else [])])
    stored = warehouse.execute("SELECT value FROM warehouse_settings WHERE name = $name", {"name": SHAPED_BY})
    if stored == [(shape,)]:
        return False
    if stored:
        _require_zone(warehouse, json.loads(stored[0][0])[0], settings.time_zone)
        _require_card(warehouse, json.loads(stored[0][0])[1].replace(" ", ""), settings.default_card)
    with warehouse.spool() as spool, warehouse.writing() as session:
        spell_cards(session, settings)
        if stored:
            _reshape(session, settings, spool)
        session.execute("DELETE FROM warehouse_settings")
        session.execute("INSERT INTO warehouse_settings VALUES ($name, $value)", {"name": SHAPED_BY, "value": shape})
        session.execute("INSERT INTO warehouse_settings VALUES ('time_zone', $zone)", {"zone": settings.time_zone})
    return bool(stored)


def _require_zone(warehouse: Warehouse, former: str, wanted: str) -> None:
    """Refuse another time zone if days were closed, or summed by a source's engine, in the former one."""
    if former != wanted and warehouse.execute("SELECT count(*) FROM closed_days")[0][0]:
        raise ExportError(
            f"time_zone is {wanted}, but it was {former} when old events were folded into sums (retention.events), whose days "
            f"cannot be cut again. Set it back to {former}, or import all exports into a new warehouse."
        )
    sources = warehouse.execute("SELECT import_id, name FROM source_tables ORDER BY import_id")
    if former != wanted and sources:
        named, numbers = " and ".join(name for _, name in sources), " ".join(str(number) for number, _ in sources)
        raise ExportError(
            f"time_zone is {wanted}, but it was {former} when days of source {named} were added up. Set it back to {former},"
            f" take the source back (agentcost import --undo {numbers}), change time_zone again,"
            " and import the source anew."
        )


def _require_card(warehouse: Warehouse, former: str, wanted: str) -> None:
    """Refuse another default card if rows hold the former one: it is no longer known which of them named it."""
    if former == wanted.replace(" ", ""):
        return
    held = "SELECT card FROM entitlements UNION ALL SELECT card FROM balance_snapshots"
    if warehouse.execute(f"SELECT count(*) FROM ({held}) WHERE card = $card", {"card": former})[0][0]:
        raise ExportError(
            f"wallet.default_card is {wanted}, but it was {former} when grants or balances were imported, and those that name no "
            f"card stay with {former}. Set it back to {former}, or import all exports into a new warehouse."
        )


def _reshape(session: Session, settings: WalletSettings, spool: Path) -> None:
    for table in (table.name for table in EXPORT_TABLES if table.is_day_local):
        for rows in (table, f"superseded_{table}"):
            session.execute(f"UPDATE {rows} SET day = {derive_columns(table, settings)['day']}")
    texts = [row[0] for row in session.execute("SELECT tags FROM tag_sets ORDER BY tags")]
    session.execute("DELETE FROM tag_sets")
    _store_tags(session, texts, settings, spool)
    for table in ("usage_rollup", "user_rollup", "grain_days", "grain_gaps", "repeated_rows"):
        session.execute(f"DELETE FROM {table}")
    spell_cards(session, settings)
    recount_grants(session, settings)
    touch_every_day(session)
    roll_up_touched_days(session, settings)
    roll_up_interactions(session)
    require_checks(session)
