"""Bring a spreadsheet to its desired state, with the fewest changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sheets_addin.sync import report, sync
    from sheets_addin.sync.sync import SyncJob
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "sync": "SyncJob",
        },
    )

__all__ = ["SyncJob", "report", "sync"]
