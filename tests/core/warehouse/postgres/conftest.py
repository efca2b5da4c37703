"""One PostgreSQL for all of these tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.postgres import Cluster, run_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A server of PostgreSQL on this machine."""
    with run_cluster() as running:
        yield running
