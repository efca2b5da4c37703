# ruff: noqa: S608 -- names of tables and columns are ours
"""Ids of Salesforce records in one form: reports write 15 characters, APIs 18, whose first 15 are the same.

Source: Salesforce's help, "What are the 15- and 18-character ids"; ids of orgs begin with 00D, those of users with 005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.wallet.deliveries import STAGE, STAGED_ROWS
from core.wallet.export_tables import EXPORT_TABLES

if TYPE_CHECKING:
    from core.warehouse import Session

SHORT = "00[D5][0-9A-Za-z]{12}"
LONG = f"{SHORT}[0-9A-Za-z]{{3}}"
COLUMNS = {table.name: table.record_ids for table in EXPORT_TABLES if table.record_ids}


def lengthen_ids(session: Session, table: str) -> bool:
    """Give orgs and users of staged and stored rows the longer id if both forms are known.

    Return whether stored rows changed. The order of imports makes no difference.
    """
    changed = [_lengthen(session, table, column, name) for column, name in COLUMNS.get(table, {}).items()]
    return any(changed)


def record_long_ids(session: Session, table: str, import_id: int) -> None:
    """Record which ids the import delivers in the longer form, which is dropped with the last such import (`shorten_ids`)."""
    for column in COLUMNS.get(table, {}):
        _find_staged_ids(session, column)
        session.execute(
            f"INSERT INTO long_ids SELECT $import_id, id FROM staged_ids WHERE regexp_full_match(id, '{LONG}')"
            " EXCEPT SELECT import_id, record_id FROM long_ids",
            {"import_id": import_id},
        )


def _find_staged_ids(session: Session, column: str) -> None:
    """Fill the temporary table `staged_ids` with the good rows' values of a column, each value once.

    A table, so that patterns are checked once per value, not per row.
    """
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE staged_ids AS SELECT DISTINCT {column} AS id FROM {STAGE}"
        f" WHERE fault IS NULL AND {column} IS NOT NULL"
    )


def _lengthen(session: Session, table: str, column: str, name: str) -> bool:
    rollup = "user_rollup" if name == "user_id" else "usage_rollup"
    _find_staged_ids(session, column)
    staged = {id_ for (id_,) in session.execute(f"SELECT id FROM staged_ids WHERE regexp_full_match(id, '{SHORT}|{LONG}')")}
    if not staged:
        return False
    stored = {
        found[0]
        for found in session.execute(
            f"SELECT DISTINCT {name} FROM {rollup} WHERE regexp_full_match({name}, '{SHORT}|{LONG}')"
            f" UNION SELECT record_id FROM long_ids UNION SELECT {column} FROM superseded_{table}"
            f" WHERE regexp_full_match({column}, '{SHORT}|{LONG}')"
        )
    }
    known = {*stored, *staged}
    longer = {id_[:15]: id_ for id_ in sorted(known) if len(id_) == 18}  # noqa: PLR2004
    wanted = {id_: longer[id_] for id_ in known if id_ in longer}
    for short, long in sorted(wanted.items()):
        session.execute(f"UPDATE {STAGED_ROWS} SET {column} = $long WHERE {column} = $short", {"long": long, "short": short})
        if short in stored:
            for rows in _tables(table):
                session.execute(f"UPDATE {rows} SET {column} = $long WHERE {column} = $short", {"long": long, "short": short})
    return any(short in stored for short in wanted)


def _tables(table: str) -> tuple[str, ...]:
    """Return the tables that may have rows of a wallet table."""
    return (table, f"superseded_{table}", *(("folded_events",) if table == "usage_events" else ()))


def shorten_ids(session: Session) -> bool:
    """Restore the shorter id of orgs and users whose longer one only imports in the temporary table `leaving` delivered.

    Return whether there are any.
    """
    gone = (
        "SELECT record_id FROM long_ids WHERE import_id IN (SELECT import_id FROM leaving)"
        " EXCEPT SELECT record_id FROM long_ids WHERE import_id NOT IN (SELECT import_id FROM leaving)"
    )
    is_any = bool(session.value(f"SELECT count(*) FROM ({gone})"))
    for table, columns in COLUMNS.items() if is_any else ():
        for column in columns:
            for rows in _tables(table):
                session.execute(f"UPDATE {rows} SET {column} = substr({column}, 1, 15) WHERE {column} IN ({gone})")
    session.execute("DELETE FROM long_ids WHERE import_id IN (SELECT import_id FROM leaving)")
    return is_any
