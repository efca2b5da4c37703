"""Where agentcost keeps what it may lose: the user's own cache directory."""

from __future__ import annotations

import os
from pathlib import Path

OWNER_ONLY = 0o600  # the mode of files that hold what nobody else on the machine may read


def cache_file(name: str) -> Path | None:
    """Return a path in the user's cache, its directory made; None where there is no place to write."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "agentcost"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return root / name if os.access(root, os.W_OK) else None
