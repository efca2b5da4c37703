"""One warehouse, opened once for several users."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from core.errors import InputError
from core.warehouse.database import open_warehouse, schema_number
from core.warehouse.shared import SharedWarehouse

if TYPE_CHECKING:
    from pathlib import Path


def test_several_have_it_open_at_once(tmp_path: Path) -> None:
    """Four threads inside at the same moment all read the warehouse."""
    shared, inside = SharedWarehouse(partial(open_warehouse, tmp_path / "w.duckdb")), Barrier(4, timeout=20)

    def read(_: int) -> bool:
        with shared.open() as warehouse:
            inside.wait()
            return schema_number(warehouse) > 0

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(read, range(4)))


def test_file_is_free_between_uses(tmp_path: Path) -> None:
    """After the last user has left, the file can be opened by itself, and shared again."""
    file = tmp_path / "w.duckdb"
    shared = SharedWarehouse(partial(open_warehouse, file))
    with shared.open(), shared.open():
        pass
    with open_warehouse(file) as alone:
        numbers = [schema_number(alone)]
    with shared.open() as warehouse:
        assert [schema_number(warehouse)] == numbers


def test_one_that_cannot_be_opened_is_tried_again(tmp_path: Path) -> None:
    """A failure to open is reported to the caller, and the next attempt may succeed."""
    file = tmp_path / "w.duckdb"
    shared = SharedWarehouse(partial(open_warehouse, file))
    file.mkdir()
    with pytest.raises(InputError), shared.open():
        pass
    file.rmdir()
    with shared.open() as warehouse:
        assert warehouse.path == file.resolve()
