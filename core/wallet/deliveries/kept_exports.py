"""The exports themselves, kept beside the warehouse so that they can be read again with other settings or a newer version."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from core.paths import copy_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_KEPT_BYTES = 2 * 1024**3


def exports_folder(warehouse: Path) -> Path:
    """Return the folder beside a warehouse file that holds the exports, each by the SHA-256 of its bytes."""
    return warehouse.with_name(f"{warehouse.name}.exports")


def keep_export(warehouse: Path, source: Path, sha256: str) -> None:
    """Keep a copy of an export, unless it is already kept or larger than the limit; on a disk error none is kept.

    It is a copy, not a link: an export overwritten in place is a different one.
    """
    target = exports_folder(warehouse) / sha256
    unfinished = target.with_name(f"{sha256}.{os.getpid()}.unfinished")
    try:
        if target.exists() or source.stat().st_size > MAX_KEPT_BYTES:
            return
        target.parent.mkdir(exist_ok=True)
        copy_file(source, unfinished)
        unfinished.replace(target)
    except OSError:
        unfinished.unlink(missing_ok=True)


def kept_export(warehouse: Path, sha256: str) -> Path | None:
    """Return where an export is kept; None if it is not."""
    path = exports_folder(warehouse) / sha256
    return path if path.is_file() else None


def drop_exports(warehouse: Path) -> None:
    """Drop all exports that are kept."""
    shutil.rmtree(exports_folder(warehouse), ignore_errors=True)


def prune_exports(warehouse: Path, wanted: Sequence[str]) -> None:
    """Drop the kept exports of removed imports, and the oldest ones if all together exceed the limit.

    wanted: SHA-256s, newest first.
    """
    folder = exports_folder(warehouse)
    if not folder.is_dir():
        return
    room = MAX_KEPT_BYTES
    for sha256 in dict.fromkeys(wanted):
        path = folder / sha256
        size = path.stat().st_size if path.is_file() else 0
        room -= size
        if room < 0:
            path.unlink(missing_ok=True)
    known = {*wanted}
    for path in folder.iterdir():
        if path.name.partition(".")[0] not in known or path.name.endswith(".unfinished"):
            path.unlink(missing_ok=True)
