"""Services on one database count a caller's requests together, and each for itself where the database cannot be asked."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING

from core.warehouse import PostgresAddress, SharedLimits
from sheets_addin.api import LimitsOfReplicas
from tests.fakes.ports import free_port

if TYPE_CHECKING:
    from tests.fakes.postgres import Cluster


def test_replicas_let_through_together_what_one_would(cluster: Cluster) -> None:
    """Of three a minute two replicas let three through; the fourth waits for a third of a minute, another caller does not."""
    address = cluster.create()
    with closing(SharedLimits(address)) as one, closing(SharedLimits(address)) as other:
        assert [replica.wait_seconds("ada", 3) for replica in (one, other, one)] == [0, 0, 0]
        assert 0 < other.wait_seconds("ada", 3) <= 60 / 3
        assert 0 < one.wait_seconds("ada", 3) <= 60 / 3
        assert other.wait_seconds("grace", 3) == 0


def test_what_is_left_fills_up_evenly_and_to_a_minute_at_most(cluster: Cluster) -> None:
    """A second at sixty a minute is one request; a night is sixty."""
    address = cluster.create()
    with closing(SharedLimits(address)) as limits, cluster.connect(address.url.rpartition("/")[2]) as database:
        while not limits.wait_seconds("ada", 60):
            pass
        database.execute("UPDATE agentcost_callers SET requests_left = 0, seen_at = now() - interval '1.5 seconds'")
        assert limits.wait_seconds("ada", 60) == 0
        database.execute("UPDATE agentcost_callers SET requests_left = 0, seen_at = now() - interval '12 hours'")
        limits.wait_seconds("ada", 60)
        assert database.execute("SELECT requests_left FROM agentcost_callers").fetchone() == (60 - 1,)


def test_without_the_database_each_counts_for_itself() -> None:
    """A database that is away neither opens the gate nor closes it."""
    away = PostgresAddress(f"postgresql://agentcost@127.0.0.1:{free_port()}/nothing")
    limits = LimitsOfReplicas(SharedLimits(away).wait_seconds)
    waits = [asyncio.run(limits.take("ada", 2)) for _ in range(3)]
    assert waits[:2] == [0, 0]
    assert waits[2] > 0
