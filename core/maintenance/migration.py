"""A warehouse moved between a file and PostgreSQL, with what belongs to it on this machine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from core.alerts import mark_for_recheck
from core.maintenance.sheet_tokens import move_sheet_tokens
from core.wallet.deliveries import exports_folder
from core.warehouse import copy_warehouse, local_path

if TYPE_CHECKING:
    from pathlib import Path

    from core.warehouse import Copied, PostgresAddress


def migrate_warehouse(source: Path | PostgresAddress, target: Path | PostgresAddress) -> Copied:
    """Copy a warehouse into an empty one, with its tokens and the exports that are kept; see `copy_warehouse`.

    The places of messages that wait are asked before anything is sent from the new one: the old one may send them meanwhile.
    """
    copied = copy_warehouse(source, target, mark_for_recheck)
    move_sheet_tokens(source, target)
    kept = exports_folder(local_path(source))
    if kept.is_dir():
        shutil.copytree(kept, exports_folder(local_path(target)), dirs_exist_ok=True)
    return copied
