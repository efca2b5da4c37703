"""Regular expressions, compiled on first use: a start that does not need one does not pay for it."""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled once per process. Flags are inline, such as (?i)."""
    return re.compile(pattern)
