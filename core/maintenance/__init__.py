"""Backups of the warehouse, and how they are restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.maintenance.backup import ONE_BACKUP_AT_A_TIME, back_up, restore
    from core.maintenance.backup_place import add_backup, backup_before, bucket_problems, fetch_backup, newest_backup
    from core.maintenance.condition import Condition, measure_conditions
    from core.maintenance.forget import forget_user, kept_exports
    from core.maintenance.migration import migrate_warehouse
    from core.maintenance.replay import restore_until
    from core.maintenance.retention import Retained, apply_retention, first_open_day
    from core.maintenance.sheet_tokens import find_sheet_tokens
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "backup": "ONE_BACKUP_AT_A_TIME back_up restore",
            "backup_place": "add_backup backup_before bucket_problems fetch_backup newest_backup",
            "condition": "Condition measure_conditions",
            "migration": "migrate_warehouse",
            "replay": "restore_until",
            "retention": "Retained apply_retention first_open_day",
            "forget": "forget_user kept_exports",
            "sheet_tokens": "find_sheet_tokens",
        },
    )

__all__ = [
    "ONE_BACKUP_AT_A_TIME",
    "Condition",
    "Retained",
    "add_backup",
    "apply_retention",
    "back_up",
    "backup_before",
    "bucket_problems",
    "fetch_backup",
    "find_sheet_tokens",
    "first_open_day",
    "forget_user",
    "kept_exports",
    "measure_conditions",
    "migrate_warehouse",
    "newest_backup",
    "restore",
    "restore_until",
]
