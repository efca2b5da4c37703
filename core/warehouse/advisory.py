"""Locks of PostgreSQL that outlive a transaction: who brings files in, and which service is the one that runs.

A lock is held by a connection of its own, and is gone with it, however the process ends. The service that runs says every two
seconds that it lives. PostgreSQL ends the connection of one from which it hears nothing for twelve; that one has ended
itself by then, because it has heard nothing for eight. So no two ever run at a time, also where one is cut off or was asleep.
"""

from __future__ import annotations

import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg

from core.errors import MachineError, end_sentence
from core.warehouse.address import hide_password, with_timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from core.warehouse.address import PostgresAddress

IMPORTING, SERVING = 0x61637_001, 0x61637_002
"""Numbers of our own among the advisory locks of the database."""
LOOK_SECONDS, BEAT_SECONDS, SILENT_SECONDS, GIVEN_UP = 1.0, 2.0, 8.0, "12s"
FIND_SERVICE = """
    SELECT coalesce(host(client_addr), 'this machine'), backend_start
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = 0 AND objid = %s AND granted
    ORDER BY backend_start
"""


@contextmanager
def hold_import(address: PostgresAddress) -> Iterator[None]:
    """Say until the end of the block that files are coming in; any number may at a time. Raises: MachineError."""
    with _connect(address) as connection:
        connection.execute("SELECT pg_advisory_lock_shared(%s)", (IMPORTING,))
        yield


@contextmanager
def keep_imports_out(address: PostgresAddress) -> Iterator[bool]:
    """Give whether no files are coming in anywhere; none begin to until the end of the block then. Raises: MachineError."""
    with _connect(address) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (IMPORTING,)).fetchone()
        yield bool(row and row[0])


@contextmanager
def _connect(address: PostgresAddress) -> Iterator[psycopg.Connection]:
    with closing(_open(address)) as connection:
        yield connection


def _open(address: PostgresAddress) -> psycopg.Connection:
    try:
        return psycopg.connect(with_timeouts(address), autocommit=True)
    except psycopg.Error as trouble:
        raise _unreachable(address, trouble) from None


def _unreachable(address: PostgresAddress, trouble: psycopg.Error) -> MachineError:
    return MachineError(f"{address} cannot be reached: {end_sentence(_first_line(trouble))} See that PostgreSQL runs.")


def _first_line(trouble: psycopg.Error) -> str:
    return hide_password(str(trouble)).strip().partition("\n")[0] or type(trouble).__name__


def find_service(address: PostgresAddress) -> tuple[str, datetime] | None:
    """Return from where a service runs on the database, and since when; None where none does. Raises: MachineError."""
    with _connect(address) as connection:
        return connection.execute(FIND_SERVICE, (SERVING,)).fetchone()


@contextmanager
def hold_service(address: PostgresAddress, waits: Callable[[str], None], lost: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other service runs on the database, and be the one until the end of the block.

    waits: is told once for what, each time that changes. lost: is called in a thread as soon as this may not be the one any
    more, with why; it must end the process.
    """
    with closing(_wait_for_turn(address, waits)) as connection:
        beat = _Heartbeat(address, connection, lost)
        beat.start()
        try:
            yield
        finally:
            beat.stop()


def _wait_for_turn(address: PostgresAddress, waits: Callable[[str], None]) -> psycopg.Connection:
    """Return the connection that holds the lock, as soon as there is one; a database that does not answer is waited for."""
    told = ""
    while True:
        try:
            if connection := _take_turn(address):
                return connection
            why = f"Another service runs on {address}; this one takes over when that one ends."
        except MachineError as trouble:
            why = str(trouble)
        if why != told:
            waits(why)
            told = why
        time.sleep(LOOK_SECONDS)


def _take_turn(address: PostgresAddress) -> psycopg.Connection | None:
    connection = _open(address)
    try:
        connection.execute(f"SET idle_session_timeout = '{GIVEN_UP}'")
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (SERVING,)).fetchone()
    except psycopg.Error as trouble:
        connection.close()
        raise _unreachable(address, trouble) from None
    if row and row[0]:
        return connection
    connection.close()
    return None


class _Heartbeat:
    """Says that the service lives, and sees whether it was heard."""

    def __init__(self, address: PostgresAddress, connection: psycopg.Connection, lost: Callable[[str], None]) -> None:
        self._address, self._connection, self._lost = address, connection, lost
        self._heard, self._over = time.monotonic(), threading.Event()

    def start(self) -> None:
        """Begin. Two threads: one may wait for an answer that never comes."""
        for work in (self._beat, self._watch):
            threading.Thread(target=work, daemon=True).start()

    def stop(self) -> None:
        """Say nothing any more."""
        self._over.set()

    def _beat(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            said = time.monotonic()
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error as trouble:
                self._end(_first_line(trouble))
                return
            self._heard = said

    def _watch(self) -> None:
        while not self._over.wait(BEAT_SECONDS / 4):
            if time.monotonic() - self._heard > SILENT_SECONDS:
                self._end(f"nothing was heard of it for {SILENT_SECONDS:.0f} s")

    def _end(self, why: str) -> None:
        if not self._over.is_set():
            self._lost(f"{self._address} was lost: {end_sentence(why)} The service ends, because another may take over.")
