"""Locks of PostgreSQL that outlive a transaction: who brings files in, so that nobody decides in between what is news.

A lock is held by a connection of its own, and is gone with it, however the process ends.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from core.errors import MachineError, end_sentence
from core.warehouse.address import hide_password, with_timeouts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.warehouse.address import PostgresAddress

IMPORTING = 0x61637_001
"""A number of our own among the advisory locks of the database."""


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
    try:
        connection = psycopg.connect(with_timeouts(address), autocommit=True)
    except psycopg.Error as trouble:
        said = hide_password(str(trouble)).strip().splitlines()[0]
        raise MachineError(
            f"{address} cannot be reached: {end_sentence(said)} See that PostgreSQL runs; then do it again."
        ) from None
    try:
        yield connection
    finally:
        connection.close()
