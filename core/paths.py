"""Paths with a special meaning, and the location of disposable files: the user's cache directory."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

STANDARD_INPUT = "-"  # the path that stands for standard input among a command's files
OWNER_ONLY = 0o600  # the mode of files that nobody else on the machine may read


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's bytes. `shutil.copyfile` hands them to sendfile, which took four times as long and more on Linux and ext4."""
    with source.open("rb") as read, target.open("wb") as written:
        while chunk := read.read(1024 * 1024):
            written.write(chunk)


def cache_file(name: str) -> Path | None:
    """Return a path in the user's cache, after creating its directory; None if it is not writable."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "agentcost"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return root / name if os.access(root, os.W_OK) else None


def cached_json(name: str, made_from: Any, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the result of `make`, from the cache if it was made from the same input before.

    name: the file's name; must change with the format of its content. made_from: everything that the result depends on, as JSON;
    it is stored with the result and compared, so that neither a clock nor a hash decides.
    """
    kept = cache_file(name)
    if kept is None:
        return make()
    try:
        stored = json.loads(kept.read_text(encoding="utf-8"))
        if stored["made_from"] == made_from:
            return stored["made"]
    except (OSError, ValueError, KeyError, TypeError):
        pass  # missing or truncated: it is made again
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
