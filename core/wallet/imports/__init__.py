"""Imports after they came: the list of them, taking one back, reading one again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.imports.listing import list_imports
    from core.wallet.imports.undo import Undone, undo_imports
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "listing": "list_imports",
            "undo": "Undone undo_imports",
        },
    )

__all__ = ["Undone", "list_imports", "undo_imports"]
