"""Backups of the warehouse, and how they are restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.maintenance.backup import back_up, restore
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "backup": "back_up restore",
        },
    )

__all__ = ["back_up", "restore"]
