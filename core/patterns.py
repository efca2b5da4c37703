"""Regular expressions, each compiled when it is first used: a start of the program that does without it does not pay for it."""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled once for the process. Flags are written in it, as (?i)."""
    return re.compile(pattern)
