"""What one of several services on a database has claimed, so that no other does it as well.

A key is claimed by an advisory lock and a row. The lock ends with the connection, however the process ends; the row stays, so
that the next claimant knows that somebody had started. A settled key is never claimed again. An owed answer is inherited if its
process is gone.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from core.errors import MachineError
from core.warehouse.own_connection import OwnConnection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

    from core.warehouse.address import PostgresAddress

Taken = Literal["first", "again", "busy", "done"]

PRUNE_SECONDS = 3_600.0
PREPARE = """
    CREATE TABLE IF NOT EXISTS agentcost_heard (
        key text PRIMARY KEY, heard_at timestamptz NOT NULL DEFAULT now(), is_done boolean NOT NULL DEFAULT false, owed text
    );
    CREATE INDEX IF NOT EXISTS agentcost_owed ON agentcost_heard (heard_at) WHERE owed IS NOT NULL
"""
OWED = "SELECT owed FROM agentcost_heard WHERE key = %s"
ALL_OWED = """
    SELECT key FROM agentcost_heard WHERE owed IS NOT NULL AND heard_at > now() - interval '30 minutes' ORDER BY heard_at LIMIT 20
"""
UNLOCK = "SELECT pg_advisory_unlock(number) FROM unnest(%s::bigint[]) AS number"
PRUNE = "DELETE FROM agentcost_heard WHERE heard_at < now() - interval '1 day'"


class Claims:
    """This process's claims; safe to share between threads. Every method raises MachineError without the database."""

    def __init__(self, address: PostgresAddress) -> None:
        """Connect with the first key."""
        self._own = OwnConnection(address, PREPARE)
        self._held = set[str]()
        self._holding: psycopg.Connection | None = None
        self._pruned_at = 0.0

    def take(self, key: str) -> Taken:
        """Claim a key.

        first: nobody had it. again: a process that is gone had it. busy: somebody has it now. done: it is settled.
        """
        with self._use() as connection:
            if key in self._held:
                return "busy"
            if time.monotonic() > self._pruned_at + PRUNE_SECONDS:
                connection.execute(PRUNE)
                self._pruned_at = time.monotonic()
            if not _value(connection, "SELECT pg_try_advisory_lock(%s)", _number(key)):
                return "done" if _is_done(connection, key) else "busy"
            is_new = _value(
                connection, "INSERT INTO agentcost_heard (key) VALUES (%s) ON CONFLICT DO NOTHING RETURNING true", key
            )
            if not is_new and _is_done(connection, key):
                connection.execute(UNLOCK, ([_number(key)],))
                return "done"
            self._held.add(key)
            return "first" if is_new else "again"

    def settle(self, keys: Sequence[str]) -> None:
        """Mark a claim as done."""
        self._let_go(keys, "UPDATE agentcost_heard SET is_done = true, owed = NULL WHERE key = ANY(%s)")

    def give_back(self, keys: Sequence[str]) -> None:
        """Drop a claim: the next claimant is the first."""
        self._let_go(keys, "DELETE FROM agentcost_heard WHERE key = ANY(%s)")

    def owe(self, key: str, told: str | None) -> None:
        """Leave a claim to another process, should this one die. told: what that one must know; None: it must not do it.

        Raises: MachineError also where another process has it already, because this one was cut off meanwhile.
        """
        with self._use() as connection:
            if key not in self._held:
                raise MachineError("Another replica has taken over what this one had begun.")
            connection.execute("UPDATE agentcost_heard SET owed = %s WHERE key = %s", (told, key))

    def inherit(self) -> dict[str, str]:
        """Claim what a process that is gone owed, and return what it left, by key."""
        taken: dict[str, str] = {}
        with self._use() as connection:
            for (key,) in connection.execute(ALL_OWED).fetchall():
                if key in self._held or not _value(connection, "SELECT pg_try_advisory_lock(%s)", _number(key)):
                    continue
                if told := _value(connection, OWED, key):  # otherwise it was settled since
                    self._held.add(key)
                    taken[key] = str(told)
                else:
                    connection.execute(UNLOCK, ([_number(key)],))
        return taken

    def close(self) -> None:
        """Disconnect; open claims then count as started by a process that is gone."""
        self._own.close()

    @contextmanager
    def _use(self) -> Iterator[psycopg.Connection]:
        """Give the connection; on a new one claim again what another process has not claimed meanwhile."""
        with self._own.use() as connection:
            if connection is not self._holding:
                self._held = {key for key in self._held if _claim_again(connection, key)}
                self._holding = connection
            yield connection

    def _let_go(self, keys: Sequence[str], how: str) -> None:
        try:
            with self._use() as connection:
                connection.execute(how, (list(keys),))
                connection.execute(UNLOCK, ([*map(_number, keys)],))
        finally:
            self._held.difference_update(keys)


def _value(connection: psycopg.Connection, text: str, parameter: str | int) -> object:
    row = connection.execute(text, (parameter,)).fetchone()
    return row[0] if row else None


def _claim_again(connection: psycopg.Connection, key: str) -> bool:
    if not _value(connection, "SELECT pg_try_advisory_lock(%s)", _number(key)):
        return False
    if _is_done(connection, key):
        connection.execute(UNLOCK, ([_number(key)],))
        return False
    return True


def _is_done(connection: psycopg.Connection, key: str) -> bool:
    return bool(_value(connection, "SELECT is_done FROM agentcost_heard WHERE key = %s", key))


def _number(key: str) -> int:
    """Return the number of a key's lock: 64 bits of its hash."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)
