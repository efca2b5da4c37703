"""How many requests each caller has left, counted for all services on a database together."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from core.warehouse.own_connection import OwnConnection

if TYPE_CHECKING:
    from core.warehouse.address import PostgresAddress

PREPARE = """
    CREATE TABLE IF NOT EXISTS agentcost_callers (
        caller text PRIMARY KEY, requests_left numeric NOT NULL, seen_at timestamptz NOT NULL DEFAULT now()
    )
"""
# A minute's worth at once, refilled evenly; a request that finds less than one takes none.
TAKE = """
    WITH before AS (
        SELECT least(%(most)s, requests_left + extract(epoch FROM now() - seen_at) * %(most)s / 60) AS requests_left
        FROM agentcost_callers WHERE caller = %(caller)s FOR UPDATE
    ),
    found AS (SELECT coalesce((SELECT requests_left FROM before), %(most)s) AS requests_left)
    INSERT INTO agentcost_callers (caller, requests_left)
    SELECT %(caller)s, requests_left - CASE WHEN requests_left >= 1 THEN 1 ELSE 0 END FROM found
    ON CONFLICT (caller) DO UPDATE SET requests_left = excluded.requests_left, seen_at = now()
    RETURNING (SELECT CASE WHEN requests_left >= 1 THEN 0 ELSE (1 - requests_left) * 60 / %(most)s END FROM found)
"""
PRUNE = "DELETE FROM agentcost_callers WHERE seen_at < now() - interval '1 hour'"
PRUNE_EVERY = 10_000


class SharedLimits:
    """The requests that callers have left; safe to share between threads."""

    def __init__(self, address: PostgresAddress) -> None:
        """Connect with the first request."""
        self._own, self._taken = OwnConnection(address, PREPARE), 0

    def wait_seconds(self, caller: str, per_minute: int) -> float:
        """Take a request and return 0, or take none and return the seconds until there is one again. Raises: MachineError."""
        with self._own.use() as connection:
            self._taken += 1
            if self._taken % PRUNE_EVERY == 0:
                connection.execute(PRUNE)
            row = connection.execute(TAKE, {"caller": _name(caller), "most": per_minute}).fetchone()
        return float(row[0]) if row else 0.0

    def close(self) -> None:
        """Disconnect."""
        self._own.close()


def _name(caller: str) -> str:
    """Return an anonymous name."""
    return hashlib.sha256(caller.encode()).hexdigest()
