"""Where a warehouse is: a file, or a PostgreSQL database of its own that several machines share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

SCHEMES = ("postgresql://", "postgres://")
PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):\S*@|(?<=password=)[^&\s]+")
PLACE = re.compile(r"[a-z]+://(?:[^@/]*@)?(?P<host>[^/?]*)(?:/(?P<database>[^?]*))?")
UNFIT_FOR_A_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """A database of PostgreSQL, as libpq writes addresses: postgresql://user:password@host:port/database?option=value."""

    url: str

    def __str__(self) -> str:
        """Return the address without its password."""
        return hide_password(self.url)

    @property
    def local_name(self) -> str:
        """The name of what this machine keeps beside the database: spool, kept exports."""
        found = PLACE.match(self.url)
        said = f"{found['database'] or 'default'}.{found['host'] or 'local'}" if found else "default"
        return f"{UNFIT_FOR_A_NAME.sub('-', said)}.postgresql"


def hide_password(text: str) -> str:
    """Return a text in which no address shows its password."""
    return PASSWORD.sub(lambda found: f"{found[1]}:***@" if found[1] is not None else "***", text)


def read_address(said: str) -> Path | PostgresAddress:
    """Return the file or the database that somebody named."""
    return PostgresAddress(said) if said.startswith(SCHEMES) else Path(said)
