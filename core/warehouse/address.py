"""Where a warehouse is: a file, or a PostgreSQL database of its own that several machines share."""

from __future__ import annotations

import re
from pathlib import Path

from core.patterns import compiled
from core.records import NamedTuple

SCHEMES = ("postgresql://", "postgres://")
HIDDEN = r"(?<=://)([^:/@\s]*):\S*@|(?<=password=)[^&\s]+"
PLACE = r"[a-z]+://(?:[^@/]*@)?(?P<host>[^/?]*)(?:/(?P<database>[^?]*))?"
UNFIT_FOR_A_NAME = r"[^\w.-]+"
# Both sides notice a cut-off machine within 15 seconds. One that stops between two statements of a write blocks others for two
# minutes at most, longer than any step there. A process that is paused while it sends rows blocks them until it goes on or ends.
TIMEOUTS = {
    "connect_timeout": "10",
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "application_name": "agentcost",
    "options": "-c%20tcp_keepalives_idle%3D5%20-c%20tcp_keepalives_interval%3D3%20-c%20tcp_keepalives_count%3D3"
    "%20-c%20tcp_user_timeout%3D15000%20-c%20idle_in_transaction_session_timeout%3D120000%20-c%20lock_timeout%3D600000",
}


class PostgresAddress(NamedTuple):
    """A database of PostgreSQL, as libpq writes addresses: postgresql://user:password@host:port/database?option=value."""

    url: str

    def __str__(self) -> str:
        """Return the address without its password."""
        return hide_password(self.url)

    def __repr__(self) -> str:
        """Return the same: what prints a value must not print the password either."""
        return f"{type(self).__name__}({str(self)!r})"

    @property
    def local_name(self) -> str:
        """The name of this machine's files beside the database: spool, kept exports."""
        found = compiled(PLACE).match(self.url)
        said = f"{found['database'] or 'default'}.{found['host'] or 'local'}" if found else "default"
        return f"{compiled(UNFIT_FOR_A_NAME).sub('-', said)}.postgresql"


def hide_password(text: str) -> str:
    """Return the text with passwords removed from addresses."""
    return compiled(HIDDEN).sub(lambda found: f"{found[1]}:***@" if found[1] is not None else "***", text)


def read_address(said: str) -> Path | PostgresAddress:
    """Return the file or the database that somebody named."""
    return PostgresAddress(said) if said.startswith(SCHEMES) else Path(said)


def with_timeouts(address: PostgresAddress) -> str:
    """Return the address for libpq, password and all, with our options where it does not say otherwise itself."""
    said = set(re.findall(r"[?&](\w+)=", address.url))
    more = "&".join(f"{name}={value}" for name, value in TIMEOUTS.items() if name not in said)
    return f"{address.url}{'&' if '?' in address.url else '?'}{more}"


def local_path(address: Path | PostgresAddress) -> Path:
    """Return a warehouse file itself; for a database, the path beside which this machine keeps its files."""
    return address.expanduser().resolve() if isinstance(address, Path) else Path("var").absolute() / address.local_name
