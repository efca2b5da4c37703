"""Work in a process of its own, which a harness may kill; the harness itself never opens the warehouse."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def in_child(work: Callable[[], int]) -> int:
    """Run the work in a forked process, which exits with what it returns; give the process's id."""
    child = os.fork()
    if child:
        return child
    status = 99
    try:
        status = work()
    finally:
        os._exit(status)


def status_of(child: int) -> int:
    """Wait for a process and return its exit status; negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
