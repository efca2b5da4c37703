# ruff: noqa: S608 - names of tables and columns are the warehouse's own; values are bound
"""Forgetting people: a stable pseudonym replaces their id wherever it occurs, also in later imports.

The warehouse does not keep their ids, only a keyed fingerprint that recognises an id if it is imported again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from core.records import NamedTuple
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.warehouse import Session

PREFIX, DIGITS = "user-", 12
TOKEN = re.compile(r"[\w.@+-]+")
SALESFORCE_ID = re.compile(r"[A-Za-z0-9]{15}")
SUFFIX_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
KEPT_AS_THEY_ARE = frozenset({"forgotten_users", "pseudonym_secret", "schema_migrations", "warehouse_settings"})
AUDIT = "audit"


class Replaced(NamedTuple):
    """The number of rows in a table in which an id was replaced."""

    table: str
    rows: int


class Pseudonyms:
    """The fingerprints of a warehouse, and its secret."""

    def __init__(self, session: Session) -> None:
        """Read who is forgotten; create the secret if there is none yet."""
        self._session = session
        self._known: dict[str, str] = {row.fingerprint: row.pseudonym for row in session.rows(queries.ForgottenUsersRow)}
        self._secret = str(session.value("SELECT secret FROM pseudonym_secret") or "")

    @property
    def is_empty(self) -> bool:
        """Whether nobody is forgotten."""
        return not self._known

    def add(self, user_id: str, now: datetime) -> str:
        """Forget an id from now on, and return its pseudonym."""
        self._require_secret()
        fingerprint = self._fingerprint(user_id)
        if fingerprint not in self._known:
            self._known[fingerprint] = f"{PREFIX}{fingerprint[:DIGITS]}"
            values: dict[str, str | datetime] = {"fingerprint": fingerprint, "pseudonym": self._known[fingerprint], "now": now}
            self._session.execute("INSERT INTO forgotten_users VALUES ($fingerprint, $pseudonym, $now)", {**values})
        return self._known[fingerprint]

    def made_of(self, user_id: str) -> str:
        """Return the pseudonym that an id has or would have, without forgetting anybody."""
        self._require_secret()
        return f"{PREFIX}{self._fingerprint(user_id)[:DIGITS]}"

    def _require_secret(self) -> None:
        if not self._secret:
            self._secret = secrets.token_hex(32)
            self._session.execute("INSERT INTO pseudonym_secret VALUES ($secret)", {"secret": self._secret})

    def of(self, user_id: str) -> str | None:
        """Return the pseudonym of an id; None if it is not forgotten."""
        return self._known.get(self._fingerprint(user_id)) if self._known else None

    def clean(self, text: str) -> str:
        """Return a text with every forgotten id replaced by its pseudonym."""
        if self.is_empty:
            return text
        return TOKEN.sub(self._put, text)

    def _put(self, found: re.Match[str]) -> str:
        token: str = found[0]
        bare = token.strip(".-+")
        pseudonym = self.of(token)
        if pseudonym is None and bare != token and (of_bare := self.of(bare)):
            return token.replace(bare, of_bare)
        return pseudonym or token

    def clean_table(self, table: str) -> None:
        """Put pseudonyms into the columns of a table that may name people: user_id, and values without a column of their own."""
        if self.is_empty:
            return
        for column in ("user_id", "other"):
            if column not in _columns(self._session, table):
                continue
            texts = [row[0] for row in self._session.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")]
            for text in sorted(texts):
                if (cleaned := self.clean(text)) != text:
                    values = {"before": text, "after": cleaned}
                    self._session.execute(f"UPDATE {table} SET {column} = $after WHERE {column} = $before", values)

    def _fingerprint(self, user_id: str) -> str:
        return hmac.new(self._secret.encode(), forms_of(user_id)[0].encode(), hashlib.sha256).hexdigest()


def forms_of(user_id: str) -> tuple[str, ...]:
    """Return the forms of an id, shortest first: Salesforce ids have 15 or 18 characters.

    Source: Salesforce, "Difference between 15-digit and 18-digit IDs": one extra character per five says which are capitals.
    """
    short = user_id[:15]
    if not SALESFORCE_ID.fullmatch(short):
        return (user_id,)
    if len(user_id) == len(short):
        return short, short + _suffix(short)
    return (short, user_id) if user_id[15:].upper() == _suffix(short) else (user_id,)


def _suffix(short: str) -> str:
    parts = (short[:5], short[5:10], short[10:])
    return "".join(SUFFIX_DIGITS[sum(1 << place for place, sign in enumerate(part) if sign.isupper())] for part in parts)


def replace_everywhere(session: Session, user_id: str, pseudonym: str) -> Iterator[Replaced]:
    """Replace an id by a pseudonym in every text of every table, and yield where it occurred.

    Audit entries keep their place in the chain, and say that a name was redacted.
    """
    for table in _tables(session):
        rows = 0
        columns = [name for name, kind in _columns(session, table).items() if kind in {"VARCHAR", "JSON"}]
        for form in reversed(forms_of(user_id)):
            pattern, put = rf"(^|[^\w.@+-]){re.escape(form)}([^\w.@+-]|\.\W|\.$|$)", rf"\1{pseudonym}\2"
            values = {"form": form, "pattern": pattern, "put": put}
            for column in columns:
                if column in {"digest", "hash"} and table == AUDIT:
                    continue
                redacted = ", is_redacted = true" if table == AUDIT else ""
                replaced = f"regexp_replace(regexp_replace({column}, $pattern, $put, 'g'), $pattern, $put, 'g')"
                where = f"contains({column}, $form) AND regexp_matches({column}, $pattern)"
                found = session.execute(f"SELECT count(*) FROM {table} WHERE {where}", {"form": form, "pattern": pattern})[0][0]
                if found:
                    session.execute(f"UPDATE {table} SET {column} = {replaced}{redacted} WHERE {where}", values)
                    rows += found
        if rows:
            yield Replaced(table, rows)
    _merge_user_rollup(session, pseudonym)


def _merge_user_rollup(session: Session, pseudonym: str) -> None:
    """Merge the rollups of one id in two forms."""
    columns = [name for name in _columns(session, "user_rollup") if name not in {"row_count", "actions", "credits"}]
    by = ", ".join(columns)
    session.execute(
        f"CREATE OR REPLACE TEMP TABLE merged_users AS SELECT {by}, sum(row_count) AS row_count, sum(actions) AS actions,"
        f" sum(credits) AS credits FROM user_rollup WHERE user_id = $pseudonym GROUP BY {by}",
        {"pseudonym": pseudonym},
    )
    session.execute("DELETE FROM user_rollup WHERE user_id = $pseudonym", {"pseudonym": pseudonym})
    session.execute(f"INSERT INTO user_rollup ({by}, row_count, actions, credits) SELECT * FROM merged_users")


def _tables(session: Session) -> list[str]:
    return [name for name in session.tables() if name not in KEPT_AS_THEY_ARE]


def _columns(session: Session, table: str) -> dict[str, str]:
    found = session.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table ORDER BY column_index", {"table": table}
    )
    return dict(found)
