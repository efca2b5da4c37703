"""Brings a spreadsheet to its desired state, with the fewest changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sheets_addin.sync import report, sync
    from sheets_addin.sync.sync import SyncJob, SyncOutcome
    from sheets_addin.sync.typed_cells import TypedInputs, take_typed_budgets
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "sync": "SyncJob SyncOutcome",
            "typed_cells": "TypedInputs take_typed_budgets",
        },
    )

__all__ = ["SyncJob", "SyncOutcome", "TypedInputs", "report", "sync", "take_typed_budgets"]
