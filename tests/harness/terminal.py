"""A program at a terminal of its own, at which somebody types."""

from __future__ import annotations

import os
import pty
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def at_a_terminal(command: Sequence[str], typed: str, variables: Mapping[str, str]) -> str:
    """Run a program at a terminal, type something, and return all that the terminal showed."""
    outside, inside = pty.openpty()
    with subprocess.Popen(command, stdin=inside, stdout=inside, stderr=inside, env=variables) as process:
        os.close(inside)
        os.write(outside, typed.encode())
        shown = b""
        with suppress(OSError):  # the terminal is gone once the program has ended
            while more := os.read(outside, 65_536):
                shown += more
        process.wait()
    os.close(outside)
    return shown.decode()
