"""The service takes no more memory than it needs."""

from __future__ import annotations

import platform
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

THREADS = """
import ctypes, sys, threading
from bot.service.command import share_arenas
if sys.argv[1] == "service":
    share_arenas()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
barrier = threading.Barrier(6)
def work():
    libc.malloc(5000)
    barrier.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's malloc has arenas")
@pytest.mark.parametrize(("program", "is_limited"), [("service", True), ("another", False)])
def test_threads_of_the_service_share_arenas(tmp_path: Path, program: str, is_limited: bool) -> None:  # noqa: FBT001
    """Six threads that ask for memory at once get two arenas in the service, and more than two in another program."""
    found = tmp_path / "malloc.xml"
    subprocess.run([sys.executable, "-c", THREADS, program, found], check=True)
    assert (found.read_text().count("<heap nr=") == 2) is is_limited
