"""Paths with a meaning of their own, and where agentcost keeps what it may lose: the user's own cache directory."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

STANDARD_INPUT = "-"  # the path that stands for it among the files of a command
OWNER_ONLY = 0o600  # the mode of files that hold what nobody else on the machine may read


def cache_file(name: str) -> Path | None:
    """Return a path in the user's cache, its directory made; None where there is no place to write."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "agentcost"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return root / name if os.access(root, os.W_OK) else None


def cached_json(name: str, made_from: Any, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what `make` returns, from the cache where it was made from the same before.

    name: of the file; another one for another form of what it holds. made_from: all that the result depends on, as JSON holds it;
    it is kept beside the result and compared, so no clock and no hash decides.
    """
    kept = cache_file(name)
    if kept is None:
        return make()
    try:
        stored = json.loads(kept.read_text(encoding="utf-8"))
        if stored["made_from"] == made_from:
            return stored["made"]
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there yet, or cut off: it is made anew
    made = make()
    _keep(json.dumps({"made_from": made_from, "made": made}, separators=(",", ":")), kept)
    return made


def _keep(text: str, kept: Path) -> None:
    written = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        written.write_text(text, encoding="utf-8")
        written.replace(kept)
    except OSError:
        written.unlink(missing_ok=True)
