# ruff: noqa: S608 -- names of tables and columns are ours
"""Ids of Salesforce records in one form: reports write 15 signs, APIs 18, whose first 15 are the same.

Source: Salesforce's help, "What are the 15- and 18-character ids"; ids of orgs begin with 00D, those of users with 005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.warehouse import Session

SHORT = "00[D5][0-9A-Za-z]{12}"
LONG = f"{SHORT}[0-9A-Za-z]{{3}}"
COLUMNS = {
    "usage_events": {"reporting_org": "org", "entitlement_org": "paying_org", "user_id": "user_id"},
    "ai_usage": {"user_id": "user_id"},
}


def lengthen_ids(session: Session, table: str) -> bool:
    """Give orgs and users of staged and stored rows the longer form where both are known.

    Return whether stored rows changed. Which form came first makes no difference.
    """
    changed = [_lengthen(session, table, column, name) for column, name in COLUMNS.get(table, {}).items()]
    return any(changed)


def _lengthen(session: Session, table: str, column: str, name: str) -> bool:
    rollup = "user_rollup" if name == "user_id" else "usage_rollup"
    staged = f"SELECT DISTINCT {column} AS id FROM incoming WHERE fault IS NULL AND {column} IS NOT NULL"
    forms = {
        (found[0], found[1])
        for found in session.execute(
            f"SELECT DISTINCT length(id), id FROM ({staged}) WHERE regexp_full_match(id, '{SHORT}|{LONG}')"
        )
    }
    if not forms:
        return False
    stored = {
        found[0]
        for found in session.execute(f"SELECT DISTINCT {name} FROM {rollup} WHERE regexp_full_match({name}, '{SHORT}|{LONG}')")
    }
    known = {*stored, *(id_ for _, id_ in forms)}
    longer = {id_[:15]: id_ for id_ in sorted(known) if len(id_) == 18}  # noqa: PLR2004
    wanted = {id_: longer[id_] for id_ in known if id_ in longer}
    for short, long in sorted(wanted.items()):
        session.execute(f"UPDATE incoming SET {column} = $long WHERE {column} = $short", {"long": long, "short": short})
        if short in stored:
            session.execute(f"UPDATE {table} SET {column} = $long WHERE {column} = $short", {"long": long, "short": short})
    return any(short in stored for short in wanted)
