"""The spool on a failing disk: a sentence that names the place instead of a traceback; other errors pass unchanged."""

import errno
from pathlib import Path

import pytest

from core.errors import MachineError
from core.warehouse import Warehouse, open_warehouse


def fill(warehouse: Warehouse, trouble: OSError) -> None:
    """Fail while the spool is in use."""
    with warehouse.spool() as folder:
        (folder / "rows").write_text("rows", encoding="utf-8")
        raise trouble


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_refuses_is_said(tmp_path: Path, number: int) -> None:
    """The folder and the reason are named, and nothing is left in it."""
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        with pytest.raises(MachineError, match=r"w\.duckdb\.spool cannot be written"):
            fill(warehouse, OSError(number, "refused"))
        assert list((tmp_path / "w.duckdb.spool").iterdir()) == []


def test_a_reader_that_has_gone_is_none_of_the_disks(tmp_path: Path) -> None:
    """A broken pipe stays a broken pipe."""
    with open_warehouse(tmp_path / "w.duckdb") as warehouse, pytest.raises(BrokenPipeError):
        fill(warehouse, BrokenPipeError(errno.EPIPE, "gone"))
