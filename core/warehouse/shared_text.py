"""A small text that all services on a database share, such as the tokens of spreadsheets."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from core.kept_text import FileText
from core.warehouse.own_connection import OwnConnection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import psycopg

    from core.warehouse.address import PostgresAddress

PREPARE = "CREATE TABLE IF NOT EXISTS agentcost_texts (name text PRIMARY KEY, content text NOT NULL)"
READ = "SELECT content FROM agentcost_texts WHERE name = %s"
TAKE_OVER = "INSERT INTO agentcost_texts (name, content) VALUES (%s, %s) ON CONFLICT DO NOTHING"
KEEP = "INSERT INTO agentcost_texts (name, content) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET content = excluded.content"
LOCK = "LOCK TABLE agentcost_texts IN SHARE ROW EXCLUSIVE MODE"
FRESH_SECONDS = 1.0


class SharedText:
    """A text in the database; safe to share between threads. Each method raises MachineError without the database."""

    may_block = True

    def __init__(self, address: PostgresAddress, name: str, before: Path) -> None:
        """Connect with the first look. before: the file of this machine whose text is taken over if the database has none."""
        self._address, self._name, self._before = address, name, FileText(before)
        self._own, self._guard = OwnConnection(address, PREPARE), threading.Lock()
        self._text: str | None = None
        self._read_at = float("-inf")

    def __str__(self) -> str:
        """Return the database's address, without its password."""
        return str(self._address)

    def read(self) -> str | None:
        """Return the text as it was within the last second; None if there is none."""
        with self._guard:
            if time.monotonic() > self._read_at + FRESH_SECONDS:
                with self._own.use() as connection:
                    self._remember(self._find(connection))
            return self._text

    def change(self, make: Callable[[str | None], str]) -> str:
        """Put what `make` returns in the text's place, and return it; no other service changes the text meanwhile."""
        with self._guard, self._own.use() as connection, connection.transaction():
            connection.execute(LOCK)
            text = make(self._find(connection))
            connection.execute(KEEP, (self._name, text))
            self._read_at = float("-inf")
            return text

    def close(self) -> None:
        """Disconnect."""
        self._own.close()

    def _find(self, connection: psycopg.Connection) -> str | None:
        row = connection.execute(READ, (self._name,)).fetchone()
        if row is None and (earlier := self._before.read()):
            connection.execute(TAKE_OVER, (self._name, earlier))
            row = connection.execute(READ, (self._name,)).fetchone()
        return str(row[0]) if row else None

    def _remember(self, text: str | None) -> None:
        if text != self._text:  # the same object, so that whoever has read it need not read it again
            self._text = text
        self._read_at = time.monotonic()
