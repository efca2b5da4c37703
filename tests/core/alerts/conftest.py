"""Shared by these tests: an empty wallet to write into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallWallet]:
    """An empty wallet to write into."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        yield SmallWallet(warehouse, tmp_path)
